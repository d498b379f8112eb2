"""Who is asking: sessions and API keys, looked up once and remembered for a few seconds."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from leadflow.bootstrap import App
from leadflow.identity import repository
from leadflow.identity.rules import KEY_PREFIX, fingerprint
from leadflow.kernel.fields import OPEN, rights_from
from leadflow.kernel.live import Present, Ring, SessionEnded, changes_rights
from leadflow.kernel.reach import Place
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.kernel.work import Work
from leadflow.tenancy.permissions import KEY_SCOPES, Extent, Permission, grants_of, reaches_of

REMEMBERED_S = 2.0
MOST_REMEMBERED = 20_000
SEEN_EVERY = timedelta(seconds=60)
LONGEST_TOKEN = 200


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who may come in, and as whom they act. `id` is the session's or the key's."""

    id: UUID
    scope: Scope
    organization_name: str = ""
    name: str = ""
    email: str = ""
    role: str = "api_key"
    role_name: str = "API key"
    rights_version: int = 0
    """Under which version of the organization's rights the scope was made."""

    @property
    def is_person(self) -> bool:
        return self.scope.actor.kind is ActorKind.PERSON


class Principals:
    """Finds principals. A session that ends is forgotten at once where its end is heard of, else within seconds."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._known: dict[str, tuple[Principal, float]] = {}
        self._forgotten = 0

    async def by_session(self, token: str) -> Principal | None:
        """The person behind a session cookie."""
        return await self._find(token, self._session)

    async def by_key(self, secret: str) -> Principal | None:
        """The system behind an API key."""
        return await self._find(secret, self._key) if secret.startswith(KEY_PREFIX) else None

    def forget(self, principal_id: UUID) -> None:
        self._forgotten += 1
        self._known = {print_: known for print_, known in self._known.items() if known[0].id != principal_id}

    def forget_organization(self, organization_id: UUID) -> None:
        self._forgotten += 1
        self._known = {
            p: known for p, known in self._known.items() if known[0].scope.organization_id != organization_id
        }

    def forget_all(self) -> None:
        self._forgotten += 1
        self._known.clear()

    async def listen(self) -> None:
        """Runs beside the server: drops what others say has ended."""
        async for signal in self._app.doorbell.listen():
            match signal:
                case SessionEnded(session_id):
                    self.forget(session_id)
                case None:
                    self.forget_all()
                case Ring() if changes_rights(signal):
                    self.forget_organization(signal.organization_id)
                case Ring() | Present():
                    pass

    async def _find(self, token: str, look_up: Callable[[str], Awaitable[Principal | None]]) -> Principal | None:
        if not token or len(token) > LONGEST_TOKEN:
            return None
        print_, now = fingerprint(token), time.monotonic()
        known = self._known.get(print_)
        if known and known[1] > now:
            return known[0]
        before = self._forgotten
        principal = await look_up(print_)
        if principal is None:
            self._known.pop(print_, None)
        elif before == self._forgotten:
            self._remember(print_, principal, now + REMEMBERED_S)
        return principal

    def _remember(self, print_: str, principal: Principal, until: float) -> None:
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[print_] = (principal, until)

    async def _session(self, print_: str) -> Principal | None:
        async with self._app.across() as session:
            found = await repository.session_principal(session, print_)
        if found is None:
            return None
        own = dict(found.grants) if found.grants is not None else None
        fields = rights_from(own.pop("fields", {})) if own else OPEN
        grants = grants_of(found.role, own)
        place = Place(found.account_id, found.team_id, frozenset(found.subtree))
        actor = Actor(ActorKind.PERSON, found.account_id)
        scope = Scope(found.organization_id, actor, frozenset(grants), reaches_of(grants, place), fields)
        await self._mark(scope, found.last_seen_at, lambda work: repository.mark_seen(work, found.session_id))
        return Principal(
            found.session_id,
            scope,
            organization_name=found.organization_name,
            name=found.name,
            email=found.email,
            role=found.role,
            role_name=found.role_name,
            rights_version=found.rights_version,
        )

    async def _key(self, print_: str) -> Principal | None:
        async with self._app.across() as session:
            found = await repository.key_principal(session, print_)
        if found is None:
            return None
        grants = {Permission(scope): Extent.SUBTREE for scope in found.scopes if scope in KEY_SCOPES}
        place = Place(None, found.team_id, frozenset(found.subtree))
        actor = Actor(ActorKind.API_KEY, found.key_id)
        scope = Scope(found.organization_id, actor, frozenset(grants), reaches_of(grants, place))
        await self._mark(scope, found.last_used_at, lambda work: repository.mark_used(work, found.key_id))
        return Principal(found.key_id, scope)

    async def _mark(self, scope: Scope, last: datetime | None, mark: Callable[[Work], Awaitable[None]]) -> None:
        if last is None or self._app.clock.now() - last > SEEN_EVERY:
            async with self._app.work(scope) as work:
                await mark(work)
