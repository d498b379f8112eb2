"""What would lift a lead into the next band, and what is worth finding out about it."""

import asyncio

from starlette.responses import Response

from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.schemas import READS_ONE, WhatIf
from leadflow.api.v1.leads import known_id
from leadflow.kernel.permissions import Permission
from leadflow.scoring.repository import signer
from leadflow.scoring.whatif import queries

ROUTER = router("leads")


@ROUTER.get("/{lead_id}/score/whatif", response_model=WhatIf, responses=READS_ONE)
@requires(Permission.LEADS_READ)
async def what_if(call: Calling, lead_id: str) -> Response:
    """What would lift an open lead into the next band, as the scorer itself would score it at this moment, and which
    missing facts about it would move its score the most.
    """
    known = known_id(lead_id)
    sign = signer(call.door.app.settings.secret_key.get_secret_value())
    async with call.reading() as work:
        asked = await queries.look(work, known, sign)
    return answer(await asyncio.to_thread(queries.answer, asked))
