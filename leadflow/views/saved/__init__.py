"""Saved views: a page with its filters under a name, one's own or shared, among the tabs, and opened by default."""

from leadflow.views.saved.choosing import arrange, choose_default, pin, unpin
from leadflow.views.saved.commands import ArrangePins, ChangeView, ChooseDefault, SaveView
from leadflow.views.saved.service import change, delete, forget, restore, save

__all__ = [
    "ArrangePins",
    "ChangeView",
    "ChooseDefault",
    "SaveView",
    "arrange",
    "change",
    "choose_default",
    "delete",
    "forget",
    "pin",
    "restore",
    "save",
    "unpin",
]
