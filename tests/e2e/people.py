"""What tests arrange without a browser: keys, leads, and calls to the API as another system makes them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from playwright.async_api import Locator, Page

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.identity import service as identity
from leadflow.identity.commands import CreateApiKey
from leadflow.kernel.permissions import Permission
from leadflow.tenancy.permissions import KEY_SCOPES
from tests.fixtures.cast import Member
from tests.fixtures.house import House


@asynccontextmanager
async def api(app: App, product: House, member: Member) -> AsyncIterator[httpx.AsyncClient]:
    """The API with a key of this member's organization."""
    async with app.work(member) as work:
        command = CreateApiKey(
            name="test", scopes=(Permission.LEADS_WRITE, Permission.LEADS_READ, Permission.EVENTS_WRITE)
        )
        _, secret = await identity.create_api_key(work, command, grantable=frozenset(KEY_SCOPES))
    async with httpx.AsyncClient(
        base_url=f"{product.url}/api/v1", headers={"Authorization": f"Bearer {secret}"}, timeout=60, trust_env=False
    ) as client:
        yield client


async def lead_of(app: App, member: Member, name: str, **facts: object) -> str:
    async with app.work(member) as work:
        command = leads.CaptureLead.model_validate(
            {"name": name, "email": f"{name.split()[0].lower()}@buyer.example", **facts}
        )
        return str((await leads.capture(work, command)).lead_id)


def column(page: Page, stage: str) -> Locator:
    return page.locator(f'[data-stage="{stage}"]')


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem", name=name, exact=True)


async def is_live(page: Page) -> None:
    await page.get_by_role("status").filter(has_text="Live").first.wait_for()
