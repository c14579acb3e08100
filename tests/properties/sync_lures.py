"""Answers over HTTP that ask for something: a token elsewhere, or time. The program's own wire gets them.

Each request that goes out on the way is looked at: a token goes to its own origin, whatever an answer says
(I18). How long a server wants to be left alone is told by its own clock on the wall (I15).
"""

from __future__ import annotations

import random
from base64 import b64encode
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, Literal

import httpx

from tests.properties.sync_walls import Wall
from vtt_desktop.sync.lanes import Lanes
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.repository import Repository

OWN = "http://own.example"
ELSEWHERE = (
    "http://elsewhere.example/all",
    "//elsewhere.example/all",
    "https://own.example/all",
    "http://own.example:8080/all",
    "http://own.example@elsewhere.example/all",
    "http://own.example.elsewhere.example/all",
)
REDIRECTS = (301, 302, 303, 307, 308)
AUTHS: tuple[Literal["bearer", "header", "query", "basic"], ...] = ("bearer", "header", "query", "basic")
Ask = Callable[[Repository], Coroutine[Any, Any, Any]]
ASIDE = 503
"""What is answered to everything but the request that is meant."""


class _Transport(httpx.AsyncBaseTransport):
    """Answers at once; so one is enough for all desks."""

    def __init__(self) -> None:
        self.answer: Callable[[httpx.Request], httpx.Response] = lambda request: httpx.Response(ASIDE)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.answer(request)


class _SimulatedLanes(Lanes):
    """The program's own, on that transport."""

    def _another(self) -> httpx.AsyncClient:
        client = super()._another()
        client._transport, client._mounts = TRANSPORT, {}
        return client


TRANSPORT = _Transport()
LANES = _SimulatedLanes(httpx.Timeout(20.0), secure=False, trust_env=False)


class Lures:
    """What is told to one desk, which has that `token`. `broken` hears of a token that went elsewhere."""

    def __init__(
        self,
        name: str,
        profile: Profile,
        chance: random.Random,
        wall: Wall,
        broken: Callable[[str], object],
    ) -> None:
        """`wall`: the server's clock."""
        self.token = f"the-token-of-{name}"
        self._name = name
        self._profile = profile
        self._chance = chance
        self._wall = wall
        self._broken = broken
        self._answers: list[httpx.Response] = []
        self.asked: list[httpx.Request] = []

    async def redirected(self, ask: Ask) -> Any:
        """What comes of a request that is answered with a redirect to elsewhere."""
        to = {"Location": self._chance.choice(ELSEWHERE)}
        return await self._told(ask, httpx.Response(self._chance.choice(REDIRECTS), headers=to))

    async def paged(self) -> Any:
        """What comes of a list whose next page is said to be elsewhere. UserError where it is not asked."""
        page = {"items": [], "seq": 0, "epoch": "e", "next": self._chance.choice(ELSEWHERE)}
        return await self._told(lambda repository: repository.contents(), httpx.Response(200, json=page))

    async def busy(self, ask: Ask, after_s: float) -> Any:
        """What comes of a request that is answered with 429, and a date after which one may ask again."""
        return await self._told(ask, httpx.Response(429, headers=self._wall.told(after_s)))

    async def _told(self, ask: Ask, answer: httpx.Response) -> Any:
        profile = replace(self._profile, auth=self._chance.choice(AUTHS), auth_param="Key")
        repository = Repository(profile, OWN, project="p", token=self.token)
        repository._wire._lanes = LANES
        self._answers, TRANSPORT.answer = [answer], self._answered
        return await ask(repository)

    def _answered(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        origin = f"{request.url.scheme}://{request.url.netloc.decode()}"
        if origin != OWN and self.carries(request):
            self._broken(f"I18 {self._name} sent its token to {request.url}")
        return self._answers.pop() if self._answers else httpx.Response(ASIDE)

    def carries(self, request: httpx.Request) -> bool:
        """Whether a request holds the token, as it is or for Basic authentication (RFC 7617)."""
        said = f"{request.url} {request.headers.multi_items()}"
        return self.token in said or b64encode(f"{self.token}:".encode()).decode() in said
