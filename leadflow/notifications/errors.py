"""What can be wrong with a notification."""

from leadflow.kernel.errors import NotFound


class NotificationNotFound(NotFound):
    title = "This notification does not exist"
