"""Telephone numbers that the regulators keep free for film and demonstration, so that no demo ever rings anybody.

United States and Canada: 555-0100 to 555-0199 of any area code (NANPA). United Kingdom: Ofcom, numbers for drama use.
Germany: Bundesnetzagentur, notice 148/2021. France: Arcep, numbers for audiovisual works.
"""

import random
import re
from collections.abc import Mapping

_AREAS = (
    *(201, 202, 203, 205, 206, 207, 208, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229, 231, 234, 239),
    *(240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 281, 301, 302, 303, 304, 305, 307, 308, 309, 310),
    *(312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 401, 402, 404, 405, 406, 407, 408, 409, 410, 412, 413, 414),
    *(415, 417, 419, 423, 425, 501, 502, 503, 504, 505, 507, 508, 509, 510, 512),
)
# Ofcom reserves Nottingham (115) too, but phonenumbers calls that block invalid.
_CITIES = (113, 114, 116, 117, 118, 121, 131, 141, 151, 161)

RESERVED: Mapping[str, tuple[tuple[str, ...], int]] = {
    "US": (tuple(f"+1{area}55501" for area in _AREAS), 2),
    "GB": (("+442079460", *(f"+44{city}4960" for city in _CITIES)), 3),
    "DE": (("+493023125", "+496990009", "+494066969", "+492214710", "+498999998"), 3),
    "FR": (("+3319900", "+3326191", "+3335301", "+3346571", "+3353649"), 4),
}
"""Country to the prefixes and how many free digits follow."""

_SHAPE = re.compile(
    "|".join(rf"{re.escape(prefix)}\d{{{digits}}}" for prefixes, digits in RESERVED.values() for prefix in prefixes)
)


def draw(rng: random.Random, country: str) -> str | None:
    """A reserved number of that country; None where the regulator reserves none that we know of."""
    if country not in RESERVED:
        return None
    prefixes, digits = RESERVED[country]
    return f"{rng.choice(prefixes)}{rng.randrange(10**digits):0{digits}d}"


def is_reserved(phone: str) -> bool:
    return _SHAPE.fullmatch(phone) is not None
