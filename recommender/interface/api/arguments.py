"""Arguments of API calls as JSON brings them: one kind of number, and null where none is given."""

from typing import Any

from recommender.errors import PictureError, SettingsError


def whole(value: Any) -> Any:
    """5.0 means 5. What is no number is left for the check."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def given(text: Any) -> str | None:
    """A text that says something; None for one that is left out or blank.

    Raises:
        SettingsError: it is no text.
    """
    if text is None:
        return None
    if not isinstance(text, str):
        raise SettingsError(f"The argument text is words; got {str(text)[:80]}.")
    return text if text.strip() else None


def or_zero(value: Any) -> Any:
    """The value of an argument that is 0 where it is left out."""
    return 0 if value is None else value


def given_picture(image: bytes | str | None) -> bytes | str:
    """A picture that was sent.

    Raises:
        PictureError: there is none.
    """
    if image is None:
        raise PictureError("No picture was given. Send one as the argument image.")
    return image
