"""Who is asking."""

from starlette.responses import Response

from leadflow.api.deps import Calling, answer, router, signed_in
from leadflow.api.schemas import Me, problems
from leadflow.tenancy import service as tenancy

ROUTER = router("me")


@ROUTER.get("", response_model=Me, responses=problems())
@signed_in
async def me(call: Calling) -> Response:
    """The account, its organization, its role and what it may do; for an API key, what the key may do."""
    principal = call.principal
    name = principal.organization_name
    if not principal.is_person:
        async with call.work() as work:
            name = (await tenancy.current_organization(work)).name
    account = {"id": principal.scope.actor.id, "name": principal.name, "email": principal.email}
    return answer(
        {
            "account": account if principal.is_person else None,
            "organization": {"id": principal.scope.organization_id, "name": name},
            "role": principal.role,
            "permissions": sorted(principal.scope.permissions),
        }
    )
