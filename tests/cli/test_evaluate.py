"""`leadflow evaluate`, on the command line: needs no installation, only a file."""

import asyncio
import json
import sys
from pathlib import Path

from tests.fixtures.installation import ROOT
from tests.scoring.evaluation.files import graded


async def evaluate(*arguments: object) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "leadflow.cli", "evaluate", *map(str, arguments),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, errors = await process.communicate()
    return process.returncode, output.decode(), errors.decode()


async def test_a_table_on_stdout_progress_on_stderr_and_everything_in_json(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    options = ("--models", "river, base_rate", "--seeds", 2, "--rows", 300, "--out", out)
    code, output, errors = await evaluate("--data", graded(tmp_path), *options)
    assert code == 0, errors
    assert output.startswith("graded: 300 rows, ")
    assert "mean of 2 random orders" in output
    assert "evaluating graded: " in errors
    assert [model["model"] for model in json.loads(out.read_text())["models"]] == ["river", "base_rate"]


async def test_markdown_instead(tmp_path: Path) -> None:
    code, output, _ = await evaluate("--data", graded(tmp_path, 300), "--models", "base_rate", "--markdown")
    assert code == 0
    assert "| model | AUC | log-loss |" in output


async def test_what_is_wrong_is_one_line(tmp_path: Path) -> None:
    path = graded(tmp_path, 300)
    path.write_text(path.read_text() + "low,x\n")
    code, output, errors = await evaluate("--data", path)
    assert (code, output) == (1, "")
    assert errors.splitlines()[-1] == "leadflow: graded.csv, row 301: 2 values, and the header has 3."
    for wrong in (("--data", tmp_path / "nothing"), ("--data", path, "--models", "guess")):
        code, _, errors = await evaluate(*wrong)
        assert code == 1
        assert errors.splitlines()[-1].startswith("leadflow: There is no ")
    assert (await evaluate("--data", path, "--out", tmp_path / "gone" / "x.json"))[0] == 2
