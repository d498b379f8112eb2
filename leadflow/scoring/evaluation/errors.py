"""What can be wrong with data that somebody wants to evaluate models on."""

from leadflow.kernel.errors import Invalid, NotFound


class DataNotFound(NotFound):
    """There is no such file, or nothing says what is in it."""

    title = "The data are not there"


class DataUnusable(Invalid):
    """The file and its description do not fit each other; the message names column and row."""

    title = "The data cannot be evaluated"


class ModelUnknown(NotFound):
    """No model, or no library for it, by this name."""

    title = "There is no such model"
