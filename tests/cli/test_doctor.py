"""`leadflow doctor`: what can be done without is named, and is no problem."""

from pathlib import Path

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
    assert found.found.startswith("can be trained" if library == "lightgbm" else "cannot be trained")
    assert doctor._trees in doctor.CHECKS


@pytest.mark.parametrize("is_image", [True, False])
def test_where_the_front_end_came_built_nobody_needs_node(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_image: bool
) -> None:
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    monkeypatch.setattr(doctor.frontend, "node_path", lambda _: "/nowhere")
    (tmp_path / ".web/build/client/assets").mkdir(parents=True)
    if not is_image:
        (tmp_path / "reflex.lock").mkdir()
    assert [found.subject for found in doctor._node(settings)] == ([] if is_image else ["Node"])
    (found,) = doctor._front_end(settings)
    assert found.found == ("came built" if is_image else "will be built at the next start (about half a minute)")
