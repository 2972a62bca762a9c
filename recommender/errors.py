"""Everything that can go wrong for a reason the user can act on.

Every message is a sentence that says what was wrong and what to do next. The page, the API and
the command line show it as it is; anything that is not a `RecommenderError` is a bug of ours.
"""


class RecommenderError(Exception):
    """Base of every error whose message is meant for the user."""


class SettingsError(RecommenderError):
    """A setting, a command-line option or an argument of the API makes no sense."""


class PictureError(RecommenderError):
    """What was sent is not a picture we can use."""


class BackboneError(RecommenderError):
    """The network or its weights cannot be had, or do not fit what they are used for."""


class DatasetError(RecommenderError):
    """The products to index cannot be read."""


class IndexFormatError(RecommenderError):
    """An index folder is missing something, is damaged, or is of a version we do not know."""


class IndexVersionError(IndexFormatError):
    """An index is of a newer format than this program reads; downloading it again will not help."""


class StorageError(RecommenderError):
    """A file cannot be kept: no room is left, or its folder cannot be written."""


class FilterError(RecommenderError):
    """A filter names an attribute or a value that the catalogue does not have."""


class UnknownItemError(RecommenderError):
    """No item of the catalogue has the id that was asked for."""


class HubError(RecommenderError):
    """The Hugging Face Hub refused, does not have what was asked for, or cannot be reached."""
