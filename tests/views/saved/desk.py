"""What people do with views, in the words of these tests."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.kernel.scope import Scope
from leadflow.tenancy.service import system_scope
from leadflow.views import saved
from leadflow.views.saved import ChangeView, ChooseDefault, SaveView, queries
from leadflow.views.saved.models import Layout
from leadflow.views.saved.queries import Views

HOT = {"band": "hot", "sort": "-value"}


async def save(app: App, scope: Scope, name: str = "Hot", **fields: Any) -> UUID:
    async with app.work(scope) as work:
        command = SaveView.model_validate({"name": name, "layout": "list", "params": HOT, **fields})
        return await saved.save(work, command)


async def change(app: App, scope: Scope, view: UUID, **fields: Any) -> None:
    async with app.work(scope) as work:
        await saved.change(work, view, ChangeView.model_validate(fields))


async def do(app: App, scope: Scope, step: str, view: UUID) -> None:
    async with app.work(scope) as work:
        await getattr(saved, step)(work, view)


async def choose(
    app: App, scope: Scope, view: UUID | str | None, *, whose: str = "me", layout: Layout = Layout.LIST
) -> None:
    async with app.work(scope) as work:
        await saved.choose_default(work, ChooseDefault.model_validate({"layout": layout, "view": view, "whose": whose}))


async def look(app: App, scope: Scope) -> Views:
    async with app.reading(scope) as work:
        return await queries.listed(work)


async def names(app: App, scope: Scope) -> list[str]:
    return [each["name"] for each in (await look(app, scope)).items]


async def tabs(app: App, scope: Scope) -> list[str]:
    """The names of somebody's pinned views, in their order."""
    pinned = [each for each in (await look(app, scope)).items if each["pin"] is not None]
    return [each["name"] for each in sorted(pinned, key=lambda each: each["pin"])]


async def opens(app: App, scope: Scope, layout: str = "list") -> str | None:
    """What a page opens with: a view's name, `all`, or None."""
    found = await look(app, scope)
    name = {each["id"]: each["name"] for each in found.items}
    view = found.defaults[layout]["opens"]
    return name.get(view, view) if view else None


async def view_of(app: App, scope: Scope, view: UUID) -> dict[str, Any]:
    async with app.reading(scope) as work:
        return await queries.one(work, view)


async def said(app: App, scope: Scope) -> list[Any]:
    """What the log says of views, in order."""
    async with app.work(system_scope(scope.organization_id)) as work:
        rows = await work.session.execute(
            text("SELECT kind, actor_id, data FROM event WHERE kind LIKE 'view.%' ORDER BY xid, seq")
        )
        return list(rows)


async def everything(app: App, scope: Scope) -> list[Any]:
    """All that is stored of views: what must be the same before and after something that was refused."""
    async with app.work(system_scope(scope.organization_id)) as work:
        return [
            (await work.session.execute(text(f"SELECT t::text FROM {table} t ORDER BY 1"))).scalars().all()
            for table in ("saved_view", "view_pin", "view_default", "event", "job")
        ]
