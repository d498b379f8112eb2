"""Onboarding: how people and their organizations come in. Composes tenancy, identity, leads and intake."""

from leadflow.onboarding.commands import Join, LogIn, SignUp
from leadflow.onboarding.errors import WrongCredentials
from leadflow.onboarding.inviting import count_invitation, count_renewal
from leadflow.onboarding.joining import invited, join, offboard, switch
from leadflow.onboarding.service import Entered, found, log_in, sign_up

__all__ = [
    "Entered",
    "Join",
    "LogIn",
    "SignUp",
    "WrongCredentials",
    "count_invitation",
    "count_renewal",
    "found",
    "invited",
    "join",
    "log_in",
    "offboard",
    "sign_up",
    "switch",
]
