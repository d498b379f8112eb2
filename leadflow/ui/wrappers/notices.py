"""Notifications: the bell with its panel, and which of them somebody wants."""

from leadflow.ui.wrappers.source import Island, local


class Bell(Island):
    library = local("bell.jsx")
    tag = "Bell"


class NoticeWishes(Island):
    library = local("notice_wishes.jsx")
    tag = "NoticeWishes"
