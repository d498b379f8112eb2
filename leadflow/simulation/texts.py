"""What reps write down, and why deals are lost."""

from collections.abc import Mapping

from leadflow.simulation.steps import TouchKind

FIRST_TOUCH: Mapping[TouchKind, tuple[str, ...]] = {
    "call": (
        "Spoke briefly, asked me to call back this week.",
        "Good first call. Uses spreadsheets today and is unhappy with them.",
        "Reception put me through; interested, wants to see it.",
    ),
    "email": (
        "Sent the introduction with two time slots.",
        "Answered the question about prices and offered a call.",
        "Sent the case study for their trade and asked about team size.",
    ),
}
FOLLOW_UP: Mapping[TouchKind, tuple[str, ...]] = {
    "call": (
        "Reached them. Budget is decided next month.",
        "They compare us with one other vendor.",
        "Talked through the current process, about 40 people plan by hand.",
    ),
    "email": (
        "Sent a follow-up with the recording of the webinar.",
        "Sent answers to their security questionnaire.",
        "Short reminder, offered another slot.",
        "Sent references from two firms of their size.",
    ),
    "note": (
        "Decision is made by two people; need the second one on the next call.",
        "Wants single sign-on and an export to their accounting.",
        "Prefers to be written to, not called.",
    ),
}
QUALIFIED = (
    "Budget, need and date are clear. Demo agreed.",
    "Fits well: right size, owner of the budget, wants to start this quarter.",
    "Has a project and a date. Sending the demo invitation.",
)
MEETING = (
    "Demo with two of their planners. Liked the calendar, asked about import.",
    "Demo held. Wants an offer for the whole team.",
    "Walked through the trial together, three open questions noted.",
)
PROPOSAL = (
    "Offer sent, valid for 14 days.",
    "Offer sent with the yearly discount.",
    "Sent the offer and the data processing agreement.",
)
NOT_REACHED: Mapping[str, tuple[str, ...]] = {
    "No answer": ("Nobody picked up.", "Line was busy.", "Rang out, will try again."),
    "Left a message": ("Reached voicemail and left a message.", "Left a message with a colleague."),
}
"""By what came of the call."""
NEGOTIATION = (
    "Called about the offer, legal is reading it.",
    "Asked for a smaller first year; checking with management.",
    "Procurement wants a second reference.",
)

WON = ("Planning saves them a day a week", "Best import", "Recommended to them", "Price and support", None)
LOST: Mapping[str, tuple[str, ...]] = {
    "new": ("No response",),
    "contacted": ("No response", "No response", "Not a fit", "No budget", "Bad timing"),
    "qualified": ("No budget", "Bad timing", "Chose a competitor", "Missing feature"),
    "proposal": ("Chose a competitor", "Price", "No decision", "Bad timing"),
}
UNSUBSCRIBED = "Unsubscribed"

INTERESTS = ("shift planning", "project planning", "field service", "capacity overview", "room booking")
PAGES = ("/", "/product", "/customers", "/integrations", "/security", "/blog/plan-a-week", "/about", "/docs/import")
SUBJECTS = ("Your question", "Two slots this week", "How Kestrel plans 60 people", "Offer", "Following up")
