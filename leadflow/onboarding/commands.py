"""Inputs of onboarding. What is wrong with them is said by `rules`, all at once and in words for a page."""

from pydantic import BaseModel, ConfigDict, Field

from leadflow.identity.commands import OpenSession


class SignUp(BaseModel):
    """A new organization and the person who owns it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organization: str
    name: str
    email: str
    password: str = Field(repr=False)


class Join(BaseModel):
    """What somebody who was invited enters: the name for a new account only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = ""
    password: str = Field(repr=False)
    browser: OpenSession = OpenSession()


class LogIn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    email: str
    password: str = Field(repr=False)
    browser: OpenSession = OpenSession()
