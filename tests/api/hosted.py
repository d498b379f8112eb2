"""A hosted form and what a visitor sends to it."""

from typing import Any

from sqlalchemy import text

from leadflow.bootstrap import App
from tests.fixtures.cast import Member

CONSENT = "You may write to me about <my> request."
FORM = {
    "title": "Book a demo",
    "intro": "We show you around.",
    "consent_text": CONSENT,
    "thanks": "See you soon.",
    "fields": [
        "name",
        "email",
        "phone",
        "company",
        {"key": "team_size", "label": "Team size", "required": True},
        "message",
    ],
}
ANSWERS = {
    "name": "Grace Hopper", "email": "grace@example.com", "phone": "", "company": "Navy", "team_size": "12",
    "message": "Hello,\r\nI have questions.", "consent": "yes",
}  # fmt: skip


async def rows(app: App, member: Member, query: str) -> list[Any]:
    async with app.work(member) as work:
        return [tuple(row) for row in await work.session.execute(text(query))]
