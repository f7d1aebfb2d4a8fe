"""What every answer carries, and which host names are answered at all."""

from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem, unexpected

WITH_BODY = frozenset({"POST", "PATCH"})
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class Envelope:
    """Names each request, keeps answers out of caches, refuses what no route should see.

    A foreign page whose name is pointed at this machine (DNS rebinding) reaches nothing: the
    host it sends is not one that the settings allow. A failure of the service is answered here
    and goes no further, so that no trace with a client's data in it is ever printed.

    Parameters
    ----------
    app
        The application within.
    allowed_hosts
        Host names, without a port, that are answered.
    max_body_bytes
        Longest body whose length is told; one that is not told is counted as it comes.
    """

    def __init__(self, app: ASGIApp, allowed_hosts: tuple[str, ...], max_body_bytes: int) -> None:
        self.app = app
        self.allowed_hosts = frozenset(name.lower() for name in allowed_hosts)
        self.max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with its headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["request_id"] = uuid4().hex
        request, started = Request(scope), False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = scope["request_id"]
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if refused := self._refusal(request):
            await problem(request, *refused, {})(scope, receive, send_with_headers)
            return
        try:
            await self.app(scope, receive, send_with_headers)
        except Exception as error:
            answer = unexpected(request, error)
            if not started:
                await answer(scope, receive, send_with_headers)

    def _refusal(self, request: Request) -> tuple[int, str] | None:
        """Return the status and the problem of a request that goes no further."""
        headers = request.headers
        if not self._answers(headers.get("host", "").lower()):
            return 400, "unknown_host"
        length = headers.get("content-length", "0")
        if not length.isdecimal():
            return 400, "bad_request"
        if int(length) > self.max_body_bytes:
            return 413, "too_long"
        media = headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.method in WITH_BODY and media != "application/json":
            return 415, "wrong_media_type"
        return None

    def _answers(self, host: str) -> bool:
        name = host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0]
        return name in self.allowed_hosts
