"""What a client goes on sending after it was refused is heard out where the answer would be lost otherwise.

A connection that is closed while the client still writes is reset, and the answer goes with it. One that
stays open is read on by the web server itself, so that the answer is there at once. But a client that asks
for a closed one (`Connection: close`, HTTP/1.0) and reads only when all is written gets its sentence when its
body has been read and thrown away, up to a bound.
"""

from __future__ import annotations

import asyncio
import logging

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vtt_desktop.server.documents import BULK_BYTES
from vtt_desktop.server.requests import BODY_SECONDS

UNREAD_BYTES = 4 * BULK_BYTES
"""So much of a body that nobody wants is read; who sends more may be cut off."""

log = logging.getLogger(__name__)


class HearOut:
    """ASGI middleware that answers a request on a connection that will be closed behind its body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_lost(Headers(scope=scope), scope["http_version"]):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        waits = headers.get("expect", "").lower() == "100-continue"  # the body comes when it is asked for
        unread = True

        async def heard() -> Message:
            nonlocal unread, waits
            message = await receive()
            waits = False
            unread = bool(message.get("more_body"))
            return message

        async def behind_the_body(message: Message) -> None:
            if message["type"] == "http.response.start" and unread and not waits:
                await _throw_away(heard)
            await send(message)

        await self._app(scope, heard, behind_the_body)


async def _throw_away(receive: Receive) -> None:
    left = UNREAD_BYTES
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body"):
                    return
    except TimeoutError:
        log.info("a body that nobody wants did not end within %s seconds", BODY_SECONDS)


def _is_lost(headers: Headers, version: str) -> bool:
    """Whether an answer would be lost that does not wait for the body, and waiting is bounded."""
    words = [word.strip().lower() for word in headers.get("connection", "").split(",")]
    if "close" not in words and (version != "1.0" or "keep-alive" in words):
        return False
    declared = headers.get("content-length", "0")
    if "transfer-encoding" in headers:
        return True
    return declared.isdecimal() and 0 < int(declared) <= UNREAD_BYTES
