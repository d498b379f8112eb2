"""Mail that was kept where there is no mail server to send it: read by the organization's owner and admins."""

from fastapi import APIRouter
from starlette.responses import Response

from leadflow.api.deps import Calling, requires
from leadflow.api.public.pages import page
from leadflow.identity import mailing
from leadflow.kernel.errors import NotFound
from leadflow.kernel.permissions import Permission

ROUTER = APIRouter()


@ROUTER.get("/mail-catcher")
@requires(Permission.SETTINGS_MANAGE)
async def mail_catcher(call: Calling) -> Response:
    """The mails of the last day to people of the organization, latest first."""
    if not call.door.app.settings.catches_mail:
        raise NotFound("No mail is kept here: this installation sends it, or has not been told how.")
    async with call.work() as work:
        mails = await mailing.caught(work)
    return page("mails.html", {"mails": mails, "organization": call.principal.organization_name})
