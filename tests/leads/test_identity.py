"""What makes two captures one person."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.leads import rules
from leadflow.leads.models import IdentityKind
from leadflow.leads.rules import Identity

LOCALS = st.text("abcäß.+-_'", min_size=1, max_size=12)
ADDRESSES = st.builds(
    "{}@{}.{}".format, LOCALS, st.text("abcü-", min_size=1, max_size=8), st.sampled_from(["com", "co.uk"])
)
NUMBERS = st.from_regex(r"\+[1-9]\d{6,13}", fullmatch=True)


class TestEmail:
    @pytest.mark.parametrize(
        ("typed", "means"),
        [
            ("ada@example.com", "ada@example.com"),
            ("  ADA@Example.Com\t", "ada@example.com"),
            ("ada+news@example.com", "ada+news@example.com"),
            ("ａｄａ@example.com", "ada@example.com"),
            ("Ada@STRASSE.example", "ada@strasse.example"),
            ("", ""),
            ("ada", ""),
            ("ada@", ""),
            ("@example.com", ""),
            ("ada@example", ""),
            ("ada@.com", ""),
            ("ada@example.", ""),
            ("ada@b@example.com", ""),
            ("ada lovelace@example.com", ""),
            ("ada@example.com, ben@example.com", ""),
            ("Ada <ada@example.com>", ""),
            (f"{'a' * 65}@example.com", ""),
        ],
    )
    def test_one_spelling_per_address(self, typed: str, means: str) -> None:
        assert rules.normalise_email(typed) == means

    @given(st.text(max_size=60) | ADDRESSES)
    def test_normalising_twice_changes_nothing(self, typed: str) -> None:
        once = rules.normalise_email(typed)
        assert rules.normalise_email(once) == once

    @given(ADDRESSES)
    def test_case_and_space_around_do_not_matter(self, address: str) -> None:
        assert rules.normalise_email(f" {address.upper()}\n") == rules.normalise_email(address.upper().lower())

    @given(st.text(max_size=60))
    def test_an_address_has_a_name_and_a_domain_and_nothing_that_separates_addresses(self, typed: str) -> None:
        if address := rules.normalise_email(typed):
            local, at, domain = address.partition("@")
            assert local
            assert at
            assert "." in domain
            assert rules.domain_of(address) == domain
            assert not set(address) & set(' ,;<>"\t\n\x00'), address


class TestPhone:
    @pytest.mark.parametrize(
        ("typed", "country", "means"),
        [
            ("+49 30 901820", "", "+4930901820"),
            ("+49 (0)30 / 90 18-20", "", "+4930901820"),
            ("0049 30 901820", "", "+4930901820"),
            ("030 901820", "de", "+4930901820"),
            ("(030) 901820", "DE", "+4930901820"),
            ("030 901820", "", ""),
            ("(415) 555-0132", "US", "+14155550132"),
            ("020 7946 0018", "GB", "+442079460018"),
            ("12", "DE", ""),
            ("call me", "DE", ""),
            ("+0 123 456789", "", ""),
            ("+49 30 901820 ext. 7", "", ""),
            ("030 901820", "ZZ", ""),
            ("", "DE", ""),
        ],
    )
    def test_one_spelling_per_number(self, typed: str, country: str, means: str) -> None:
        assert rules.normalise_phone(typed, country) == means

    @given(st.text(max_size=30) | NUMBERS, st.sampled_from(["", "DE", "US", "gb", "ZZ"]))
    def test_normalising_twice_changes_nothing(self, typed: str, country: str) -> None:
        once = rules.normalise_phone(typed, country)
        assert rules.normalise_phone(once, country) == once
        assert once == "" or (once[0] == "+" and once[1:].isdigit())

    @given(NUMBERS, st.lists(st.sampled_from(" -./()\u00a0"), min_size=14, max_size=14))
    def test_what_stands_between_the_digits_does_not_matter(self, number: str, between: list[str]) -> None:
        spaced = "".join(digit + gap for digit, gap in zip(number, between, strict=False)) + number[len(between) :]
        if "(0)" not in spaced:
            assert rules.normalise_phone(spaced) == number


class TestProblems:
    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [
            (("", "", "", ""), {"email"}),
            ((" ", "\t", "", ""), {"email"}),
            (("Ada", "", "", ""), set()),
            (("", "ada@example.com", "", ""), set()),
            (("", "", "030 901820", ""), set()),
            (("Ada", "ada", "", ""), {"email"}),
            (("Ada", "", "call me", ""), {"phone"}),
            (("Ada", "", "", "Germany"), {"country"}),
            (("", "ada", "12", "1"), {"email", "phone", "country"}),
        ],
    )
    def test_they_name_the_field(self, fields: tuple[str, str, str, str], wrong: set[str]) -> None:
        assert {problem.field for problem in rules.contact_problems(*fields)} == wrong

    @pytest.mark.parametrize(
        ("custom", "wrong"),
        [
            ({"size": 12, "is_customer": True, "note": "hi", "nothing": None, "rate": 1.5}, set()),
            ({"nested": {"a": 1}, "list": [1]}, {"custom.nested", "custom.list"}),
            ({"long": "x" * 1001}, {"custom.long"}),
            ({"k" * 101: 1}, {f"custom.{'k' * 60}"}),
            ({str(number): number for number in range(61)}, {"custom"}),
        ],
    )
    def test_custom_fields_are_few_flat_and_short(self, custom: dict[str, object], wrong: set[str]) -> None:
        assert {problem.field for problem in rules.custom_problems(custom)} == wrong  # type: ignore[arg-type]


EMAILS = [(IdentityKind.EMAIL, f"{name}@example.com") for name in "abcd"]
PHONES = [(IdentityKind.PHONE, f"+4930{number}000") for number in range(3)]
PEOPLE = st.builds(
    lambda email, phone: [key for key in (email, phone) if key],
    st.none() | st.sampled_from(EMAILS),
    st.none() | st.sampled_from(PHONES),
)


def one_by_one(rows: Sequence[Sequence[Identity]], known: dict[Identity, UUID], fresh: Sequence[UUID]) -> list[UUID]:
    """The rule in its plainest form: whoever owns the e-mail, else whoever owns the phone, else somebody new."""
    owner, places = dict(known), []
    for keys, new in zip(rows, fresh, strict=True):
        lead = next((owner[key] for key in keys if key in owner), new)
        places.append(lead)
        for key in keys:
            owner.setdefault(key, lead)
    return places


OWNERS = st.dictionaries(st.sampled_from(EMAILS + PHONES), st.sampled_from([uuid4() for _ in range(3)]))


class TestClaims:
    @given(st.lists(PEOPLE, max_size=12), OWNERS)
    def test_a_batch_comes_out_as_if_its_people_came_one_by_one(
        self, rows: list[list[Identity]], known: dict[Identity, UUID]
    ) -> None:
        fresh = [uuid4() for _ in rows]
        claims = rules.claim(rows, fresh, known)
        assert claims.place == one_by_one(rows, known, fresh)
        assert set(claims.owner) == {key for keys in rows for key in keys} | set(known)
        assert claims.owner | known == claims.owner

    def test_an_address_decides_before_a_shared_phone(self) -> None:
        ada, ben = uuid4(), uuid4()
        claims = rules.claim([[EMAILS[0], PHONES[0]]], [uuid4()], {EMAILS[0]: ada, PHONES[0]: ben})
        assert claims.place == [ada]

    def test_nobody_is_merged_without_an_identity_in_common(self) -> None:
        assert len(set(rules.claim([[], [], [EMAILS[0]]], [uuid4() for _ in range(3)]).place)) == 3
