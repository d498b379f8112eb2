"""`leadflow export`: an organization's leads as a file, and nobody else's."""

from pathlib import Path

import pytest

from leadflow.bootstrap import App
from leadflow.cli import product
from leadflow.kernel.errors import NotFound
from leadflow.tenancy.permissions import Role
from tests.cli.terminal import leadflow
from tests.fixtures import cast
from tests.intake.editing.desk import some
from tests.intake.exporting.desk import rows_of


async def test_all_leads_of_one_organization(alone: App, tmp_path: Path) -> None:
    for name in ("Oslo", "Bergen"):
        (ada,) = await cast.found_company(alone, name, ("Ada", Role.OWNER))
        await some(alone, ada, 2, company=name)
    workbook, plain = tmp_path / "leads.xlsx", tmp_path / "leads.csv"
    assert await product.export_leads(alone.settings, "Oslo", workbook) == f"2 leads of Oslo are in {workbook}."
    rows = rows_of(workbook.read_bytes())
    assert [row[rows[0].index("Company")] for row in rows[1:]] == ["Oslo", "Oslo"]
    with pytest.raises(NotFound, match="Nowhere"):
        await product.export_leads(alone.settings, "Nowhere", plain)
    assert not plain.exists()
    assert await leadflow(alone, "export", "-o", "Bergen", str(plain)) == (0, f"2 leads of Bergen are in {plain}.\n")
    assert plain.read_text("utf-8-sig").count("Bergen") == 2
