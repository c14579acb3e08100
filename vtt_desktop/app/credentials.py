"""Where a token comes from and where it is kept: this run, our own server's note, the system's keyring."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from vtt_desktop.app import lazy
from vtt_desktop.server.announcement import announced_token
from vtt_desktop.sync.credentials import Ring, Tokens, on_this_machine, origin_of

SERVICE = "vtt-desktop"
READING_S, WRITING_S = 8.0, 120.0
"""Seconds for the keyring's answer; before it writes, it may ask a person for its password."""

_T = TypeVar("_T")
log = logging.getLogger(__name__)


class Credentials:
    """Tokens by origin. The keyring is first looked for when a token is needed, and never on the loop.

    A keyring that is not there, is locked or fails is no error: the token is then kept for this run only,
    and `keep` says so. What it says in its errors is not logged, since nobody knows what is in there.
    """

    def __init__(self, find_ring: Callable[[], Ring | None] = lazy.system_keyring) -> None:
        self._find_ring = find_ring
        self._ring: Ring | None = None
        self._looked = False
        self._tokens = Tokens()

    async def token_for(self, address: str) -> str:
        """The token for the address's origin, or nothing."""
        if known := self._tokens.get(address):
            return known
        origin = origin_of(address)
        if not origin:
            return ""
        if on_this_machine(origin) and (ours := announced_token(origin)):
            return ours  # not remembered: another server with another token may run there tomorrow
        found = await self._asked(lambda ring: ring.get_password(SERVICE, origin), None, READING_S)
        if found:
            self._tokens.put(origin, found)
        return found or ""

    def remember(self, address: str, token: str) -> None:
        """Keeps a token for this run."""
        self._tokens.put(address, token)

    async def keep(self, address: str, token: str) -> bool:
        """Keeps a token for the next runs too; False where that could not be, and it is kept for this run."""
        self.remember(address, token)
        origin = origin_of(address)

        def write(ring: Ring) -> bool:
            ring.set_password(SERVICE, origin, token)
            return True

        return bool(origin) and await self._asked(write, False, WRITING_S)

    async def forget(self, address: str) -> None:
        """Here and in the keyring there is no token for that origin any more."""
        self.remember(address, "")
        origin = origin_of(address)

        def remove(ring: Ring) -> None:
            if ring.get_password(SERVICE, origin) is not None:
                ring.delete_password(SERVICE, origin)

        await self._asked(remove, None, WRITING_S)

    async def has_keyring(self) -> bool:
        """Whether a token can outlive this run."""
        return await self._asked(lambda ring: True, False, READING_S)

    async def _asked(self, ask: Callable[[Ring], _T], otherwise: _T, patience_s: float) -> _T:
        """What the keyring answers, from a thread that nobody has to wait for: it may hang on a dialog."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[_T] = loop.create_future()

        def settle(value: _T) -> None:
            if not answer.done():
                answer.set_result(value)

        def work() -> None:
            value = otherwise
            try:
                if not self._looked:
                    self._ring = self._find_ring()
                    self._looked = True
                if self._ring is not None:
                    value = ask(self._ring)
            except Exception as error:  # each backend has errors of its own, down to those of D-Bus
                log.warning("the keyring failed: %s", type(error).__name__)
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, value)

        threading.Thread(target=work, name="keyring", daemon=True).start()
        try:
            return await asyncio.wait_for(answer, patience_s)
        except TimeoutError:
            log.warning("the keyring does not answer")
            return otherwise
