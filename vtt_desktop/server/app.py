"""The application: routes, the token gate, and what a failure looks like from outside."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from vtt_desktop.server.answers import MARK, json_response
from vtt_desktop.server.auth import TokenGate
from vtt_desktop.server.feed import HEARTBEAT_SECONDS, Bells, feed_routes
from vtt_desktop.server.pace import Pace, Paced
from vtt_desktop.server.presence import LIFETIME_SECONDS, Presence
from vtt_desktop.server.problems import Problem, another_history, no_project
from vtt_desktop.server.roles import require_role
from vtt_desktop.server.segments import segment_routes
from vtt_desktop.server.store import (
    NoSuchProjectError,
    Store,
    StoreFullError,
    StoreUnavailableError,
    StoreUncertainError,
)
from vtt_desktop.server.tokens import token_routes
from vtt_desktop.server.unread import HearOut

log = logging.getLogger(__name__)


def create_app(
    store: Store,
    bells: Bells,
    *,
    token: str = "",
    allow_without_if_match: bool = False,
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
    presence_seconds: float = LIFETIME_SECONDS,
    pace: Pace | None = None,
) -> FastAPI:
    """The server over a store. `bells` is the caller's, who closes it before stopping.

    An empty `token` lets everybody on this machine in; the times are in seconds.
    """

    async def watch() -> None:
        try:
            await store.watch(bells.ring)
        except Exception:  # a bug, by which streams are told later; no reason to serve nobody
            log.exception("no longer told of what other servers write")

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as background:
            watching = background.create_task(watch())
            yield
            watching.cancel()
        await store.close()

    app = FastAPI(
        title="VTT Desktop server", lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None
    )
    app.router.redirect_slashes = False

    @app.get("/health")
    async def health() -> Response:
        return json_response(json.dumps({"name": "vtt-desktop", "ok": True}))

    async def of_this_history(request: Request) -> None:
        """Refuses those who were told of a history that this store does not have: it went back."""
        project, mark = request.path_params.get("project"), request.headers.get(MARK)
        if project and mark and not await store.knows(project, mark):
            found = await store.changes(project, 0, 1)
            raise another_history(found.epoch)

    async def allowed(request: Request) -> None:
        await require_role(store, request)

    presence = Presence(bells.ring, presence_seconds)
    told = [Depends(allowed), Depends(of_this_history)]
    segments = segment_routes(store, bells, allow_without_if_match=allow_without_if_match)
    app.include_router(segments, dependencies=told)
    feed = feed_routes(store, bells, presence, heartbeat_seconds=heartbeat_seconds)
    app.include_router(feed, dependencies=told)
    app.include_router(token_routes(store, bells), dependencies=told)
    _explain_failures(app)
    app.add_middleware(TokenGate, token=token)
    app.add_middleware(Paced, pace=pace or Pace())
    app.add_middleware(HearOut)
    return app


def _explain_failures(app: FastAPI) -> None:
    @app.exception_handler(Problem)
    async def refused(_request: Request, problem: Problem) -> Response:
        return problem.response()

    @app.exception_handler(NoSuchProjectError)
    async def unknown_project(_request: Request, error: NoSuchProjectError) -> Response:
        return no_project(str(error)).response()

    @app.exception_handler(StoreFullError)
    async def full(_request: Request, error: StoreFullError) -> Response:
        log.error("the store is full: %s", error)
        return Problem(507, "store-full", "The server's disk is full; nothing was written.").response()

    @app.exception_handler(StoreUnavailableError)
    async def unavailable(_request: Request, error: StoreUnavailableError) -> Response:
        log.error("the store failed: %s", error)
        detail = f"The server's store cannot be used just now ({error}); nothing was written."
        return Problem(503, "store-unavailable", detail, headers={"Retry-After": "5"}).response()

    @app.exception_handler(StoreUncertainError)
    async def uncertain(_request: Request, error: StoreUncertainError) -> Response:
        log.error("the store went away during a write: %s", error)
        detail = "The server's store went away during the write; read again to see whether it is there."
        return Problem(503, "outcome-unknown", detail, headers={"Retry-After": "5"}).response()

    @app.exception_handler(HTTPException)
    async def http_error(_request: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        details = {
            404: "There is nothing at this address.",
            405: "This address does not answer to that method.",
        }
        return Problem(
            status,
            status.phrase.lower().replace(" ", "-"),
            details.get(status, status.phrase + "."),
            headers=error.headers,
        ).response()

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, _error: RequestValidationError) -> Response:
        return Problem(400, "bad-request", "The request cannot be understood.").response()

    @app.exception_handler(Exception)
    async def bug(_request: Request, _error: Exception) -> Response:
        # The exception goes on to the server's log from here.
        return Problem(500, "failed", "The server failed on this request.").response()
