"""What leads can be filtered and sorted by, for whoever asks: what a screen draws its choices from."""

from starlette.responses import Response

from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.schemas import LeadFields, problems
from leadflow.kernel.fields import LeadField
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads import queries as leads
from leadflow.tenancy import service as tenancy
from leadflow.views.conditions.wording import Choice, described, sorts

ROUTER = router("leads")
BANDS = ("hot", "warm", "cold")


@ROUTER.get("/fields", response_model=LeadFields, responses=problems())
@requires(Permission.LEADS_READ)
async def fields(call: Calling) -> Response:
    """Every field that you can filter leads by, with its operators and choices, and every key that you can sort by.

    What your role does not see is not among them.
    """
    async with call.work() as work:
        choices = await _choices(work)
    rights = call.scope.fields
    return answer({"fields": described(rights, choices), "sorts": sorts(rights)})


async def _choices(work: Work) -> dict[str, list[Choice]]:
    is_told = LeadField.SOURCE not in work.scope.fields.hidden
    named = [each["key"] for each in await leads.sources(work)] if is_told else []
    return {
        "stage": [Choice(value=each["key"], label=each["name"]) for each in await leads.stages(work)],
        "band": [Choice(value=band, label=band.title()) for band in BANDS],
        "source": [Choice(value=key, label=key) for key in named],
        "owner": [Choice(value=str(each.id), label=each.name) for each in await tenancy.people(work)],
        "team": [Choice(value=str(each.id), label=each.name) for each in await tenancy.teams(work)],
    }
