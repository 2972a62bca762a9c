"""Arguments of API calls as JSON brings them: one kind of number, and null where none is given."""

from typing import Any

from recommender.errors import PictureError, SettingsError

_NO_PICTURE = "No picture was given. Send one as the argument image"


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
        raise PictureError(f"{_NO_PICTURE}.")
    return image


def picture_or_words(
    image: bytes | str | None, text: str | None, *, words: bool
) -> bytes | str | None:
    """The picture of a search that may be one with words alone; None where there is no picture.

    Args:
        image: as it was sent.
        text: as `given` returns it.
        words: whether the index can be searched with words.

    Raises:
        PictureError: there is neither a picture nor text.
    """
    if image is None and text is None and words:
        raise PictureError(f"{_NO_PICTURE}, or words as text.")
    return image if text is not None else given_picture(image)
