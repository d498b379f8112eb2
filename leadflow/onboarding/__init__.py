"""Onboarding: how people and their organizations come in. Composes tenancy, identity, leads and intake."""

from leadflow.onboarding.commands import LogIn, SignUp
from leadflow.onboarding.errors import WrongCredentials
from leadflow.onboarding.service import Entered, found, log_in, sign_up

__all__ = ["Entered", "LogIn", "SignUp", "WrongCredentials", "found", "log_in", "sign_up"]
