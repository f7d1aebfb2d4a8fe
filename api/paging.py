"""Pages that stay stable while rows are added: keyset cursors and ``Link`` headers.

References
----------
RFC 8288, Web Linking.
"""

import base64
import binascii
from typing import Annotated

from fastapi import Query, Request

from api.failures import Fault, InvalidValues

Limit = Annotated[int, Query(ge=1, le=100, description="Most rows on the page.")]
Cursor = Annotated[
    str | None,
    Query(max_length=200, description="Where the page starts, from the Link of the one before."),
]


def after(cursor: str | None) -> str:
    """Return the id a page starts behind; empty for the first page.

    Raises
    ------
    InvalidValues
        Where the cursor is none of ours.
    """
    if cursor is None:
        return ""
    try:
        return base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError):
        raise InvalidValues([Fault("cursor", "rule.cursor")]) from None


def next_link(request: Request, last: str | None) -> dict[str, str]:
    """Return the header that leads to the next page; none after the last.

    Parameters
    ----------
    request
        The request for this page.
    last
        Id of the last row on it, None where no row follows.
    """
    if last is None:
        return {}
    cursor = base64.urlsafe_b64encode(last.encode()).decode()
    target = request.url.include_query_params(cursor=cursor)
    return {"Link": f'<{target.path}?{target.query}>; rel="next"'}
