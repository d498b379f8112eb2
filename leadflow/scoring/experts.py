"""Linear learners over slots: what to add to the log-odds for each, learned from one gradient at a time."""

import math
import sys
import zlib
from array import array
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Literal, Protocol

from leadflow.scoring.encoding import Slots

Precision = Literal["f", "d"]
"""Four bytes for each number, or eight."""


class Expert(Protocol):
    """`weights` has a value for each slot; zero where nothing was learned. `bias` is said of every lead alike."""

    weights: "array[float]"
    bias: float

    def grow(self, slots: int) -> None:
        """Make room for so many slots in all."""
        ...

    def learn(self, inputs: Slots, slope: float) -> None:
        """One step against the gradient: the slope of the loss in the log-odds, times each input."""
        ...

    def snapshot(self) -> Mapping[str, object]: ...

    def restore(self, stored: Mapping[str, Any], slots: int) -> None: ...


class AdaGrad:
    """Duchi, Hazan, Singer 2011 (JMLR 12), as `river.optim.AdaGrad`.

    `eps` = 1 lets a value that was seen once move a score a little, and one that is seen often as far as it deserves.
    """

    bias = 0.0

    def __init__(self, rate: float = 0.1, eps: float = 1.0, precision: Precision = "f") -> None:
        self.rate = rate
        self.eps = eps
        self.precision: Precision = precision
        self.weights = array(precision)
        self.squares = array(precision)

    def grow(self, slots: int) -> None:
        for numbers in (self.weights, self.squares):
            numbers.extend([0.0] * (slots - len(numbers)))

    def learn(self, inputs: Slots, slope: float) -> None:
        weights, squares, rate, eps, sqrt = self.weights, self.squares, self.rate, self.eps, math.sqrt
        for slot, value in inputs:
            gradient = slope * value
            squared = squares[slot] = squares[slot] + gradient * gradient
            weights[slot] -= rate / sqrt(squared + eps) * gradient

    def snapshot(self) -> dict[str, object]:
        return {"weights": packed(self.weights), "squares": packed(self.squares)}

    def restore(self, stored: Mapping[str, Any], slots: int) -> None:
        self.weights, self.squares = (unpacked(stored[part], slots, self.precision) for part in ("weights", "squares"))


class Ftrl:
    """Follow the regularised leader, per coordinate: McMahan et al. 2013 (KDD), as `river.optim.FTRLProximal`.

    River brings a weight up to date when its feature is seen the next time, here it is at once.
    """

    bias = 0.0

    def __init__(self, alpha: float = 0.1, beta: float = 1.0, l2: float = 1.0, precision: Precision = "f") -> None:
        self.alpha, self.beta, self.l2 = alpha, beta, l2
        self.precision: Precision = precision
        self.weights = array(precision)
        self.sums = array(precision)
        self.roots = array(precision)
        """Of the sums of squared gradients."""

    def grow(self, slots: int) -> None:
        for numbers in (self.weights, self.sums, self.roots):
            numbers.extend([0.0] * (slots - len(numbers)))

    def learn(self, inputs: Slots, slope: float) -> None:
        weights, sums, roots, sqrt = self.weights, self.sums, self.roots, math.sqrt
        per_root, floor = 1.0 / self.alpha, self.beta / self.alpha + self.l2
        for slot, value in inputs:
            gradient, before = slope * value, roots[slot]
            root = roots[slot] = sqrt(before * before + gradient * gradient)
            total = sums[slot] = sums[slot] + gradient - (root - before) * per_root * weights[slot]
            weights[slot] = -total / (root * per_root + floor)

    def snapshot(self) -> dict[str, object]:
        return {"weights": packed(self.weights), "sums": packed(self.sums), "roots": packed(self.roots)}

    def restore(self, stored: Mapping[str, Any], slots: int) -> None:
        parts = ("weights", "sums", "roots")
        self.weights, self.sums, self.roots = (unpacked(stored[part], slots, self.precision) for part in parts)


class Adopted:
    """Weights from elsewhere: outcomes do not change them."""

    def __init__(self) -> None:
        self.weights = array("f")
        self.bias = 0.0

    def grow(self, slots: int) -> None:
        self.weights.extend([0.0] * (slots - len(self.weights)))

    def learn(self, inputs: Slots, slope: float) -> None:
        """Nothing is learned here."""

    def snapshot(self) -> dict[str, object]:
        return {"weights": packed(self.weights), "bias": self.bias}

    def restore(self, stored: Mapping[str, Any], slots: int) -> None:
        self.weights, self.bias = unpacked(stored["weights"], slots, "f"), float(stored["bias"])


def packed(numbers: "array[float]") -> str:
    """Little-endian, deflated (most weights of an expert that sees a part only are zero), base 64: exact."""
    return b64encode(zlib.compress(_little(numbers).tobytes(), level=9)).decode()


def unpacked(text: str, count: int, precision: Precision) -> "array[float]":
    """Raises ValueError when it is not so many numbers."""
    numbers = array(precision)
    try:
        numbers.frombytes(zlib.decompress(b64decode(text, validate=True)))
    except zlib.error as error:
        raise ValueError(f"not packed numbers: {error}") from error
    if len(numbers) != count or not all(map(math.isfinite, numbers)):
        raise ValueError(f"{len(numbers)} numbers instead of {count}, or one that is none")
    return _little(numbers)


def _little(numbers: "array[float]") -> "array[float]":
    if sys.byteorder == "little":
        return numbers
    swapped = array(numbers.typecode, numbers)
    swapped.byteswap()
    return swapped
