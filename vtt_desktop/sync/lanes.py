"""Connections to one origin: each request has one to itself, and gives it back."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from typing import Any

import httpx


class Lanes:
    """As many as there are requests under way at once; the warmest is taken first.

    Each is a client with a pool of its own: a pool that many share looks at all its sockets whenever a
    request comes or goes, which costs more than the request, and one that is full is poisoned by a request
    that is cancelled while it waits for a place.
    """

    def __init__(self, timeout: httpx.Timeout, *, secure: bool, trust_env: bool) -> None:
        """`secure`: the origin is reached by TLS; `trust_env`: proxies may be named in the environment."""
        self._timeout = timeout
        self._secure = secure
        self._trust_env = trust_env
        self._tls: ssl.SSLContext | None = None
        self.cookies = CookieJar()
        self._every: list[httpx.AsyncClient] = []
        self._free: list[httpx.AsyncClient] = []

    @contextmanager
    def one(self) -> Iterator[httpx.AsyncClient]:
        """A client that nobody else uses meanwhile."""
        client = self._free.pop() if self._free else self._another()
        try:
            yield client
        finally:
            self._free.append(client)

    async def close(self) -> None:
        """Closes all connections, those in use too."""
        for client in self._every:
            await client.aclose()

    def _another(self) -> httpx.AsyncClient:
        if self._tls is None:
            # To read the authorities that are trusted takes longer than to open a project. Without TLS none
            # is needed, and a context that has none trusts nobody.
            self._tls = (
                httpx.create_ssl_context(trust_env=self._trust_env)
                if self._secure
                else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            )
        client = _Client(
            verify=self._tls,
            timeout=self._timeout,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=1),
            follow_redirects=False,
            trust_env=self._trust_env,
        )
        client.cookies = _Cookies(self.cookies)
        self._every.append(client)
        return client


class _Cookies(httpx.Cookies):
    """Looks for cookies only where an answer sets one: httpx makes a request of `urllib`'s for that, which is
    a tenth of all that a save costs."""

    def extract_cookies(self, response: httpx.Response) -> None:
        if "Set-Cookie" in response.headers:
            super().extract_cookies(response)


class _Client(httpx.AsyncClient):
    """With the cookies that it is given, and no copy of them."""

    @property
    def cookies(self) -> httpx.Cookies:
        return self._given

    @cookies.setter
    def cookies(self, cookies: Any) -> None:
        self._given: httpx.Cookies = cookies
