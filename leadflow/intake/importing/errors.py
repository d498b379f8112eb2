"""What can be wrong with an import as a whole."""

from leadflow.kernel.errors import Conflict, Invalid, NotFound, TooLarge, Transient


class ImportNotFound(NotFound):
    title = "This import does not exist"


class ImportNotReady(Conflict):
    title = "This import is not at that step"


class UnreadableFile(Invalid):
    """Nothing of the file can be used; says how to make one that can."""

    title = "This file cannot be read"


class FileTooLarge(TooLarge):
    title = "This file is too large"


class TakenOver(Transient):
    """Somebody else moved the import forward: what this run was about to write is there already."""

    title = "Another run of this import is ahead"
