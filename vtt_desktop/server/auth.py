"""Who may talk to the server: holders of a bearer token (RFC 6750), or, when asked for, this machine."""

from __future__ import annotations

import hmac
import ipaddress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from vtt_desktop.server.problems import Problem
from vtt_desktop.server.roles import DIGEST, digest_of, wrong_token


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine only."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class TokenGate:
    """ASGI middleware that lets nothing but /health through without a token.

    With the server's own everything is allowed. Any other goes on as its hash, and whether it was given out
    for the project is looked up there (`roles.require_role`).

    Without a token only requests addressed to a loopback name pass: a page that makes its own name
    resolve to this machine (DNS rebinding) still sends that name as Host.
    """

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = digest_of(token) if token else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = self._refusal(scope) if scope["type"] == "http" and scope["path"] != "/health" else None
        if problem is None:
            await self._app(scope, receive, send)
        else:
            await problem.response()(scope, receive, send)

    def _refusal(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        if self._expected is None:
            host = headers.get("host", "")
            name = host if host.endswith("]") else host.rpartition(":")[0] or host
            if is_loopback(name):
                return None
            return Problem(
                421, "wrong-host", "Without a token this server answers to loopback addresses only."
            )
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not given.strip():
            challenge = 'Bearer realm="vtt-desktop"'
            return Problem(
                401, "token-required", "A token is needed.", headers={"WWW-Authenticate": challenge}
            )
        # Digests are compared, so that neither length nor content shows in the time it takes.
        digest = digest_of(given.strip())
        if not hmac.compare_digest(digest, self._expected):
            if not scope["path"].startswith("/projects/"):
                return wrong_token()
            scope[DIGEST] = digest
        return None
