from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from leadflow.enrichment import rules
from leadflow.enrichment.domains import FREE, ROLES
from leadflow.enrichment.facts import Fact
from leadflow.enrichment.ports import MxResult, MxStatus

NOW = datetime(2025, 3, 3, tzinfo=UTC)


def values(facts: Sequence[Fact]) -> dict[str, str | bool]:
    assert all(each.at == NOW and 0 <= each.confidence <= 1 for each in facts)
    return {each.key: each.value for each in facts}


class TestEmailFacts:
    def test_a_business_address_tells_domain_and_company(self) -> None:
        assert values(rules.email_facts("Ada.Lovelace@mail.Acme-Robotics.co.uk", NOW)) == {
            "email_valid": True,
            "email_domain": "mail.acme-robotics.co.uk",
            "email_kind": "business",
            "domain": "acme-robotics.co.uk",
            "company": "Acme Robotics",
        }

    @pytest.mark.parametrize(
        ("email", "kind"),
        [
            ("ada@gmail.com", "free"),
            ("info@gmail.com", "free"),
            ("info@acme.io", "role"),
            ("Sales+web@acme.io", "role"),
            ("ada@mailinator.com", "disposable"),
            ("ada@sub.mailinator.com", "disposable"),
            ("info@yopmail.com", "disposable"),
            ("ada@acme.io", "business"),
            ("ada@notgmail.com", "business"),
        ],
    )
    def test_kinds(self, email: str, kind: str) -> None:
        assert values(rules.email_facts(email, NOW))["email_kind"] == kind

    def test_free_and_disposable_addresses_name_no_company(self) -> None:
        for email in ("ada@gmail.com", "ada@mailinator.com"):
            assert not {"company", "domain"} & values(rules.email_facts(email, NOW)).keys()

    @pytest.mark.parametrize(
        "email", ["", "ada", "ada@", "@acme.io", "ada@acme", "a b@acme.io", "ada@@acme.io", "ada@-x.io"]
    )
    def test_what_is_no_address_cannot_be_delivered(self, email: str) -> None:
        assert values(rules.email_facts(email, NOW)) == {"email_valid": False, "deliverable": "no"}

    def test_international_domains_are_read_in_ascii(self) -> None:
        facts = values(rules.email_facts("ada@bücher.de", NOW))
        assert (facts["email_domain"], facts["domain"]) == ("xn--bcher-kva.de", "xn--bcher-kva.de")
        assert facts["company"] == "Bücher"

    def test_reserved_names_are_addresses_without_a_verdict(self) -> None:
        assert "deliverable" not in values(rules.email_facts("ada@acme.example", NOW))
        domains = ("acme.example", "mail.example.com", "example.io", "acme.com")
        assert [rules.is_reserved(domain) for domain in domains] == [True, True, False, False]


class TestPhoneFacts:
    def test_a_number_tells_country_type_and_time_zone(self) -> None:
        assert values(rules.phone_facts("+4915112345678", NOW)) == {
            "phone_valid": True,
            "phone_type": "mobile",
            "country": "DE",
            "time_zone": "Europe/Berlin",
        }

    def test_several_time_zones_are_none(self) -> None:
        facts = values(rules.phone_facts("+61412345678", NOW))
        assert facts["country"] == "AU"
        assert "time_zone" not in facts

    def test_toll_free_numbers_are_nowhere(self) -> None:
        facts = values(rules.phone_facts("+18005551234", NOW))
        assert facts["phone_type"] == "toll-free"
        assert "country" not in facts

    @pytest.mark.parametrize("phone", ["", "nonsense", "030 123456", "+", "+99912345678901234567890"])
    def test_what_is_no_number_tells_only_that(self, phone: str) -> None:
        assert values(rules.phone_facts(phone, NOW)) == {"phone_valid": False}

    def test_a_number_that_cannot_exist_is_not_valid(self) -> None:
        assert values(rules.phone_facts("+491", NOW)) == {"phone_valid": False}


class TestMailFacts:
    @pytest.mark.parametrize(
        ("status", "verdict"),
        [
            (MxStatus.HAS_MX, "yes"),
            (MxStatus.NULL_MX, "no"),
            (MxStatus.NO_MX, "no"),
            (MxStatus.NO_DOMAIN, "no"),
            (MxStatus.IMPLICIT, "unknown"),
            (MxStatus.UNKNOWN, "unknown"),
        ],
    )
    def test_every_answer_has_a_verdict(self, status: MxStatus, verdict: str) -> None:
        assert values(rules.mail_facts(MxResult(status), NOW)) == {"deliverable": verdict}

    @pytest.mark.parametrize(
        ("host", "provider"),
        [
            ("aspmx.l.google.com", "Google Workspace"),
            ("ALT1.ASPMX.L.GOOGLE.COM.", "Google Workspace"),
            ("acme-com.mail.protection.outlook.com", "Microsoft 365"),
            ("mx.zoho.eu", "Zoho"),
            ("mx1-us1.ppe-hosted.com", "Proofpoint"),
            ("eu-smtp-inbound-1.mimecast.com", "Mimecast"),
        ],
    )
    def test_the_provider_is_known_by_its_hosts(self, host: str, provider: str) -> None:
        assert values(rules.mail_facts(MxResult(MxStatus.HAS_MX, (host,)), NOW))["mail_provider"] == provider

    def test_a_lookalike_is_not_the_provider(self) -> None:
        assert rules.mail_provider(("mx.notgoogle.com", "google.com.evil.io")) == ""


class TestLists:
    def test_they_are_lower_case_words(self) -> None:
        assert all(word == word.lower() and word for word in FREE | ROLES)
        assert len(FREE) >= 100
        assert len(ROLES) >= 60
        assert not any(rules.is_disposable(domain) for domain in ("gmail.com", "outlook.com", "proton.me", "gmx.de"))
