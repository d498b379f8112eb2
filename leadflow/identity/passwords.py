"""Passwords: argon2id with bounded memory. Figures follow OWASP ASVS 5.0, appendix C (m >= 46 MiB, t = 1, p = 1)."""

import asyncio
from weakref import WeakKeyDictionary

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 10
MAX_LENGTH = 256
_PARALLEL = 2

_hasher = PasswordHasher(time_cost=2, memory_cost=47104, parallelism=1)
_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
_NOBODY = "$argon2id$v=19$m=47104,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$kBIu8Zh8ZIMvbUmDBmEOqUXBSCSQTbHUlcxOmIKoKCE"
"""Verified when the account does not exist, so that a wrong name takes as long as a wrong password."""


def _slot() -> asyncio.Semaphore:
    """Two at a time: each takes 46 MiB, and a flood of log-ins must not take the machine."""
    return _slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_PARALLEL))


async def hash_password(password: str) -> str:
    async with _slot():
        return await asyncio.to_thread(_hasher.hash, password)


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


async def verify_password(stored: str | None, password: str) -> bool:
    """Whether `password` is the one that was hashed; equally slow when there is no account."""
    async with _slot():
        matches = await asyncio.to_thread(_matches, stored or _NOBODY, password[:MAX_LENGTH])
    return matches and stored is not None
