"""`leadflow doctor`: what can be done without is named, and is no problem."""

import pytest

from leadflow.cli import doctor
from leadflow.scoring.boosting import training
from leadflow.settings import Settings


@pytest.mark.parametrize("library", ["lightgbm", "no_such_library"])
def test_nightly_trees_are_named_and_nobody_has_to_have_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setattr(training, "LIBRARY", library)
    (found,) = doctor._trees(settings)
    assert found.remedy == ""
    assert ("cannot be trained" in found.found) is (library != "lightgbm")
    assert doctor._trees in doctor.CHECKS
