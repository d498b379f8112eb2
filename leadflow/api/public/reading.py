"""What a browser's form sends, read strictly: the declared type, UTF-8, and no more fields than a form has."""

from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

MOST_FIELDS = 60
FORM_TYPE = "application/x-www-form-urlencoded"


async def sent_fields(request: Request) -> dict[str, str]:
    """The fields of a form, the first of each name.

    Raises:
        HTTPException: it is not a form, not UTF-8, or has too many fields.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_TYPE:
        raise HTTPException(415, f"This page takes forms: send it as {FORM_TYPE}.")
    body = await request.body()
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=MOST_FIELDS
        )
    except UnicodeDecodeError as error:
        raise HTTPException(400, "What was sent is not readable as UTF-8 text.") from error
    except ValueError as error:
        raise HTTPException(400, f"At most {MOST_FIELDS} fields can be sent.") from error
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields.setdefault(name, value)
    return fields
