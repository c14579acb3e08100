"""Who may do what in a project: tokens with a role. Only their hashes are kept."""

from __future__ import annotations

import hashlib

from fastapi import Request

from vtt_desktop.server.problems import Problem
from vtt_desktop.server.store import Store

ROLES = ("reader", "editor", "owner")
"""Each may do what those before it may: read and be seen, write segments, give tokens out."""
DIGEST = "vtt_desktop.token"
"""Where a request's scope holds the hash of a token that is not the server's own."""


def digest_of(token: str) -> str:
    """What is kept of a token. It is as random as the hash is long, so that no salt is needed."""
    return hashlib.sha256(token.encode("latin-1", "replace")).hexdigest()


def wrong_token() -> Problem:
    """401 for a token that opens nothing here."""
    challenge = 'Bearer realm="vtt-desktop", error="invalid_token"'
    return Problem(
        401, "token-wrong", "The token is not valid here.", headers={"WWW-Authenticate": challenge}
    )


async def require_role(store: Store, request: Request) -> None:
    """Raises Problem 401 or 403 unless the request's token may do what it asks for."""
    digest = request.scope.get(DIGEST)
    if digest is None:  # the server's own token, or a server that asks for none
        return
    project = request.path_params.get("project", "")
    role = await store.grants.role_of(project, digest)
    if role is None:
        raise wrong_token()
    needed = _needed(request)
    if ROLES.index(role) < ROLES.index(needed):
        sentences = {
            "editor": f"With this token the project {project} can be read, not written to.",
            "owner": f"Only owners of the project {project} see, give out and take back its tokens.",
        }
        raise Problem(403, "role", sentences[needed])


async def still_let_in(store: Store, request: Request) -> bool:
    """Whether the token of a request that goes on for long has not been taken back meanwhile."""
    digest = request.scope.get(DIGEST)
    return digest is None or await store.grants.role_of(request.path_params["project"], digest) is not None


def _needed(request: Request) -> str:
    kind = request.scope["route"].path.removeprefix("/projects/{project}")
    if kind.startswith("/tokens"):
        return "owner"
    return "reader" if request.method in ("GET", "HEAD") or kind == "/presence" else "editor"
