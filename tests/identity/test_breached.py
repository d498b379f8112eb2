from pathlib import Path

import pytest

from leadflow.identity import breached
from leadflow.infra import breached_list

LISTED = ("password123", "iloveyou1234", "qwertyuiop", "letmein123456", "correcthorsebatterystaple", "aaaaaaaaaa")


@pytest.mark.parametrize("password", LISTED)
def test_what_is_listed_is_found_however_it_is_written(password: str) -> None:
    assert breached.is_breached(password)
    assert breached.is_breached(password.upper())


def test_of_passwords_that_nobody_else_has_one_in_some_thousand_is_mistaken() -> None:
    mistaken = sum(breached.is_breached(f"mauve otters {number} times") for number in range(50_000))
    assert 5 <= mistaken <= 60


@pytest.mark.parametrize("odd", ["", "\x00" * 10, "\ud800" * 10, "пароль1234567", "x" * 256])
def test_whatever_is_typed_gets_an_answer(odd: str) -> None:
    assert breached.is_breached(odd) in {True, False}


def test_the_filter_holds_at_least_a_hundred_thousand_passwords() -> None:
    """From how full it is: each password sets nine places, and a place is set by several."""
    content = breached.FILE.read_bytes()
    assert len(content) == 1 << (breached.BITS - 3)
    share = sum(byte.bit_count() for byte in content[:65536]) / (65536 * 8)
    assert 0.40 < share < 0.45  # 4.2 million


def test_it_is_made_of_lists_and_the_same_lists_make_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "10.txt").write_bytes(b"password123\nshort\nfull of otters\n\xff\xfe broken but long\n")
    target = tmp_path / "made.bin"
    monkeypatch.setattr(breached_list, "FILE", target)
    monkeypatch.setattr("sys.argv", ["breached_list", str(tmp_path)])
    assert breached_list.main() == 0
    assert "3 passwords" in capsys.readouterr().out
    made = target.read_bytes()
    assert all(made[byte] & bit for byte, bit in breached.places("full of otters"))
    assert not all(made[byte] & bit for byte, bit in breached.places("mauve otters"))
    breached_list.main()
    assert target.read_bytes() == made
