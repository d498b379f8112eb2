"""Which leads are selected, as SQL."""

from collections.abc import Mapping

from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.views.queries import where
from leadflow.views.selecting.commands import Selection


async def selected(work: Work, selection: Selection) -> tuple[str, Mapping[str, object]]:
    """The selection as SQL over `lead l`, within sight of whoever asks; every value is bound.

    Raises:
        Forbidden: it asks about a field that is hidden.

    """
    if selection.where is not None:
        return await where(work, selection.where)
    reach, values = work.scope.within(Permission.LEADS_READ)
    clause = f"l.organization_id = :organization_id AND l.id = ANY(:ids){reach}"
    return clause, {"organization_id": work.organization_id, "ids": list(selection.leads or ()), **values}
