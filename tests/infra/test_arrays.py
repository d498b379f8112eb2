"""Lists arrive as they were sent, whoever wrote them out."""

from typing import Any

import pytest
from sqlalchemy import text

from leadflow.infra.db import Database
from leadflow.kernel.ids import new_id

ONE, OTHER = new_id(), new_id()


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ([ONE, OTHER], "uuid[]"),
        ([], "uuid[]"),
        ([ONE, None, OTHER], "uuid[]"),
        ([[ONE], [OTHER]], "uuid[]"),
        (['a "quoted" one', "with, comma", "", "{}"], "text[]"),
        ([1, 2, 3], "int[]"),
    ],
)
async def test_what_is_sent_arrives(single: Database, sent: list[Any], kind: str) -> None:
    asked = text(f"SELECT CAST(:sent AS {kind})")
    assert (await single.ask(asked, {"sent": sent})).scalar_one() == sent


async def test_ids_are_found_by_a_list_of_them(single: Database) -> None:
    asked = text("SELECT :one = ANY(:many), :other = ANY(:many)")
    assert (await single.ask(asked, {"one": ONE, "other": OTHER, "many": [ONE]})).one() == (True, False)
