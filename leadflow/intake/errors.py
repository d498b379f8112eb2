"""What can be wrong with a hosted form."""

from leadflow.kernel.errors import NotFound


class FormNotFound(NotFound):
    title = "This form does not exist"


class FormClosed(NotFound):
    title = "This form is closed"
