"""What is committed is finished and stands on its own."""

import re

from tests.architecture.source import ROOT, name_of, tracked

# Each is spelled so that this file does not contain it.
UNFINISHED = re.compile(r"\bTO[D]O\b|\bFIXM[E]\b|(?i:lore[m] ipsum|comin[g] soon)")
REGISTRIES = re.compile(
    r"\bpyp[i]\.(org|python)|pythonhoste[d]\.org|npmj[s]\.(org|com)|yarnpk[g]\.com|crate[s]\.io|proxy\.golan[g]\.org",
    re.IGNORECASE,
)


def is_lock(name: str) -> bool:
    return ".lock" in name or name.endswith("-lock.json")


def saying(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in tracked():
        name = name_of(path)
        try:
            lines = [] if is_lock(name) else path.read_text("utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{name}:{number} {line.strip()[:80]}" for number, line in enumerate(lines, 1) if pattern.search(line)
        ]
    return found


def test_there_is_something_to_read() -> None:
    assert ROOT / "pyproject.toml" in tracked()


def test_nothing_is_left_for_later() -> None:
    assert saying(UNFINISHED) == []


def test_no_file_names_a_package_registry() -> None:
    assert saying(REGISTRIES) == []
