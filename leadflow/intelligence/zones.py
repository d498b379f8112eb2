"""The time zone that a lead lives in, as far as a country tells it."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

_EUROPE: Final = {
    "AD": "Andorra", "AL": "Tirane", "AT": "Vienna", "BA": "Sarajevo", "BE": "Brussels", "BG": "Sofia", "CH": "Zurich",
    "CZ": "Prague", "DE": "Berlin", "DK": "Copenhagen", "EE": "Tallinn", "ES": "Madrid", "FI": "Helsinki",
    "FR": "Paris", "GB": "London", "GR": "Athens", "HR": "Zagreb", "HU": "Budapest", "IE": "Dublin", "IT": "Rome",
    "LI": "Vaduz", "LT": "Vilnius", "LU": "Luxembourg", "LV": "Riga", "MC": "Monaco", "ME": "Podgorica",
    "MK": "Skopje", "MT": "Malta", "NL": "Amsterdam", "NO": "Oslo", "PL": "Warsaw", "PT": "Lisbon", "RO": "Bucharest",
    "RS": "Belgrade", "SE": "Stockholm", "SI": "Ljubljana", "SK": "Bratislava", "TR": "Istanbul", "UA": "Kyiv",
}  # fmt: skip
_ELSEWHERE: Final = {
    "AE": "Asia/Dubai", "AR": "America/Argentina/Buenos_Aires", "CN": "Asia/Shanghai", "CO": "America/Bogota",
    "CY": "Asia/Nicosia", "EG": "Africa/Cairo", "GE": "Asia/Tbilisi", "HK": "Asia/Hong_Kong", "IL": "Asia/Jerusalem",
    "IN": "Asia/Kolkata", "IS": "Atlantic/Reykjavik", "JP": "Asia/Tokyo", "KE": "Africa/Nairobi", "KR": "Asia/Seoul",
    "KW": "Asia/Kuwait", "MA": "Africa/Casablanca", "MY": "Asia/Kuala_Lumpur", "NG": "Africa/Lagos",
    "NZ": "Pacific/Auckland", "PE": "America/Lima", "PH": "Asia/Manila", "PK": "Asia/Karachi", "QA": "Asia/Qatar",
    "SA": "Asia/Riyadh", "SG": "Asia/Singapore", "TH": "Asia/Bangkok", "TN": "Africa/Tunis", "TW": "Asia/Taipei",
    "UY": "America/Montevideo", "VN": "Asia/Ho_Chi_Minh", "ZA": "Africa/Johannesburg",
}  # fmt: skip


def zone_of(country: str) -> str:
    """The zone of nearly everybody in a country (IANA time zone database); empty where there are several, or unknown.

    >>> zone_of("DE"), zone_of("jp"), zone_of("US"), zone_of("")
    ('Europe/Berlin', 'Asia/Tokyo', '', '')
    """
    code = country.upper()
    return f"Europe/{_EUROPE[code]}" if code in _EUROPE else _ELSEWHERE.get(code, "")


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """A zone by its name; UTC where the name is none."""
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def slot_of(at: int, name: str) -> int:
    """Which hour of the week it is there: 0 is the one after midnight on Monday.

    >>> slot_of(1_772_442_000, "UTC"), slot_of(1_772_442_000, "Europe/Berlin")
    (9, 10)
    """
    local = datetime.fromtimestamp(at, UTC).astimezone(zone(name))
    return local.weekday() * 24 + local.hour
