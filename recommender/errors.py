"""Errors whose messages are meant for the user.

Every message is a sentence that says what was wrong and what to do next. The page, the API and
the command line show it unchanged; any other exception is a bug of this program.
"""


class RecommenderError(Exception):
    """Base class of all errors whose message is meant for the user."""


class SettingsError(RecommenderError):
    """Invalid setting, command-line option or argument of the API."""


class PictureError(RecommenderError):
    """Input that is not a usable picture."""


class TextError(RecommenderError):
    """Text that cannot be searched with: too long, about no product, or of unknown words."""


class BackboneError(RecommenderError):
    """Network or weights that cannot be had, or do not fit their use."""


class DatasetError(RecommenderError):
    """Dataset that cannot be read or indexed."""


class IndexFormatError(RecommenderError):
    """Index folder that is incomplete, damaged, or of an unknown format version."""


class IndexVersionError(IndexFormatError):
    """Index of a newer format than this program reads; downloading it again does not help."""


class StorageError(RecommenderError):
    """Failed write: the disk is full, or its folder cannot be written."""


class FilterError(RecommenderError):
    """Filter with an attribute or a value that the catalogue does not have."""


class UnknownItemError(RecommenderError):
    """Item id that the catalogue does not have."""


class HubError(RecommenderError):
    """Failed request to the Hugging Face Hub: refused, not found, or no connection."""
