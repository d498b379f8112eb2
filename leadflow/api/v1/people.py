"""Who belongs to the organization."""

from starlette.responses import Response

from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.schemas import People, problems
from leadflow.kernel.permissions import Permission
from leadflow.tenancy import service as tenancy

ROUTER = router("people")


def initials(name: str) -> str:
    """
    >>> initials("Ada King Lovelace")
    'AL'
    """
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@ROUTER.get("", response_model=People, responses=problems())
@requires(Permission.LEADS_READ)
async def people(call: Calling) -> Response:
    """Everybody who can own a lead, by name."""
    async with call.work() as work:
        found = await tenancy.people(work)
    items = [
        {"id": p.id, "name": p.name, "initials": initials(p.name), "email": p.email, "role": p.role} for p in found
    ]
    return answer({"items": items})
