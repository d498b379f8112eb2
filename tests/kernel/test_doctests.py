"""Examples in docstrings are claims like any other."""

import doctest
import importlib
import pkgutil
from functools import cache

import pytest

PACKAGES = ("kernel", "identity", "tenancy", "audit", "leads", "views", "intake", "routing", "enrichment", "scoring", "insight",
            "onboarding", "simulation")  # fmt: skip


@cache
def examples() -> dict[str, doctest.DocTest]:
    """Every docstring with an example below the doors, by the name of what it describes."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = {}
    for name in PACKAGES:
        package = importlib.import_module(f"leadflow.{name}")
        for module in pkgutil.walk_packages(package.__path__, f"leadflow.{name}."):
            for test in finder.find(importlib.import_module(module.name)):
                if test.examples:
                    found[test.name] = test
    return found


@pytest.mark.parametrize("name", examples())
def test_it_is_as_the_docstring_says(name: str) -> None:
    told: list[str] = []
    outcome = doctest.DocTestRunner(verbose=False).run(examples()[name], out=told.append)
    assert outcome.failed == 0, "".join(told)


def test_the_rules_of_the_nouns_have_examples() -> None:
    described = {name.rpartition(".")[0] for name in examples()}
    assert {"leadflow.leads.rules", "leadflow.enrichment.rules", "leadflow.insight.kpi"} <= described
