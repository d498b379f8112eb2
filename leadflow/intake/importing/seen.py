"""Remembers which of a few million things were there before, in a few bytes each."""

from array import array


class Seen:
    """A set of 64-bit hashes, open-addressed: 8 to 16 bytes per member where Python's own takes a hundred."""

    def __init__(self) -> None:
        self._slots = array("q", bytes(8 * 1024))
        self._mask = 1023
        self._count = 0

    def add(self, text: str) -> bool:
        """Whether it is new."""
        key = hash(text) or 1
        if not self._put(key):
            return False
        self._count += 1
        if 2 * self._count > self._mask:
            self._grow()
        return True

    def _put(self, key: int) -> bool:
        slots, mask = self._slots, self._mask
        at = key & mask
        while slots[at]:
            if slots[at] == key:
                return False
            at = (at + 1) & mask
        slots[at] = key
        return True

    def _grow(self) -> None:
        before = self._slots
        self._mask = 2 * self._mask + 1
        self._slots = array("q", bytes(8 * (self._mask + 1)))
        for key in before:
            if key:
                self._put(key)
