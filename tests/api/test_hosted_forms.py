"""Hosted forms: what a visitor can do, what a bot cannot, and what is kept."""

import asyncio
import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from tests.api.conftest import ORIGIN, Opens, Site, fresh_address
from tests.api.hosted import ANSWERS, CONSENT, FORM, rows
from tests.fixtures.cast import Member
from tests.fixtures.engines import TestDatabase
from tests.fixtures.fingerprint import fingerprint


async def test_what_is_sent_becomes_a_lead_with_the_words_that_were_agreed_to(
    visitor: httpx.AsyncClient, form: dict[str, Any], browser: Opens, ada: Member, app: App
) -> None:
    path = f"/f/{form['slug']}"
    answer = await visitor.post(f"{path}?utm_source=fair&utm_campaign=spring&other=1", data=ANSWERS)
    assert answer.status_code == 303
    thanks = await visitor.get(answer.headers["location"])
    assert "See you soon." in thanks.text
    client = await browser(ada)
    (row,) = (await client.get("/api/v1/leads")).json()["items"]
    assert (row["name"], row["company"], row["source"]) == ("Grace Hopper", "Navy", "form:book-a-demo")
    lead = (await client.get(f"/api/v1/leads/{row['id']}")).json()["lead"]
    assert lead["custom"] == {"team_size": "12", "utm_source": "fair", "utm_campaign": "spring"}
    assert lead["consent"]["text"] == CONSENT
    assert lead["consent"]["source"] == "Book a demo"
    timeline = (await client.get(f"/api/v1/leads/{row['id']}/timeline")).json()["items"]
    told = {item["kind"]: (item["actor"], item["detail"]) for item in timeline}
    assert told["behaviour.form_submitted"] == ("Form", "Book a demo: Hello,\r\nI have questions.")
    assert told["lead.captured"][0] == "Form"
    assert await rows(app, ada, "SELECT count(*) FROM event e WHERE e::text LIKE '%questions%'") == [(0,)]
    ((answers, consent, consented),) = await rows(
        app, ada, "SELECT answers, consent_text, consented FROM form_submission"
    )
    assert answers["message"] == ANSWERS["message"]
    assert (consent, consented) == (CONSENT, True)
    (listed,) = (await client.get("/api/v1/forms")).json()["items"]
    assert listed["submissions"] == 1


async def test_later_words_do_not_change_what_was_agreed_to(
    visitor: httpx.AsyncClient, form: dict[str, Any], browser: Opens, ada: Member, app: App
) -> None:
    await visitor.post(f"/f/{form['slug']}", data=ANSWERS)
    changed = await (await browser(ada)).patch(f"/api/v1/forms/{form['id']}", json={"consent_text": "Anything goes."})
    assert changed.json()["form"]["consent_text"] == "Anything goes."
    assert await rows(app, ada, "SELECT consent_text FROM form_submission") == [(CONSENT,)]


async def test_the_page_works_without_javascript_and_escapes_everything(
    visitor: httpx.AsyncClient, form: dict[str, Any]
) -> None:
    page = await visitor.get(f"/f/{form['slug']}?utm_source=%22%3E%3Cscript%3E")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "&lt;my&gt; request" in page.text
    assert re.search(
        r'<input id="f-email"[^>]*type="email"[^>]*autocomplete="email"[^>]*required', page.text, re.DOTALL
    )
    for field in re.findall(r'<(?:input|textarea) id="(f-\w+)"', page.text):
        assert f'<label for="{field}">' in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


async def test_mistakes_stand_beside_their_fields_and_nothing_that_was_typed_is_lost(
    visitor: httpx.AsyncClient, form: dict[str, Any], database: TestDatabase
) -> None:
    before = await fingerprint(database)
    sent = ANSWERS | {"email": "grace", "team_size": " ", "company": '"><b>Navy'}
    answer = await visitor.post(f"/f/{form['slug']}", data=sent)
    assert answer.status_code == 422
    assert "Please fill in: Team size." in answer.text
    assert "Grace Hopper" in answer.text
    assert "&#34;&gt;&lt;b&gt;Navy" in answer.text
    assert "Hello,\r\nI have questions." in answer.text.replace("\n", "\r\n").replace("\r\r", "\r")
    assert await fingerprint(database) == before
    again = await visitor.post(f"/f/{form['slug']}", data=sent | {"team_size": "12"})
    assert "is not an e-mail address" in again.text.replace("&#39;", "'")


async def test_without_the_consent_nothing_is_stored(
    visitor: httpx.AsyncClient, form: dict[str, Any], database: TestDatabase
) -> None:
    before = await fingerprint(database)
    for consent in ({}, {"consent": "no"}, {"consent": ""}):
        sent = {key: value for key, value in ANSWERS.items() if key != "consent"} | consent
        answer = await visitor.post(f"/f/{form['slug']}", data=sent)
        assert answer.status_code == 422
        assert "Please tick this box" in answer.text
    assert await fingerprint(database) == before


async def test_whoever_fills_in_the_trap_is_thanked_and_forgotten(
    visitor: httpx.AsyncClient, form: dict[str, Any], database: TestDatabase
) -> None:
    before = await fingerprint(database)
    caught = await visitor.post(f"/f/{form['slug']}", data=ANSWERS | {"website": "http://spam.example"})
    assert caught.status_code == 303
    assert await fingerprint(database) == before
    honest = await visitor.post(f"/f/{form['slug']}", data=ANSWERS)
    assert (caught.status_code, caught.headers["location"]) == (honest.status_code, honest.headers["location"])


async def test_one_address_cannot_flood_a_form(site: Site, form: dict[str, Any], still: FixedClock) -> None:
    async with site.client(address=fresh_address()) as client:
        statuses = [
            (await client.post(f"/f/{form['slug']}", data=ANSWERS | {"email": f"p{n}@example.com"})).status_code
            for n in range(22)
        ]
        assert statuses == [303] * 20 + [429] * 2
        limited = await client.post(f"/f/{form['slug']}", data=ANSWERS)
        assert limited.headers["retry-after"] == "600"
        assert "Grace Hopper" in limited.text
    async with site.client(address=fresh_address()) as other:
        assert (await other.post(f"/f/{form['slug']}", data=ANSWERS)).status_code == 303


async def test_a_page_sent_twice_is_stored_once(
    visitor: httpx.AsyncClient, form: dict[str, Any], ada: Member, app: App
) -> None:
    page = await visitor.get(f"/f/{form['slug']}")
    number = re.search(r'name="form_page" value="([\w-]+)"', page.text)
    assert number is not None
    sent = ANSWERS | {"form_page": number[1]}
    answers = await asyncio.gather(*(visitor.post(f"/f/{form['slug']}", data=sent) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {303}
    assert await rows(app, ada, "SELECT count(*) FROM form_submission") == [(1,)]
    assert await rows(app, ada, "SELECT count(*) FROM event WHERE kind LIKE 'lead.%'") == [(1,)]


async def test_the_same_person_twice_is_one_lead(
    visitor: httpx.AsyncClient, form: dict[str, Any], ada: Member, app: App
) -> None:
    for _ in range(2):
        await visitor.post(f"/f/{form['slug']}", data=ANSWERS)
    assert await rows(app, ada, "SELECT (SELECT count(*) FROM lead), count(*) FROM form_submission") == [(1, 2)]


@pytest.mark.parametrize("slug", ["none", "x" * 500, "%20", "' OR 1=1", "é"])
async def test_a_form_that_is_not_there(visitor: httpx.AsyncClient, slug: str) -> None:
    for answer in (await visitor.get(f"/f/{slug}"), await visitor.post(f"/f/{slug}", data=ANSWERS)):
        assert answer.status_code == 404
        assert "This form does not exist" in answer.text


async def test_a_closed_form_takes_nothing(
    visitor: httpx.AsyncClient, form: dict[str, Any], browser: Opens, ada: Member, database: TestDatabase
) -> None:
    await (await browser(ada)).patch(f"/api/v1/forms/{form['id']}", json={"is_open": False})
    before = await fingerprint(database)
    for answer in (await visitor.get(f"/f/{form['slug']}"), await visitor.post(f"/f/{form['slug']}", data=ANSWERS)):
        assert answer.status_code == 404
        assert "This form is closed" in answer.text
    assert await fingerprint(database) == before


async def test_the_visitors_own_session_plays_no_part(
    browser: Opens, form: dict[str, Any], mallory: Member, ada: Member, app: App
) -> None:
    client = await browser(mallory)
    assert (await client.post(f"/f/{form['slug']}", data=ANSWERS)).status_code == 303
    assert await rows(app, ada, "SELECT DISTINCT actor_kind FROM event WHERE lead_id IS NOT NULL") == [("form",)]
    assert await rows(app, mallory, "SELECT count(*) FROM lead") == [(0,)]


async def test_snippets_can_be_pasted_anywhere(form: dict[str, Any], visitor: httpx.AsyncClient) -> None:
    assert form["embed"].startswith(f'<iframe src="{ORIGIN}/f/{form["slug"]}" title="Book a demo"')
    assert f'action="{ORIGIN}/f/{form["slug"]}"' in form["html"]
    assert "&lt;my&gt;" in form["html"]
    names = set(re.findall(r'name="(\w+)"', form["html"]))
    assert names == {"name", "email", "phone", "company", "team_size", "message", "website", "consent"}


async def test_the_address_of_a_form_says_nothing_about_others_and_stays(
    browser: Opens, ada: Member, mallory: Member
) -> None:
    hers, theirs = await browser(ada), await browser(mallory)
    body = {"title": "Contact", "fields": ["email"], "slug": "contact"}
    slugs = [(await client.post("/api/v1/forms", json=body)).json()["slug"] for client in (hers, theirs)]
    assert all(re.fullmatch(r"contact-[a-z0-9]{7}", slug) for slug in slugs)
    form_id = (await hers.get("/api/v1/forms")).json()["items"][0]["id"]
    assert (await hers.patch(f"/api/v1/forms/{form_id}", json={"slug": slugs[0], "title": "Talk"})).status_code == 200
    refused = await hers.patch(f"/api/v1/forms/{form_id}", json={"slug": "other"})
    assert refused.json()["errors"][0]["field"] == "slug"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"fields": []}, "fields"),
        ({"fields": ["name", "message"]}, "fields"),
        ({"fields": ["email", "email"]}, "fields"),
        ({"fields": ["email", "website"]}, "fields"),
        ({"fields": ["email"] + [f"f{n}" for n in range(20)]}, "fields"),
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"colour": "red"}, "colour"),
        ({"slug": "../x"}, "slug"),
    ],
)
async def test_a_form_that_cannot_be_is_not_made(
    browser: Opens, ada: Member, change: dict[str, Any], field: str
) -> None:
    client = await browser(ada)
    answer = await client.post("/api/v1/forms", json=FORM | change)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].split(".")[0] == field
    assert (await client.get("/api/v1/forms")).json()["items"] == []


async def test_an_unknown_form_cannot_be_changed(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    for form_id in (str(uuid4()), "x"):
        assert (await client.patch(f"/api/v1/forms/{form_id}", json={"title": "X"})).status_code == 404
