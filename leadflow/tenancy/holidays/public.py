"""Public holidays of countries and their regions, from the library `holidays`; their names in English where it can."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from holidays import HolidayBase, country_holidays
from holidays.registry import COUNTRIES

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.tenancy.holidays.commands import LONGEST_NAME

_CODE: Final = 1
_WORD: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Country:
    """`regions` are names by code; None where nobody asked."""

    code: str
    name: str
    regions: dict[str, str] | None = None


def countries() -> list[Country]:
    """All that are known, by name."""
    known = (Country(codes[_CODE], _WORD.sub(" ", codes[0])) for codes in COUNTRIES.values())
    return sorted(known, key=lambda country: country.name)


def country(code: str) -> Country:
    """One with its regions, by name. Raises Invalid when it is not known."""
    found = next((each for each in countries() if each.code == code), None)
    if found is None:
        raise Invalid(problems=[FieldProblem("country", "Choose one of the countries.")])
    calendar = country_holidays(code)
    aliases = calendar.get_subdivision_aliases()
    regions = {region: (aliases.get(region) or [region])[0] for region in calendar.subdivisions}
    return Country(code, found.name, dict(sorted(regions.items(), key=lambda named: named[1])))


def public_holidays(code: str, region: str, year: int) -> list[tuple[date, str]]:
    """Days and names, in order.

    Raises:
        Invalid: there is no such country or region.

    """
    if region not in {"", *(country(code).regions or ())}:
        raise Invalid(problems=[FieldProblem("region", "Choose one of the country's regions.")])
    calendar = country_holidays(code, subdiv=region or None)
    calendar = country_holidays(code, subdiv=region or None, years=year, language=_english(calendar))
    return sorted(_named(calendar, year))


def _english(calendar: HolidayBase) -> str | None:
    spoken = sorted(calendar.supported_languages, reverse=True)
    return next((language for language in spoken if language.startswith("en")), None)


def _named(calendar: HolidayBase, year: int) -> Iterator[tuple[date, str]]:
    for day in calendar:
        if day.year == year:
            yield from ((day, name[:LONGEST_NAME]) for name in calendar.get_list(day))
