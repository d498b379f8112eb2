import json
from datetime import UTC, datetime, timedelta

from leadflow.enrichment.facts import Fact, Source, merge, supersedes

NOW = datetime(2025, 3, 3, tzinfo=UTC)


def fact(value: str, source: str, *, days: int = 0, confidence: float = 0.5, key: str = "country") -> Fact:
    return Fact(key, value, source, NOW + timedelta(days=days), confidence)


class TestSupersedes:
    def test_what_a_person_said_is_never_overwritten(self) -> None:
        said = fact("DE", Source.PERSON)
        assert not supersedes(fact("FR", Source.PHONE, days=99, confidence=1.0), said)
        assert supersedes(fact("AT", Source.PERSON, days=1), said)
        assert supersedes(said, fact("FR", Source.PHONE, days=99, confidence=1.0))

    def test_the_same_source_corrects_itself_and_old_news_is_no_news(self) -> None:
        assert supersedes(fact("AT", Source.PHONE, days=1, confidence=0.1), fact("DE", Source.PHONE, confidence=0.9))
        assert not supersedes(fact("AT", Source.PHONE), fact("DE", Source.PHONE, days=1))

    def test_another_source_must_be_surer(self) -> None:
        known = fact("DE", Source.PHONE, confidence=0.8)
        assert not supersedes(fact("FR", Source.EMAIL, days=5, confidence=0.7), known)
        assert supersedes(fact("FR", Source.EMAIL, confidence=0.9), known)


class TestMerge:
    def test_new_keys_join_and_known_ones_stay(self) -> None:
        known = {"country": fact("DE", Source.PERSON), "domain": fact("acme.io", Source.EMAIL, key="domain")}
        merged = merge(known, [fact("FR", Source.PHONE), fact("Acme", Source.EMAIL, key="company")])
        assert {key: each.value for key, each in merged.items()} == {
            "country": "DE",
            "domain": "acme.io",
            "company": "Acme",
        }


class TestJson:
    def test_it_comes_back_equal(self) -> None:
        for each in (
            fact("DE", Source.PHONE),
            Fact("email_valid", value=False, source="email", at=NOW, confidence=1.0),
        ):
            assert Fact.from_json(each.key, json.loads(json.dumps(each.to_json()))) == each
