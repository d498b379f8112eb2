"""The chain: an entry's hash covers the entry and the hash before it, and the end is signed. Pure."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

import orjson

Sign = Callable[[bytes], str]
Columns = Mapping[str, str | int | None]
"""All of an entry but its hash, as PostgreSQL writes it: what is stored is what is proved, to the last digit."""

BEGINNING = ""
"""What the first entry follows."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain."""

    number: int = 0
    hash: str = BEGINNING
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry that is not as it was written, and what is wrong."""

    number: int
    how: str

    def __str__(self) -> str:
        return f"entry {self.number:,} {self.how}"


def signer(secret: str) -> Sign:
    """HMAC-SHA256 under the installation's key: whoever only has the database cannot sign an end."""
    key = hashlib.sha256(b"leadflow audit trails " + secret.encode()).digest()
    return lambda body: hmac.new(key, body, hashlib.sha256).hexdigest()


def digest(columns: Columns) -> str:
    """The hash of an entry; `previous_hash` is one of its columns."""
    return hashlib.sha256(orjson.dumps(dict(columns), option=orjson.OPT_SORT_KEYS)).hexdigest()


def sealed(organization_id: UUID, number: int, hash_: str, sign: Sign) -> Head:
    """The end of an organization's chain, signed."""
    parts = {"organization_id": str(organization_id), "number": number, "hash": hash_}
    return Head(number, hash_, sign(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)))


def is_ours(organization_id: UUID, head: Head, sign: Sign) -> bool:
    """Whether this installation signed it."""
    expected = sealed(organization_id, head.number, head.hash, sign).signature
    return hmac.compare_digest(expected.encode(), head.signature.encode())


class Walk:
    """Follows a chain from its first entry to its end."""

    def __init__(self, organization_id: UUID, sign: Sign) -> None:
        self._organization_id = organization_id
        self._sign = sign
        self.number = 0
        self.hash = BEGINNING

    def step(self, columns: Columns, hash_: str) -> Break | None:
        """The next entry that there is, by number."""
        number = int(columns["number"] or 0)
        if number > self.number + 1:
            return _missing(self.number + 1, number - 1)
        if number <= self.number:
            return Break(number, "was added before the beginning")
        if digest(columns) != hash_:
            return Break(number, "was changed after it was written")
        if columns["previous_hash"] != self.hash:
            return Break(number, "does not follow the entry before it: one of the two was replaced")
        self.number, self.hash = number, hash_
        return None

    def end(self, head: Head | None) -> Break | None:
        """After the last entry: is it the one that was signed as the end?"""
        if head is None:
            return Break(self.number, "is the last, but nothing signed says so") if self.number else None
        if not is_ours(self._organization_id, head, self._sign):
            return Break(head.number, "is not signed as the last by this installation's key")
        if head.number > self.number:
            return _missing(self.number + 1, head.number)
        if head.number < self.number:
            return Break(head.number + 1, "was added after the end")
        return None if head.hash == self.hash else Break(head.number, "was replaced")


def _missing(first: int, last: int) -> Break:
    return Break(first, "is missing" if first == last else f"is missing, and so is every one up to {last:,}")
