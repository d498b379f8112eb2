"""Reads money, currencies and countries the way people write them."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import phonenumbers

MAX_MONEY = 10**13
_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY", "zł": "PLN"}
_EXPONENTS = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
_MONEY = re.compile(
    r"(?P<before>[^\d\s.,'’+-]{0,4})\s*(?P<digits>\d[\d.,'’\s]*?)\s*(?P<after>[^\d\s.,'’+-]{0,4})", re.ASCII
)
_CODE = re.compile(r"[A-Z]{3}")
_OTHER_NAMES = {
    "usa": "US", "unitedstatesofamerica": "US", "uk": "GB", "greatbritain": "GB", "england": "GB", "uae": "AE",
    "russia": "RU", "southkorea": "KR", "korea": "KR", "vietnam": "VN", "czechrepublic": "CZ", "holland": "NL",
    "thenetherlands": "NL", "turkey": "TR", "brd": "DE",
}  # fmt: skip


def exponent_of(currency: str) -> int:
    """How many decimals the currency's minor unit has."""
    return _EXPONENTS.get(currency, 2)


def currencies_with(decimals: int) -> list[str]:
    """The currencies whose minor unit has so many decimals; of two, all others have them."""
    return [code for code, exponent in _EXPONENTS.items() if exponent == decimals]


def currency_of(text: str) -> str:
    """The ISO code for a code or a symbol; '' when it is neither.

    >>> currency_of("€"), currency_of("usd"), currency_of("money")
    ('EUR', 'USD', '')
    """
    code = _SYMBOLS.get(text, text.upper())
    return code if _CODE.fullmatch(code) else ""


def money(text: str) -> tuple[str, str] | None:
    """An amount as plain decimal digits, and the currency that stands beside it ('' when none); None when unreadable.

    One separator with three digits behind it groups thousands; of two kinds, the last one is the decimal one.

    >>> money("1.234,50 €"), money("$1,234"), money("1 234 567.8"), money("12,5")
    (('1234.50', 'EUR'), ('1234', 'USD'), ('1234567.8', ''), ('12.5', ''))
    >>> money("about 5"), money("-3"), money("1,23,4"), money("")
    (None, None, None, None)
    """
    found = _MONEY.fullmatch(text)
    if found is None:
        return None
    beside = found["before"] or found["after"]
    currency = currency_of(beside.strip()) if beside else ""
    if (beside and not currency) or (found["before"] and found["after"]):
        return None
    amount = _plain(re.sub(r"[\s'’]", "'", found["digits"]))
    return None if amount is None else (amount, currency)


def _plain(digits: str) -> str | None:
    """Digits with separators as digits with at most one point."""
    decimal = _decimal_separator(digits)
    whole, _, fraction = digits.rpartition(decimal) if decimal else (digits, "", "")
    groups = re.split(r"[.,']", whole)
    separators = set(re.findall(r"[.,']", whole))
    if len(separators) > 1 or (separators and (any(len(group) != 3 for group in groups[1:]) or len(groups[0]) > 3)):
        return None
    if not "".join(groups).isdigit() or (decimal and not fraction.isdigit()):
        return None
    return "".join(groups) + (f".{fraction}" if decimal else "")


def _decimal_separator(digits: str) -> str:
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return max(".", ",", key=digits.rfind)
    if points + commas != 1:
        return ""
    only = "." if points else ","
    groups_thousands = len(digits) - digits.rfind(only) == 4 and digits.rfind(only) <= 3 and digits[0] != "0"
    return "" if groups_thousands and "'" not in digits else only


def minor_units(amount: str, currency: str) -> int | None:
    """A plain decimal amount in minor units; None when it has more decimals than the currency, or is too much.

    >>> minor_units("1234.5", "EUR"), minor_units("1234", "JPY"), minor_units("0.001", "EUR")
    (123450, 1234, None)
    """
    exponent = exponent_of(currency)
    whole, _, fraction = amount.partition(".")
    if fraction[exponent:].strip("0"):
        return None
    value = int(whole + fraction[:exponent].ljust(exponent, "0"))
    return value if value <= MAX_MONEY else None


@cache
def _countries() -> dict[str, str]:
    """Simplified names of countries in every language that phonenumbers knows; English decides between two readings."""
    names: dict[str, str] = dict(_OTHER_NAMES)
    known = _locale_data()
    for region, localised in known.items():
        names.setdefault(_simplified(localised.get("aa", "")), region)
    for region, localised in known.items():
        for name in localised.values():
            if not name.startswith("*"):
                names.setdefault(_simplified(name), region)
    return names


def _locale_data() -> Mapping[str, Mapping[str, str]]:
    """The names of countries by code and language. The package that they are in would load what every area code of the
    world is called: a hundred megabytes in each process (measured).
    """
    path = Path(phonenumbers.__file__).with_name("geodata") / "locale.py"
    spec = spec_from_file_location("phonenumbers.geodata.locale", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Mapping[str, Mapping[str, str]] = module.LOCALE_DATA
    return found


def _simplified(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in decomposed if letter.isalpha())


def country_of(text: str) -> str:
    """The two-letter code for a code or a name; '' when it is neither.

    >>> country_of("de"), country_of("Deutschland"), country_of("Côte d’Ivoire"), country_of("Atlantis")
    ('DE', 'DE', 'CI', '')
    """
    if len(text) == 2 and text.isascii() and text.isalpha():
        return text.upper()
    return _countries().get(_simplified(text) or text, "")
