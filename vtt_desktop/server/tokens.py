"""Routes by which the owners of a project give tokens out and take them back."""

from __future__ import annotations

import json
import secrets

from fastapi import APIRouter, Request, Response

from vtt_desktop.server.answers import json_response
from vtt_desktop.server.documents import Json
from vtt_desktop.server.feed import Bells
from vtt_desktop.server.problems import NO_STORE, Problem
from vtt_desktop.server.requests import checked_name, parse_body, read_body, require_json
from vtt_desktop.server.revisions import now
from vtt_desktop.server.roles import ROLES, digest_of
from vtt_desktop.server.store import MOST_GRANTS, Grant, NoSuchGrantError, Store, TooManyGrantsError

NAME_CHARACTERS = 128


def token_routes(store: Store, bells: Bells) -> APIRouter:
    """The routes under /projects."""
    router = APIRouter()

    @router.get("/projects/{project}/tokens")
    async def listing(project: str) -> Response:
        checked_name("project", project)
        return json_response(json.dumps({"items": [_said(one) for one in await store.grants.all(project)]}))

    @router.post("/projects/{project}/tokens")
    async def give(project: str, request: Request) -> Response:
        checked_name("project", project)
        require_json(request, ("application/json",))
        name, role = _name_and_role(await parse_body(await read_body(request, 4096)))
        token = secrets.token_urlsafe(32)
        grant = Grant(secrets.token_hex(8), name, role, digest_of(token), now())
        try:
            await store.grants.add(project, grant)
        except TooManyGrantsError:
            sentence = f"The project has {MOST_GRANTS} tokens already; take one back first."
            raise Problem(409, "too-many-tokens", sentence) from None
        return json_response(json.dumps({**_said(grant), "token": token}), status=201)

    @router.delete("/projects/{project}/tokens/{token_id}")
    async def take_back(project: str, token_id: str) -> Response:
        checked_name("project", project)
        try:
            await store.grants.remove(project, token_id)
        except NoSuchGrantError:
            raise Problem(404, "no-such-token", "The project has no such token.") from None
        bells.ring(project)  # so that its streams look whether they may go on
        return Response(status_code=204, headers=NO_STORE)

    return router


def _name_and_role(value: object) -> tuple[str, str]:
    fields: Json = value if isinstance(value, dict) else {}
    name, role = fields.get("name"), fields.get("role")
    if not isinstance(name, str) or not 1 <= len(name) <= NAME_CHARACTERS or not name.isprintable():
        sentence = f"name must be 1 to {NAME_CHARACTERS} printable characters that tell whose token it is."
        raise Problem(422, "bad-document", sentence)
    if role not in ROLES:
        raise Problem(422, "bad-document", f"role must be one of {', '.join(ROLES)}.")
    return name, role


def _said(grant: Grant) -> dict[str, str]:
    return {"id": grant.id, "name": grant.name, "role": grant.role, "made": grant.made}
