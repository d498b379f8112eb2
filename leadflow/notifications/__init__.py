"""Notifications: what somebody should hear about without asking, once, and on all their screens."""

from leadflow.notifications.service import (
    mark_all_read,
    mark_read,
    mark_unread,
    mark_unread_again,
    set_preference,
    tidy,
)

__all__ = ["mark_all_read", "mark_read", "mark_unread", "mark_unread_again", "set_preference", "tidy"]
