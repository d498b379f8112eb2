import pytest

from leadflow.scoring import wording
from leadflow.scoring.config import DEFAULT
from leadflow.scoring.goals import Goal
from leadflow.scoring.rules import RuleBook
from leadflow.scoring.wording import learned, sentence

LABELS = RuleBook(DEFAULT).labels


class TestLearned:
    @pytest.mark.parametrize(
        ("attribute", "value", "good", "said"),
        [
            ("source", "google", True, "Leads from google win more often"),
            ("country", "DE", False, "Leads in DE win less often"),
            ("email_kind", "free", False, "Leads with a free e-mail address win less often"),
            ("seniority", "executive", True, "Executives win more often"),
            ("custom:job_type", "student", True, "Leads with job type “student” win more often"),
            ("number:employees", 250.0, True, "Around 250 employees win more often"),
            ("did:pricing_visited", "", True, "Visited pricing"),
            ("did:pricing_visited", "", False, "Visited pricing: leads this active win less often"),
            ("did:webinar_attended", "", True, "Webinar attended"),
            ("touches", "", True, "Leads contacted this often win more often"),
            ("source", None, False, "No source known"),
            ("did:pricing_visited", None, False, "Not yet: visited pricing"),
            ("did:unsubscribed", None, True, "So far without: unsubscribed"),
            ("custom:job_type", None, False, "Job type not known"),
            ("number:employees", None, False, "Employees not known"),
        ],
    )
    def test_it_reads_like_a_sentence(self, attribute: str, value: str | float | None, good: bool, said: str) -> None:
        assert learned(attribute, value, LABELS, good=good, goal=Goal.WON) == said

    def test_ids_are_cut_short(self) -> None:
        assert learned("custom:page", "88740e65d5d6b056e0cda098e1ea6313", LABELS, good=True, goal=Goal.WON) == (
            "Leads with page “88740e65d5d6…” win more often"
        )


class TestSentence:
    def test_any_behaviour_has_words(self) -> None:
        assert [sentence(name) for name in ("trial_started", "", "___", "team:email", "team:fax")] == [
            "Trial started",
            "Did something",
            "Did something",
            "Written to by your team",
            "Contacted by your team",
        ]


def test_what_is_missing_is_no_news_for_a_card() -> None:
    said = ["No job title", "Not yet: visited pricing", "So far without: requested a demo", wording.OTHER_SIGNALS]
    assert not any(wording.says_something(label) for label in said)
    assert wording.says_something("Requested a demo")
