"""`leadflow evaluate`: how well each model tells won from lost, on a file of one's own or on public data."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from leadflow.infra.progress import Step, say


def register(app: typer.Typer) -> None:
    app.command()(evaluate)


def evaluate(
    data: Annotated[
        Path,
        typer.Option(
            help="A CSV file with its description (.toml) beside it, the description, or FOLDER/olist or FOLDER/bank."
        ),
    ],
    description: Annotated[
        Path | None, typer.Option(help="The TOML file that describes the data.", exists=True, dir_okay=False)
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write all figures here as JSON.", dir_okay=False)] = None,
    models: Annotated[
        str,
        typer.Option(help="Names, with commas between; a+b blends two evenly, a*b by merit. By default, all."),
    ] = "",
    seeds: Annotated[int | None, typer.Option(help="Random orders, for rows without an order.", min=1, max=100)] = None,
    rows: Annotated[int | None, typer.Option(help="Only so many rows.", min=10)] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the table as Markdown.")] = False,
) -> None:
    """Evaluate all scoring models on real data: test, then train, in time order."""
    from leadflow.scoring import evaluation
    from leadflow.scoring.config import DEFAULT

    if out is not None and not out.parent.is_dir():
        raise typer.BadParameter(f"There is no folder {out.parent}.", param_hint="--out")
    source = evaluation.find(data, description)
    names = evaluation.chosen([name.strip() for name in models.split(",") if name.strip()], DEFAULT.champion)
    with Step(f"evaluating {source.name}", sys.stderr) as step:

        def tell(what: str) -> None:
            step.detail = what

        tell("reading")
        found = evaluation.evaluate(
            evaluation.load(source), names, seeds=seeds or evaluation.SEEDS, most=rows, tell=tell
        )
    if out is not None:
        out.write_text(json.dumps(evaluation.to_json(found), indent=2) + "\n", "utf-8")
    say(evaluation.markdown(found) if markdown else evaluation.table(found))
