"""Who is asking."""

from typing import Any

from starlette.responses import Response

from leadflow.api.deps import Answer, Calling, answer, requires, router, signed_in
from leadflow.api.schemas import Me, Verification, problems
from leadflow.identity import repository as identities
from leadflow.identity import service as identity
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.onboarding import recovery
from leadflow.settings import Settings
from leadflow.tenancy import service as tenancy

ROUTER = router("me")


@ROUTER.get("", response_model=Me, responses=problems())
@signed_in
async def me(call: Calling) -> Response:
    """The account, its organization, its role and what it may do; for an API key, what the key may do."""
    principal = call.principal
    name, account = principal.organization_name, None
    if principal.is_person:
        account = await _account(call)
    else:
        async with call.work() as work:
            name = (await tenancy.current_organization(work)).name
    return answer(
        {
            "account": account,
            "organization": {"id": principal.scope.organization_id, "name": name},
            "mail": _mail(call.door.app.settings),
            "organizations": await _organizations(call),
            "role": principal.role,
            "role_name": principal.role_name,
            "permissions": sorted(principal.scope.permissions),
            "hidden_fields": sorted(principal.scope.fields.hidden),
            "locked_fields": sorted(principal.scope.fields.locked),
        }
    )


def _mail(settings: Settings) -> str:
    if settings.catches_mail:
        return "caught"
    return "sent" if settings.has_mail else "none"


async def _organizations(call: Calling) -> list[dict[str, Any]]:
    if not call.principal.is_person or call.scope.actor.id is None:
        return []
    async with call.door.app.across() as session:
        found = await identities.organizations_of(session, call.scope.actor.id)
    return [{"id": each, "name": name} for each, name in found.items()]


async def _account(call: Calling) -> dict[str, Any]:
    person, account_id = call.principal, call.scope.actor.id
    async with call.reading() as work:
        is_verified = account_id is not None and await identities.is_email_verified(work, account_id)
    return {"id": account_id, "name": person.name, "email": person.email, "email_verified": is_verified}


@ROUTER.post("/verification", status_code=202, response_model=Verification, responses=problems(429))
@requires(Permission.SESSIONS_OWN)
async def verification(call: Calling) -> Response:
    """Send the link that confirms the caller's e-mail address again, five times an hour at most."""
    if call.scope.actor.id is not None:
        await recovery.count_verification(call.door.app, call.scope.actor.id)

    async def effect(work: Work) -> Answer:
        return Answer(202, {"email_verified": await identity.ask_for_verification(work)})

    return await call.once(effect)
