"""What an e-mail address, a phone number and a look at the DNS say about a lead. Pure: no network, no clock."""

from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

import phonenumbers
from disposable_email_domains import blocklist
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumberType
from phonenumbers.timezone import time_zones_for_number
from tldextract import TLDExtract

from leadflow.enrichment.domains import FREE, MAIL_PROVIDERS, ROLES
from leadflow.enrichment.facts import Fact, Key, Source
from leadflow.enrichment.ports import MxResult, MxStatus

LATE: Final = timedelta(hours=1)
"""A lead that we hear of later than this came in before it was told to us: with an import, or a replay."""
_PHONE_TYPES: Final = {
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "landline or mobile",
    PhoneNumberType.TOLL_FREE: "toll-free",
    PhoneNumberType.PREMIUM_RATE: "premium rate",
    PhoneNumberType.SHARED_COST: "shared cost",
    PhoneNumberType.VOIP: "internet",
    PhoneNumberType.UAN: "company-wide",
}
_PLACELESS: Final = frozenset({"toll-free", "premium rate", "shared cost", "company-wide"})
_UNKNOWN_ZONE: Final = "Etc/Unknown"
_RESERVED: Final = frozenset({"example", "invalid", "localhost", "test"})
_RESERVED_DOMAINS: Final = frozenset({"example.com", "example.net", "example.org"})


class EmailKind(StrEnum):
    BUSINESS = "business"
    FREE = "free"
    ROLE = "role"
    DISPOSABLE = "disposable"


class Deliverable(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def email_facts(email: str, at: datetime) -> list[Fact]:
    """Everything that an address tells by itself; an invalid one tells only that."""
    parts = split_email(email)
    valid = Fact(Key.EMAIL_VALID, value=parts is not None, source=Source.EMAIL, at=at, confidence=1.0)
    if parts is None:
        return [valid, Fact(Key.DELIVERABLE, Deliverable.NO, Source.EMAIL, at, 1.0)]
    local, domain = parts
    kind = email_kind(local, domain)
    facts = [
        valid,
        Fact(Key.EMAIL_DOMAIN, domain, Source.EMAIL, at, 1.0),
        Fact(Key.EMAIL_KIND, kind, Source.EMAIL, at, 0.95),
    ]
    if kind in (EmailKind.BUSINESS, EmailKind.ROLE) and (registrable := registrable_domain(domain)):
        facts.append(Fact(Key.DOMAIN, registrable, Source.EMAIL, at, 0.9))
        facts.append(Fact(Key.COMPANY, company_name(registrable), Source.EMAIL, at, 0.5))
    return facts


def phone_facts(phone_e164: str, at: datetime) -> list[Fact]:
    """What a number in E.164 tells: its type, and where its owner probably is."""
    try:
        number = phonenumbers.parse(phone_e164, None)
    except phonenumbers.NumberParseException:
        return [Fact(Key.PHONE_VALID, value=False, source=Source.PHONE, at=at, confidence=1.0)]
    valid = phonenumbers.is_valid_number(number)
    facts = [Fact(Key.PHONE_VALID, value=valid, source=Source.PHONE, at=at, confidence=0.9)]
    if not valid:
        return facts
    kind = _PHONE_TYPES.get(phonenumbers.number_type(number))
    if kind:
        facts.append(Fact(Key.PHONE_TYPE, kind, Source.PHONE, at, 0.9))
    country = phonenumbers.region_code_for_number(number)
    if country and country.isalpha() and kind not in _PLACELESS:
        facts.append(Fact(Key.COUNTRY, country, Source.PHONE, at, 0.8))
    zones = time_zones_for_number(number)
    if len(zones) == 1 and zones[0] != _UNKNOWN_ZONE:
        facts.append(Fact(Key.TIME_ZONE, zones[0], Source.PHONE, at, 0.7))
    return facts


def mail_facts(result: MxResult, at: datetime) -> list[Fact]:
    """What the mail exchangers of an address's domain tell."""
    verdict, confidence = _DELIVERABLE[result.status]
    facts = [Fact(Key.DELIVERABLE, verdict, Source.DNS, at, confidence)]
    if provider := mail_provider(result.hosts):
        facts.append(Fact(Key.MAIL_PROVIDER, provider, Source.DNS, at, 0.9))
    return facts


@lru_cache(maxsize=1024)
def known_since(captured_at: datetime, now: datetime, *, is_first: bool) -> datetime:
    """From when on it counts what a look-up has found.

    What the first one finds of an address was so when the lead came in. Of a lead that came in long ago it counts from
    then: otherwise all that is learned from the time between would know nothing of it, and nobody's outcome of those
    days would come before the news of today.
    """
    return captured_at if is_first and captured_at < now - LATE else now


def split_email(email: str) -> tuple[str, str] | None:
    """Local part and ASCII domain, both lower case; None when this is no address at all.

    >>> split_email("Ada@Bücher.Example"), split_email("ada@"), split_email("ada@acme")
    (('ada', 'xn--bcher-kva.example'), None, None)
    """
    try:
        address = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return address.local_part.lower(), (address.ascii_domain or address.domain).lower()


def email_kind(local: str, domain: str) -> EmailKind:
    """
    >>> email_kind("ada", "acme.io"), email_kind("info", "acme.io"), email_kind("info", "gmail.com")
    (<EmailKind.BUSINESS: 'business'>, <EmailKind.ROLE: 'role'>, <EmailKind.FREE: 'free'>)
    """
    if is_disposable(domain):
        return EmailKind.DISPOSABLE
    if domain in FREE:
        return EmailKind.FREE
    return EmailKind.ROLE if local.partition("+")[0] in ROLES else EmailKind.BUSINESS


def is_disposable(domain: str) -> bool:
    """The domain or one above it is known for throw-away addresses."""
    labels = domain.split(".")
    return any(".".join(labels[i:]) in blocklist for i in range(len(labels) - 1))


def is_reserved(domain: str) -> bool:
    """Set aside for documentation and tests (RFC 2606, RFC 6761): there is nothing to look up."""
    labels = domain.split(".")
    return labels[-1] in _RESERVED or ".".join(labels[-2:]) in _RESERVED_DOMAINS


def registrable_domain(domain: str) -> str:
    """The part that somebody bought; empty for a bare suffix.

    >>> registrable_domain("mail.acme-robotics.co.uk"), registrable_domain("co.uk")
    ('acme-robotics.co.uk', '')
    """
    return _suffixes()(domain).top_domain_under_public_suffix


def company_name(registrable: str) -> str:
    """A guess at a company's name from its domain.

    >>> company_name("acme-robotics.co.uk"), company_name("ibm.com")
    ('Acme Robotics', 'IBM')
    """
    label = _readable(_suffixes()(registrable).domain)
    words = [word for word in label.replace("_", "-").split("-") if word]
    if len(words) == 1 and len(label) <= _ACRONYM:
        return label.upper()
    return " ".join(word.capitalize() for word in words)


def mail_provider(hosts: tuple[str, ...]) -> str:
    """Whose mail servers these are, the preferred host first; empty when not known.

    >>> mail_provider(("aspmx.l.google.com",)), mail_provider(("mx.acme.io",))
    ('Google Workspace', '')
    """
    for host in hosts:
        name = "." + host.lower().rstrip(".")
        for ending, provider in MAIL_PROVIDERS:
            if name.endswith("." + ending):
                return provider
    return ""


_ACRONYM: Final = 3
_DELIVERABLE: Final = {
    MxStatus.HAS_MX: (Deliverable.YES, 0.8),
    MxStatus.IMPLICIT: (Deliverable.UNKNOWN, 0.3),
    MxStatus.NULL_MX: (Deliverable.NO, 1.0),
    MxStatus.NO_MX: (Deliverable.NO, 0.9),
    MxStatus.NO_DOMAIN: (Deliverable.NO, 0.95),
    MxStatus.UNKNOWN: (Deliverable.UNKNOWN, 0.0),
}


def _readable(label: str) -> str:
    """An internationalised label in its own letters."""
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label


@cache
def _suffixes() -> TLDExtract:
    """The public suffix list that comes with the package: nothing is fetched, nothing is cached on disk."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None)
