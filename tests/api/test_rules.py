import pytest

from leadflow.api import rules
from leadflow.api.rules import Area


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("/", Area.PAGE),
        ("/leads", Area.PAGE),
        ("/theme.css", Area.STATIC),
        ("/theme.css.map", Area.PAGE),
        ("/assets/entry.client-BX3f9aQ1.js", Area.STATIC),
        ("/login", Area.DOOR),
        ("/login/", Area.PAGE),
        ("/forgot-password", Area.DOOR),
        ("/reset-password", Area.DOOR),
        ("/verify-email", Area.DOOR),
        ("/mail-catcher", Area.INSIDE),
        ("/mail-catcher/", Area.PAGE),
        ("/loginx", Area.PAGE),
        ("/f/contact-x", Area.FORM),
        ("/f", Area.PAGE),
        ("/api/v1/leads", Area.API_V1),
        ("/api/v1", Area.API),
        ("/api/v2/leads", Area.API),
        ("/api/health/live", Area.HEALTH),
        ("/api/health/live/x", Area.API),
        ("/api/live", Area.API),
        ("/apix", Area.PAGE),
        ("/_event", Area.SOCKET),
        ("/_event/", Area.SOCKET),
        ("/_events", Area.CLOSED),
        ("/_upload", Area.CLOSED),
        ("/_health", Area.CLOSED),
        ("/ping", Area.CLOSED),
        ("/index.html", Area.PAGE),
    ],
)
def test_an_address_has_one_area_and_what_is_not_listed_is_a_page(path: str, area: Area) -> None:
    assert rules.area_of(path) is area


@pytest.mark.parametrize("path", ["/a/../login", "//login", "/f//x", "/a\\b", "/a\x00", "/.."])
def test_addresses_that_only_an_attack_contains_are_not_well_formed(path: str) -> None:
    assert not rules.is_well_formed(path, b"")


def test_a_nul_in_the_query_is_not_well_formed() -> None:
    assert not rules.is_well_formed("/leads", b"q=%00")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "evil",
        "",
        "javascript:alert(1)",
        "/\tx",
        "/login",
        "/ x",
    ],
)
def test_after_log_in_one_stays_here(elsewhere: str) -> None:
    assert rules.local_path(elsewhere) == "/"


def test_after_log_in_one_comes_back_with_the_filters() -> None:
    assert rules.local_path("/leads?stage=new&q=a%20b") == "/leads?stage=new&q=a%20b"
    assert rules.local_path("/mail-catcher") == "/mail-catcher"


def test_of_the_doors_only_the_one_that_needs_a_session_is_come_back_to() -> None:
    assert rules.local_path("/verify-email") == "/verify-email"
    for door in ("/verify-email?token=x", "/logout", "/login", "/reset-password", "/forgot-password"):
        assert rules.local_path(door) == "/"


@pytest.mark.parametrize(
    ("forwarded", "hops", "address"),
    [
        ("1.1.1.1", 0, "9.9.9.9"),
        ("1.1.1.1", 1, "1.1.1.1"),
        ("6.6.6.6, 1.1.1.1", 1, "1.1.1.1"),
        ("6.6.6.6, 1.1.1.1, 2.2.2.2", 2, "1.1.1.1"),
        ("1.1.1.1", 3, "1.1.1.1"),
        ("", 1, "9.9.9.9"),
    ],
)
def test_forwarded_addresses_count_only_as_far_as_proxies_are_trusted(forwarded: str, hops: int, address: str) -> None:
    assert rules.client_address("9.9.9.9", forwarded, hops) == address


def test_only_files_with_a_hash_in_their_name_are_kept_for_ever() -> None:
    assert "immutable" in rules.cache_control("/assets/entry.client-BX3f9aQ1.js", 200)
    assert "immutable" in rules.cache_control("/assets/inter-latin-5.3.0.woff2", 200)
    assert rules.cache_control("/assets/entry.client-BX3f9aQ1.js", 404) == "no-cache"
    assert rules.cache_control("/theme.css", 200) == "no-cache"
    assert rules.cache_control("/", 200) == "no-cache"
    assert rules.cache_control("/api/v1/leads", 200) == "no-store"


@pytest.mark.parametrize(
    ("headers", "strict", "verdict"),
    [
        ({"origin": "https://a.example"}, True, True),
        ({"origin": "https://a.example:444"}, True, False),
        ({"origin": "http://a.example"}, True, False),
        ({"origin": "null"}, True, False),
        ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, True, False),
        ({}, True, False),
        ({}, False, True),
        ({"sec-fetch-site": "same-origin"}, True, True),
        ({"sec-fetch-site": "same-site"}, True, False),
        ({"sec-fetch-site": "cross-site"}, False, False),
    ],
)
def test_a_write_comes_from_our_own_pages(headers: dict[str, str], strict: bool, verdict: bool) -> None:
    assert rules.is_same_origin(headers, "https://a.example", strict=strict) is verdict


def test_request_ids_of_callers_are_kept_only_when_they_look_like_one() -> None:
    assert rules.request_id("trace-12345678") == "trace-12345678"
    assert rules.request_id("a\nb: c") != "a\nb: c"
    assert len(rules.request_id("")) == 32


def test_only_a_file_of_leads_may_be_large() -> None:
    sizes = {
        path: rules.body_limit(path) // 1024
        for path in ("/api/v1/imports", "/api/v1/leads/batch", "/api/v1/leads", "/login", "/f/x")
    }
    assert list(sizes.values()) == [200 * 1024, 8 * 1024, 1024, 64, 64]
    assert rules.body_limit("/api/v1/imports/x/commit") == rules.MEBIBYTE
