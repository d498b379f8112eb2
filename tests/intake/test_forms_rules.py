import pytest

from leadflow.intake import rules
from leadflow.intake.commands import FormField

EMAIL = FormField(key="email", label="E-mail", required=True)
NOTE = FormField(key="message", label="Message", kind="long")


def test_a_bare_key_is_its_usual_question() -> None:
    email, size = rules.questions(["email", "team_size"])
    assert (email.label, email.required) == ("E-mail", True)
    assert (size.label, size.required, size.kind) == ("Team size", False, "text")


def test_a_message_is_long_and_a_label_of_ones_own_stays() -> None:
    (message,) = rules.questions([FormField(key="message", label="What for?")])
    assert (message.kind, message.label) == ("long", "What for?")


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Über uns: Kontakt!", "uber-uns-kontakt"), ("  --  ", "form"), ("日本語", "form"), ("a" * 80, "a" * 50)],
)
def test_slugs_are_readable_or_plain(title: str, slug: str) -> None:
    assert rules.slug_of(title) == slug


def test_sources_stay_short() -> None:
    assert rules.source_of("Book a demo") == "form:book-a-demo"
    assert len(rules.source_of("x" * 200)) <= 80


def test_answers_are_trimmed_and_strangers_dropped() -> None:
    answers, problems = rules.read([EMAIL, NOTE], {"email": " a@example.com ", "message": "", "x": "1"})
    assert answers == {"email": "a@example.com"}
    assert problems == []


def test_lines_may_break_only_where_there_are_lines() -> None:
    answers, problems = rules.read([EMAIL, NOTE], {"email": "a@example.com\nBcc: b", "message": "one\r\ntwo\tthree"})
    assert [problem.field for problem in problems] == ["email"]
    assert answers == {"message": "one\r\ntwo\tthree"}


@pytest.mark.parametrize("text", ["a\x00b", "a\x7fb", "a\x85b", "a\u202eb", "a\u2066b", "a\u200bb", "a\ufeffb"])
def test_what_cannot_be_seen_cannot_be_sent(text: str) -> None:
    assert rules.text_problem(text, many_lines=True, longest=100)


@pytest.mark.parametrize("text", ["Zoë", "نسرین\u200cزاده", "👩\u200d🚀", "李小龍", "O’Neill", "\u200fעברית"])
def test_the_writing_of_the_world_can(text: str) -> None:
    assert rules.text_problem(text, many_lines=False, longest=100) == ""
    if any(c in text for c in "\u200c\u200d\u200f"):
        assert rules.text_problem(text, many_lines=False, longest=100, plain=True)


def test_campaign_words_are_kept_short_and_plain() -> None:
    sent = {"utm_source": "fair", "utm_term": "x" * 900, "utm_medium": "a\x00b", "utm_id": "1", "utm_content": ""}
    assert rules.campaign(sent) == {"utm_source": "fair", "utm_term": "x" * 200}
