"""A file becomes leads: what goes in, what stays out, and what is told of both."""

import csv
import io
import random

import pytest

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.intake import importing
from leadflow.intake.importing import ImportNotFound, UnreadableFile, limits
from leadflow.kernel.errors import Forbidden, LeadFlowError
from leadflow.leads import CaptureLead
from tests.fixtures.cast import Member
from tests.intake.importing.conftest import PEOPLE, Ask, Imports, uploaded


def read(rejected: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(rejected.decode("utf-8-sig"), newline="")))


async def test_good_rows_become_leads_and_bad_ones_come_back(ada: Member, imports: Imports, ask: Ask) -> None:
    done = await imports(ada, PEOPLE, {
        "Name": "name", "E-mail": "email", "Phone": "phone", "Company": "company", "Title": "title", "Value": "value",
        "Team": "custom",
    })  # fmt: skip
    assert done.counts == (1, 2, 2)
    assert (done.progress["status"], done.progress["rows"], done.progress["rows_done"]) == ("done", 5, 5)
    (lead,) = ask("SELECT * FROM lead WHERE organization_id = %s", ada.organization_id)
    assert (lead["name"], lead["phone"], lead["company"], lead["value"]) == (
        "Ada Lovelace",
        "+4930901820",
        "Analytical",
        123450,
    )
    assert (lead["custom"], lead["source"], lead["domain"]) == ({"Team": "blue"}, "import", "example.com")
    assert read(done.rejected) == [
        ["Name", "E-mail", "Phone", "Company", "Title", "Value", "Team", "row", "problem"],
        ["Bo", "nobody", "", "", "", "", "", "3", "email: 'nobody' is not an e-mail address."],
        ["Cy", "cy@example.com", "", "", "", "lots", "", "4", "value: 'lots' is not an amount of money."],
    ]


async def test_what_an_import_tells_the_log_and_the_queue(ada: Member, imports: Imports, ask: Ask) -> None:
    done = await imports(ada, b"email\na@example.com\nb@example.com\nA@example.com\n")
    events = ask(
        "SELECT kind, actor_kind, actor_id, data FROM event WHERE organization_id = %s AND kind ~ 'lead|import' ORDER BY xid, seq",
        ada.organization_id,
    )
    assert [event["kind"] for event in events] == [
        "lead.captured", "lead.captured", "lead.joined", "import.advanced", "import.finished",
    ]  # fmt: skip
    assert {event["actor_id"] for event in events} == {ada.actor.id}
    assert events[-1]["data"] == {
        "import_id": str(done.id), "filename": "leads.csv", "created": 2, "joined": 1, "rejected": 0,
        "by": str(ada.actor.id),
    }  # fmt: skip
    (job,) = ask(
        "SELECT payload FROM job WHERE organization_id = %s AND kind = 'enrichment.enrich'", ada.organization_id
    )
    assert len(job["payload"]["lead_ids"]) == 2


async def test_leads_can_be_found_by_what_the_file_said(ada: Member, imports: Imports, ask: Ask) -> None:
    await imports(ada, "name,email,company\nZoë Straße,zoe@example.com,Àcme\n".encode())
    assert [
        row["words"] for row in ask("SELECT words FROM lead_search WHERE organization_id = %s", ada.organization_id)
    ] == ["zoe strasse zoe@example.com acme"]
    assert ask("SELECT * FROM lead_search_backlog WHERE organization_id = %s", ada.organization_id) == []


async def test_somebody_we_know_is_joined_and_completed(app: App, ada: Member, imports: Imports, ask: Ask) -> None:
    async with app.work(ada) as work:
        known = await leads.capture(work, CaptureLead(email="ada@example.com", name="Ada"))
    done = await imports(
        ada, b"email,name,company,phone\nAda@Example.com,Countess,Analytical,+4930901820\n,Bo,,+4930901820\n"
    )
    assert done.counts == (0, 2, 0)
    (lead,) = ask("SELECT * FROM lead WHERE organization_id = %s", ada.organization_id)
    assert (lead["id"], lead["name"], lead["company"], lead["phone"]) == (
        known.lead_id,
        "Ada",
        "Analytical",
        "+4930901820",
    )


async def test_a_dry_run_tells_what_would_happen_and_writes_nothing(app: App, ada: Member, ask: Ask) -> None:
    async with app.work(ada) as work:
        await leads.capture(work, CaptureLead(email="cy@example.com"))
    found = await uploaded(app, ada, PEOPLE)
    before = ask(
        "SELECT count(*) AS n, max(xid::text::bigint) AS x FROM event WHERE organization_id = %s", ada.organization_id
    )
    outcome = await importing.dry_run(app, ada, found.id, {**found.suggested, "Value": None})
    assert (outcome.new, outcome.existing, outcome.duplicates_in_file, outcome.invalid) == (1, 1, 2, 1)
    assert outcome.problems == [{"row": 3, "field": "email", "message": "'nobody' is not an e-mail address."}]
    after = ask(
        "SELECT count(*) AS n, max(xid::text::bigint) AS x FROM event WHERE organization_id = %s", ada.organization_id
    )
    assert before == after


async def test_a_dry_run_foretells_the_import(app: App, ada: Member, imports: Imports) -> None:
    chance = random.Random(11)
    rows = [
        f"p{chance.randrange(1500)}@example.com,+4930{chance.randrange(3000):07d},{chance.choice(['', 'x', '12'])}"
        for _ in range(9000)
    ]
    content = ("email,phone,value\n" + "\n".join(rows)).encode()
    found = await uploaded(app, ada, content)
    outcome = await importing.dry_run(app, ada, found.id, found.suggested)
    assert len(outcome.problems) == 50
    done = await imports(ada, content)
    assert done.counts == (outcome.new, outcome.duplicates_in_file, outcome.invalid)


async def test_the_first_row_about_somebody_makes_the_lead(ada: Member, imports: Imports, ask: Ask) -> None:
    count = 3 * limits.CHUNK_ROWS
    lines = [f"p{i % (limits.CHUNK_ROWS - 7)}@example.com,name {i}" for i in range(count)]
    done = await imports(ada, ("email,name\n" + "\n".join(lines)).encode())
    assert done.counts == (limits.CHUNK_ROWS - 7, count - (limits.CHUNK_ROWS - 7), 0)
    names = ask("SELECT name FROM lead WHERE organization_id = %s", ada.organization_id)
    assert {row["name"] for row in names} == {f"name {i}" for i in range(limits.CHUNK_ROWS - 7)}


async def test_the_answer_to_an_upload_describes_the_file(app: App, ada: Member) -> None:
    found = (
        await uploaded(app, ada, "Vorname;E-Mail;Größe\nAda;ada@example.com;L\n\nBo;;\n".encode("cp1252"))
    ).as_json()
    assert (found["rows"], found["encoding"], found["delimiter"], found["warnings"]) == (2, "Windows-1252", ";", [])
    assert found["columns"] == [
        {"name": "Vorname", "samples": ["Ada", "Bo"], "suggested": "first_name"},
        {"name": "E-Mail", "samples": ["ada@example.com"], "suggested": "email"},
        {"name": "Größe", "samples": ["L"], "suggested": None},
    ]


@pytest.mark.parametrize(
    "content", [b"", b"name,email\n", b"PK\x03\x04", (",".join(map(str, range(1000))) + "\n1\n").encode()]
)
async def test_a_file_that_cannot_be_read_leaves_nothing_behind(
    app: App, ada: Member, ask: Ask, content: bytes
) -> None:
    with pytest.raises(UnreadableFile):
        await uploaded(app, ada, content)
    for table in ("lead_import", "import_part"):
        assert ask(f"SELECT * FROM {table} WHERE organization_id = %s", ada.organization_id) == []


async def test_a_file_over_the_limit_is_refused_while_it_is_sent(
    app: App, ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadflow.intake.importing.uploading.MAX_BYTES", 200_000)
    with pytest.raises(LeadFlowError, match="split it"):
        await uploaded(app, ada, b"email\n" + b"a@example.com\n" * 20_000)


async def test_everything_that_can_be_wrong_with_a_row(ada: Member, imports: Imports) -> None:
    lines = [
        b"email,name,value,note",
        b"good@example.com,=HYPERLINK(1),5,x",
        b"short@example.com",
        b"long@example.com,a,b,c,d",
        b"nul@example.com,a\0b,,",
        b"latin@example.com,caf\xe9,,",
        "wide@example.com,café,,".encode(),
        b"huge@example.com,x,," + b"z" * 150_000,
        b'"open@example.com,x,,',
        b"after@example.com,ok,,",
        b"money@example.com,x,-3,",
        b"name@example.com," + b"n" * 201 + b",,",
        b"custom@example.com,x,," + b"c" * 1001,
        b"=cmd|' /C calc'!A0,@x,,",
        b",,,",
    ]
    mapping = {"email": "email", "name": "name", "value": "value", "note": "custom"}
    done = await imports(ada, b"\n".join(lines), mapping)
    assert done.counts == (3, 0, 10)
    rejected = read(done.rejected)
    told = {int(row[-2]): row[-1] for row in rejected[1:]}
    assert {line: words[:24] for line, words in told.items()} == {
        3: "This row has 1 cells, an",
        4: "This row has 5 cells, an",
        5: "This row contains the ch",
        6: "This row has characters ",
        8: "A cell of this row is lo",
        9: "A quote is opened in thi",
        11: "value: '-3' is not an am",
        12: "name: Use at most 200 ch",
        13: "custom.note: Use text, a",
        14: "email: \"=cmd|' /C calc'!",
    }
    assert max(len(cell) for row in rejected for cell in row) <= 1001
    assert rejected[-1][0] == "'=cmd|' /C calc'!A0"


async def test_formulas_go_in_as_the_text_they_are(ada: Member, imports: Imports, ask: Ask) -> None:
    await imports(ada, b'email,name,company\na@example.com,=1+1,"@SUM(""x"")\\t"\n')
    (lead,) = ask("SELECT name, company FROM lead WHERE organization_id = %s", ada.organization_id)
    assert lead == {"name": "=1+1", "company": '@SUM("x")\\t'}


async def test_odd_characters_survive(ada: Member, imports: Imports, ask: Ask) -> None:
    odd = 'tab\there "quoted" back\\slash \\N new\nline é 漢 🎉'
    text = io.StringIO()
    csv.writer(text).writerows([["email", "name", "note"], ["a@example.com", odd, odd]])
    await imports(ada, text.getvalue().encode(), {"email": "email", "name": "name", "note": "custom"})
    (lead,) = ask("SELECT name, custom FROM lead WHERE organization_id = %s", ada.organization_id)
    assert lead == {"name": odd, "custom": {"note": odd}}
    (event,) = ask("SELECT data FROM event WHERE organization_id = %s AND kind = 'lead.captured'", ada.organization_id)
    assert event["data"]["custom"] == {"note": odd}


@pytest.mark.parametrize("codec", ["utf-16", "utf-8-sig", "cp1252"])
async def test_every_encoding_goes_in(ada: Member, imports: Imports, ask: Ask, codec: str) -> None:
    rows = "".join(f"Zoë {i};p{i}@example.com\r\n" for i in range(6000))
    done = await imports(ada, ("Name;E-Mail\r\n" + rows).encode(codec))
    assert done.counts == (6000, 0, 0)
    assert (
        ask("SELECT count(*) AS n FROM lead WHERE organization_id = %s AND name LIKE 'Zoë %%'", ada.organization_id)[0][
            "n"
        ]
        == 6000
    )


async def test_mallory_sees_nothing_of_it(app: App, ada: Member, mallory: Member, imports: Imports) -> None:
    done = await imports(ada, PEOPLE)
    waiting = await uploaded(app, ada, PEOPLE)
    for import_id in (done.id, waiting.id):
        async with app.work(mallory) as work:
            with pytest.raises(ImportNotFound):
                await importing.progress_of(work, import_id)
            with pytest.raises(ImportNotFound):
                await importing.commit(work, import_id, waiting.suggested)
        with pytest.raises(ImportNotFound):
            await importing.dry_run(app, mallory, import_id, waiting.suggested)
        with pytest.raises(ImportNotFound):
            await importing.rejected_csv(app, mallory, import_id)
        with pytest.raises(ImportNotFound):
            await importing.run_import(app, mallory, import_id)


async def test_without_the_permission_nothing_can_be_done(app: App, ben: Member) -> None:
    with pytest.raises(Forbidden):
        await uploaded(app, ben, PEOPLE)
    async with app.work(ben) as work:
        with pytest.raises(Forbidden):
            await importing.commit(work, ben.organization_id, {})
        with pytest.raises(Forbidden):
            await importing.progress_of(work, ben.organization_id)
