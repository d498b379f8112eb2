"""Leads as files through the API."""

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.spreadsheet import MARK
from tests.api.conftest import Opens
from tests.fixtures.cast import Company, Member
from tests.intake.editing.desk import some
from tests.intake.exporting.desk import rows_of

EXPORT = "/api/v1/leads/export"


@pytest.fixture
async def three(app: App, northwind: Company) -> list[str]:
    ids = await some(app, northwind.owner, 3, source="fair")
    return [str(lead) for lead in ids]


async def test_a_view_as_a_file(browser: Opens, northwind: Company, three: list[str]) -> None:
    client = await browser(northwind.manager)
    answer = await client.get(f"{EXPORT}?format=csv&columns=name,source&sort=name&source=fair&bom=false")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["x-leads"] == "3"
    assert answer.headers["content-disposition"].startswith('attachment; filename="leads-20')
    assert answer.content == b"Name,Source\r\nLead 0,fair\r\nLead 1,fair\r\nLead 2,fair\r\n"
    assert (await client.get(EXPORT)).content.startswith(MARK + b"Name,Email,")
    assert len(rows_of((await client.get(f"{EXPORT}?format=xlsx&source=web")).content)) == 1


async def test_a_selection_as_a_file_and_what_it_would_be(browser: Opens, northwind: Company, three: list[str]) -> None:
    client = await browser(northwind.manager)
    looked = (await client.post(f"{EXPORT}/preview", json={"leads": three[:2]})).json()
    assert (looked["leads"], looked["beyond"], looked["spreadsheet_rows"]) == (2, 0, 1_048_575)
    assert looked["columns"][0] == {"key": "name", "label": "Name"}
    answer = await client.post(EXPORT, json={"leads": three[:2], "format": "xlsx", "columns": ["name"], "sort": "name"})
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    assert rows_of(answer.content) == [["Name"], ["Lead 0"], ["Lead 1"]]
    mine = await (await browser(northwind.rep)).post(f"{EXPORT}/preview", json={"filter": {}})
    assert (mine.json()["leads"], mine.json()["beyond"]) == (0, 3)


async def test_what_cannot_be_is_refused_before_the_file_begins(
    browser: Opens, northwind: Company, three: list[str]
) -> None:
    client = await browser(northwind.owner)
    for query in ("format=pdf", "columns=password", "colour=red", "sort=owner", "limit=5"):
        answer = await client.get(f"{EXPORT}?{query}")
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), query
    assert (await client.post(EXPORT, json={"leads": three, "filter": {}})).status_code == 422
    assert (await (await browser(northwind.viewer)).get(EXPORT)).status_code == 403


async def test_mallory_exports_nothing_of_northwinds(browser: Opens, mallory: Member, three: list[str]) -> None:
    client = await browser(mallory)
    assert (await client.get(f"{EXPORT}?columns=name&bom=false")).content == b"Name\r\n"
    assert (await client.post(EXPORT, json={"leads": three, "columns": ["name"], "bom": False})).content == b"Name\r\n"
    assert (await client.post(f"{EXPORT}/preview", json={"leads": three})).json()["leads"] == 0
