"""The short way and the careful way agree; both agree with what the API would take."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from leadflow import leads
from leadflow.intake.importing import rules
from leadflow.intake.importing.mapping import FIELDS, Columns, columns_of, suggest
from leadflow.kernel.errors import Invalid
from leadflow.leads import CaptureLead
from leadflow.leads import rules as lead_rules
from leadflow.leads.bulk import BulkRow

HEADER = [*FIELDS, "team"]
COLUMNS = columns_of(HEADER, {**{name: name for name in FIELDS}, "team": "custom.team"})


def judged(**cells: str) -> rules.Verdict:
    return rules.judge_of(COLUMNS)([cells.get(name, "") for name in HEADER])


def row(**cells: str) -> BulkRow:
    verdict = judged(**cells)
    assert isinstance(verdict, BulkRow), verdict
    return verdict


def problems(**cells: str) -> dict[str, str]:
    verdict = judged(**cells)
    assert isinstance(verdict, list), verdict
    return {problem.field: problem.message for problem in verdict}


EMAILS = st.one_of(
    st.just(""),
    st.emails(),
    st.from_regex(r"[A-Za-zÀ-ÿ.+]{1,8}@[A-Za-zK]{1,8}\.[a-z.-]{1,5}", fullmatch=True),
    st.text(max_size=12),
    st.sampled_from(
        [
            "a@b",
            "a@.b.c",
            "a@b.c.",
            "@b.c",
            "a b@c.de",
            "A@EXAMPLE.COM ",
            "x" * 70 + "@example.com",
            "a@" + "b" * 260 + ".de",
        ]
    ),
)
PHONES = st.one_of(
    st.just(""),
    st.from_regex(r"(\+|00)?[0-9 ()./-]{3,18}", fullmatch=True),
    st.sampled_from(
        ["+49 (0)30 901820", "030 901820", "+0123456", "call me", "+4930\t901820", "+４９30901820", "1" * 41]
    ),
)
AMOUNTS = st.one_of(
    st.just(""),
    st.from_regex(r"[0-9.,' €$-]{1,12}", fullmatch=True),
    st.sampled_from(["1.234,50 €", "12", "12.5", "0.001", "9" * 14]),
)
TEXTS = st.one_of(st.just(""), st.text(max_size=20), st.sampled_from(["x" * 201, " padded ", "=cmd()", "a\nb"]))


@settings(max_examples=600, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "name": TEXTS,
            "first_name": TEXTS,
            "last_name": TEXTS,
            "email": EMAILS,
            "phone": PHONES,
            "company": TEXTS,
            "title": TEXTS,
            "source": TEXTS,
            "value": AMOUNTS,
            "currency": st.sampled_from(["", "EUR", "usd", "JPY", "€", "money"]),
            "country": st.sampled_from(["", "DE", "de", "Germany", "Atlantis", " fr "]),
            "team": st.one_of(TEXTS, st.just("z" * 1001)),
        }
    )
)
def test_the_short_way_ends_where_the_careful_one_does(cells: Mapping[str, str]) -> None:
    line = [cells[name] for name in HEADER]
    judge = rules.judge_of(COLUMNS)
    short = judge(list(line))
    assert short == judge(list(line)) == rules.carefully(COLUMNS, [*line, ""])
    if isinstance(short, BulkRow):
        command = command_of(short)
        assert not lead_rules.contact_problems(command.name, command.email, command.phone, command.country)
        assert lead_rules.identities(command.email, command.phone, command.country) == [
            pair for pair in (("email", short.email_norm), ("phone", short.phone_norm)) if pair[1]
        ]


def command_of(short: BulkRow) -> CaptureLead:
    """The same lead through the API; refuses whatever the API refuses."""
    names = ("name", "email", "phone", "company", "title", "source", "value", "currency", "country")
    return CaptureLead(**{name: getattr(short, name) for name in names}, custom=dict(short.custom))


def test_limits_are_those_of_the_api() -> None:
    for field, most in rules.LONGEST.items():
        CaptureLead.model_validate({field: "x" * most})
        with pytest.raises(ValidationError):
            CaptureLead.model_validate({field: "x" * (most + 1)})


def test_first_and_last_name_make_a_name() -> None:
    assert row(first_name=" Ada ", last_name="Lovelace").name == "Ada Lovelace"
    assert row(last_name="Lovelace").name == "Lovelace"
    assert row(name="Countess", first_name="Ada").name == "Countess"


def test_what_a_row_becomes() -> None:
    made = row(email=" Ada@Example.COM", phone="0049 30 901820", country="Deutschland", value="1.234,50 €", team="blue")
    assert (made.email, made.email_norm) == ("Ada@Example.COM", "ada@example.com")
    assert (made.phone, made.country, made.value, made.currency) == ("+4930901820", "DE", 123450, "EUR")
    assert (made.source, made.custom) == ("import", {"team": "blue"})


def test_national_numbers_are_read_with_the_country() -> None:
    assert row(phone="030 901820", country="DE").phone_norm == "+4930901820"
    assert row(phone="030 901820").phone_norm == ""


def test_every_problem_of_a_row_is_named() -> None:
    found = problems(email="nobody", value="lots", currency="money", country="Atlantis", name="x" * 300)
    assert set(found) == {"email", "currency", "country", "name"}
    assert found["email"] == "'nobody' is not an e-mail address."
    assert problems(email="a@example.com", value="-5") == {"value": "'-5' is not an amount of money."}
    assert "AUD" not in problems(email="a@example.com", value="$5", currency="EUR")["currency"]


def test_a_row_of_empty_cells_is_nothing() -> None:
    assert judged() is None
    assert judged(name="  ", team=" ") is None


def test_a_row_without_any_way_to_recognise_it_is_refused() -> None:
    assert "email" in problems(company="Acme")


def test_numbers_in_scientific_clothes_are_no_money() -> None:
    for text in ("1e5", "NaN", "Infinity", "０１", "1,23,4", "1.2.3,4"):
        assert "value" in problems(email="a@example.com", value=text)


def test_column_names_suggest_fields_in_many_languages() -> None:
    header = [
        "Correo electrónico",
        "Vorname",
        "Nachname",
        "Telefon-Nr.",
        "Société",
        "Poste",
        "Montant",
        "Waluta",
        "País",
        "Herkunft",
    ]
    assert list(suggest(header).values()) == [
        "email", "first_name", "last_name", "phone", "company", "title", "value", "currency", "country", "source",
    ]  # fmt: skip
    assert suggest(["E-Mail Address", "Mail", "Notes"]) == {"E-Mail Address": "email", "Mail": None, "Notes": None}


def test_an_impossible_choice_names_its_columns() -> None:
    with pytest.raises(Invalid) as refused:
        columns_of(["a", "b", "c"], {"a": "email", "b": "email", "c": "shoe size", "d": "name"})
    assert [problem.field for problem in refused.value.problems] == ["mapping.b", "mapping.c", "mapping.d"]
    with pytest.raises(Invalid, match="correct the input") as empty:
        columns_of(["a"], {"a": "company"})
    assert "Choose a column" in empty.value.problems[0].message


def test_a_column_left_out_is_left_out() -> None:
    columns = columns_of(["email", "junk", "more"], {"email": "email", "junk": None, "more": "ignore"})
    assert columns == Columns(3, {"email": 0}, ())


def test_capture_finds_nothing_wrong_with_what_goes_in() -> None:
    made = command_of(row(email="a@example.com", team="x" * 1000))
    assert leads.problems_of(made, made.occurred_at) == []  # type: ignore[arg-type]  # no time, so no clock is asked
