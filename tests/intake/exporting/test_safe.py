"""Nothing in a file runs, whatever somebody is called: the database says the same as `spreadsheet.neutral`."""

import csv
import io
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.intake.exporting.commands import Format
from leadflow.kernel.spreadsheet import SKIPPED, neutral
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.intake.editing.desk import some
from tests.intake.exporting.desk import download, rows_of

NASTY = st.text(
    st.one_of(
        st.sampled_from(
            [*"=+-@'\"\\,;\t\r\n 059().&<>_x", *SKIPPED.strip("\0"), "\ufffe", "\x1c", "\u2028", "_x0041_"[0]]
        ),
        st.characters(exclude_characters="\0", exclude_categories=["Cs"]),
    ),
    max_size=12,
)
UNSAID = re.compile("[\x01-\x08\x0b-\x1f\ufffe\uffff]")


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(NASTY, min_size=20, max_size=20))
async def test_the_database_and_the_rule_agree(app: App, ada: Member, names: list[str]) -> None:
    ids = sorted(await some(app, ada, len(names)))
    async with app.work(system_scope(ada.organization_id)) as work:
        said_so = "UPDATE lead SET name = n.name FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[])) n (id, name)"
        await work.session.execute(text(f"{said_so} WHERE lead.id = n.id"), {"ids": ids, "names": names})
    wanted = {"leads": tuple(ids), "columns": ("id", "name")}
    _, content = await download(app, ada, **wanted)
    said = dict(list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))[1:])
    assert said == {str(lead): neutral(name) for lead, name in zip(ids, names, strict=True)}
    _, content = await download(app, ada, format=Format.XLSX, **wanted)
    shown = {str(row[0]): re.sub("_x005F_", "_", str(row[1] or "")) for row in rows_of(content)[1:]}
    assert shown == {str(lead): UNSAID.sub("", name) for lead, name in zip(ids, names, strict=True)}
