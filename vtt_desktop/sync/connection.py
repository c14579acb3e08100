"""One connection to one origin: HTTP/1.1 by `h11`, on the loop's own transport.

httpx has a pool for any number of connections, on any kind of loop. Where one carries a short request after
the other, that is most of what a request costs; and head and body go out as two packets, which a server wakes
up for twice.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

import h11
import httpx

_RESTS_S = 5.0
"""So long a connection may rest before a request takes a new one, as in httpx: servers close theirs soon."""
_OTHER_ADDRESS_S = 0.25
"""After so long another address of the server is tried too (RFC 8305 5)."""
_LONGEST_HEAD = 100 * 1024
"""Bytes that the head of an answer may have, as in httpx."""


class Connection(httpx.AsyncBaseTransport):
    """Opened with the first request, and again when it was closed meanwhile. One request at a time."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        """`tls` is for origins that are reached by it."""
        self._tls = tls
        self._line: _Line | None = None
        self._origin: tuple[str, bytes, int | None] | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        timeouts = request.extensions.get("timeout", {})
        content = await request.aread()
        line = self._line
        if line is None or not line.fit or self._origin != _origin(request.url):
            if line is not None:
                line.drop()
            self._line = line = await _opened(request.url, self._tls, timeouts.get("connect"))
            self._origin = _origin(request.url)
        try:
            head = await line.ask(request, content, timeouts.get("write"), timeouts.get("read"))
        except BaseException:
            line.drop()
            raise
        return httpx.Response(
            head.status_code,
            headers=head.headers.raw_items(),
            stream=_Body(line, timeouts.get("read")),
            extensions={"http_version": b"HTTP/" + head.http_version, "reason_phrase": head.reason},
        )

    async def aclose(self) -> None:
        """Closes it, in use or not."""
        if self._line is not None:
            self._line.drop()
            await asyncio.sleep(0)  # the loop lets a socket go in its next turn


def _origin(url: httpx.URL) -> tuple[str, bytes, int | None]:
    return url.scheme, url.raw_host, url.port


async def _opened(url: httpx.URL, tls: ssl.SSLContext, timeout: float | None) -> _Line:
    """ConnectError, ConnectTimeout: nothing of a request went out."""
    host, secure = url.raw_host.decode("ascii"), url.scheme == "https"
    try:
        async with asyncio.timeout(timeout):
            _, line = await asyncio.get_running_loop().create_connection(
                _Line,
                host,
                url.port or (443 if secure else 80),
                ssl=tls if secure else None,
                server_hostname=host if secure else None,
                happy_eyeballs_delay=_OTHER_ADDRESS_S,
            )
    except TimeoutError as error:
        raise httpx.ConnectTimeout("It was not reached in time") from error
    except OSError as error:
        told = isinstance(error, (socket.gaierror, ssl.SSLError, ConnectionResetError))
        raise httpx.ConnectError(str(error) if told else "All connection attempts failed") from error
    return line


class _Line(asyncio.Protocol):
    """What came and what goes, and how far the exchange is."""

    def __init__(self) -> None:
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)
        self._loop = asyncio.get_running_loop()
        self._came: deque[bytes | Exception] = deque()
        self._waiting: asyncio.Future[None] | None = None
        self._room = asyncio.Event()
        self._room.set()
        self._since = 0.0

    # What the loop tells

    def connection_made(self, transport: Any) -> None:
        self._transport: asyncio.Transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._heard(exc or b"")

    def pause_writing(self) -> None:
        self._room.clear()

    def resume_writing(self) -> None:
        self._room.set()

    def _heard(self, what: bytes | Exception) -> None:
        self._came.append(what)
        self._room.set()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    # What a request wants

    @property
    def fit(self) -> bool:
        """Whether another request may go out here: the last answer was read to its end, and nothing came
        since, which could only be the end."""
        rested = self._loop.time() - self._since
        over = self._transport.is_closing() or self._came or rested > _RESTS_S
        return self._state.our_state is h11.IDLE and not over

    async def ask(
        self, request: httpx.Request, content: bytes, write: float | None, read: float | None
    ) -> h11.Response:
        """Sends the request, and gives the head of its answer. httpx.TransportError."""
        send = self._state.send
        try:
            head = h11.Request(
                method=request.method, target=request.url.raw_path, headers=request.headers.raw
            )
            parts = [send(head), send(h11.Data(content)) if content else b"", send(h11.EndOfMessage())]
        except h11.LocalProtocolError as error:
            raise httpx.LocalProtocolError(str(error)) from error
        self._transport.write(b"".join(filter(None, parts)))
        if not self._room.is_set():
            try:
                async with asyncio.timeout(write):
                    await self._room.wait()  # or for what it says before it has taken all of it
            except TimeoutError as error:
                raise httpx.WriteTimeout("It was not taken in time") from error
        while True:
            event = await self.event(read)
            if isinstance(event, h11.Response):
                return event

    async def event(self, timeout: float | None) -> Any:
        """The next part of an answer. httpx.TransportError."""
        try:
            while (event := self._state.next_event()) is h11.NEED_DATA:
                data = await self._next(timeout)
                if not data and self._state.their_state is h11.SEND_RESPONSE:
                    raise httpx.RemoteProtocolError("It was closed without an answer")
                self._state.receive_data(data)
        except h11.RemoteProtocolError as error:
            raise httpx.RemoteProtocolError(str(error)) from error
        return event

    async def _next(self, timeout: float | None) -> bytes:
        """What came next; nothing: it was closed."""
        if not self._came:
            self._waiting = self._loop.create_future()
            try:
                async with asyncio.timeout(timeout):
                    await self._waiting
            except TimeoutError as error:
                raise httpx.ReadTimeout("Nothing came in time") from error
        data = self._came.popleft()
        if isinstance(data, Exception):
            raise httpx.ReadError(str(data)) from data
        return data

    def rest(self) -> None:
        """An exchange is over: the line is kept for the next, where both sides are done and mean to, and
        nothing came behind the answer, which would be taken for that to a later request."""
        state = self._state
        if state.our_state is h11.DONE and state.their_state is h11.DONE and not any(state.trailing_data):
            state.start_next_cycle()
            self._since = self._loop.time()
        else:
            self.drop()

    def drop(self) -> None:
        self._transport.abort()


class _Body(httpx.AsyncByteStream):
    """The rest of an answer, as it comes."""

    def __init__(self, line: _Line, timeout: float | None) -> None:
        self._line = line
        self._timeout = timeout

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while isinstance(event := await self._line.event(self._timeout), h11.Data):
            yield bytes(event.data)

    async def aclose(self) -> None:
        self._line.rest()
