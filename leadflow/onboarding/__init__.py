"""Onboarding: how people and their organizations come in. Composes tenancy, identity, leads and intake."""

from leadflow.onboarding.commands import Join, LogIn, SignUp
from leadflow.onboarding.errors import WrongCredentials
from leadflow.onboarding.joining import invited, join, offboard
from leadflow.onboarding.service import Entered, found, log_in, sign_up

__all__ = [
    "Entered",
    "Join",
    "LogIn",
    "SignUp",
    "WrongCredentials",
    "found",
    "invited",
    "join",
    "log_in",
    "offboard",
    "sign_up",
]
