"""Whether the server is reached, and how long to leave it alone when it is not, or is busy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from vtt_desktop.sync.state import Link, SyncState

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 60.0
_WORTH_SAYING_S = 5.0
DISK_REFUSES = "Nothing is sent that cannot be written down here first."


def waited(failures: int, after: float | None, jitter: float) -> float:
    """Seconds to wait after so many failures in a row: doubling up to a minute, and no less than the server
    asked for (`after`), even none (I14). `jitter` between 0 and 1 spreads many desks apart."""
    most = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(failures - 1, 16))
    return max(most * (0.5 + 0.5 * jitter), after or 0.0)


def _for_how_long(after: float | None) -> str:
    """What a server asked for, in words; until when, by the clock on the wall, is for reading alone."""
    if not after or after < _WORTH_SAYING_S:
        return ""
    until = datetime.now().astimezone() + timedelta(seconds=after)
    return f"; it asks to be left alone until {until:%H:%M:%S}"


class LinkWatch:
    """The one road by which the link's state changes. `on_change` hears of every change."""

    def __init__(self, state: SyncState, clock: Callable[[], float], jitter: Callable[[], float]) -> None:
        self._state = state
        self._clock = clock
        self._jitter = jitter
        self.failures = 0
        self._lost_until = 0.0
        self._busy_until = 0.0
        self._asked_until = 0.0
        """Before then the server asked not to be asked."""
        self._said_until = 0.0
        """Until then it is said why something waits, if no write is answered before."""
        self._busy = 0
        self._one = False
        self._halted = ""
        self._for_good = False
        self.on_change: list[Callable[[], object]] = []
        self.on_up: list[Callable[[], object]] = []

    @property
    def open(self) -> bool:
        """Whether anything may be sent, now or later, without a person."""
        return self._state.link in (Link.ONLINE, Link.UNREACHABLE)

    @property
    def up(self) -> bool:
        return self._state.link is Link.ONLINE

    @property
    def alone(self) -> bool:
        """Whether one request at a time may be out: nobody answers, or a person asked a server for more that
        wanted to be left alone."""
        return self._one or not self.up

    @property
    def closed_until(self) -> float:
        """Before then, by `clock`, nothing is sent at all."""
        return max(self._lost_until, self._busy_until, self._asked_until)

    @property
    def pause_s(self) -> float:
        """Seconds for which a server that is there will not be asked anything yet."""
        return max(0.0, max(self._busy_until, self._asked_until) - self._clock())

    def start(self, offline: bool) -> None:
        self._state.set_link(Link.OFFLINE if offline else self._best, self._halted if not offline else "")

    def forgive(self) -> None:
        """A person asks for it now: our own waiting ends, what the server asked for does not (I14)."""
        self._lost_until = self._busy_until = 0.0

    def try_again(self) -> None:
        """A person asks for it now: also a server that asked for a wait is tried, with one request, and a
        session that had ended, or a right that was missing, may be there again."""
        if self._clock() < self._asked_until:
            self._lost_until = self._busy_until = self._asked_until = 0.0
            self._one = True
        self._lift()
        if self._state.link is Link.NEEDS_TOKEN or (self._state.link is Link.READ_ONLY and not self._halted):
            self._up()

    def lost(self, why: str, after: float | None = None) -> None:
        """The server does not answer."""
        self.failures += 1
        self._lost_until = self._clock() + waited(self.failures, None, self._jitter())
        self._asked(after)
        if self.open:
            self._set(Link.UNREACHABLE, f"{why}{_for_how_long(after)}.")

    def busy(self, after: float | None, why: str = "The server is busy") -> None:
        """The server answers that it is too much for it (429): nobody is to be asked anything for a while."""
        self._one = False
        self._busy += 1
        self._busy_until = self._clock() + waited(self._busy, None, self._jitter())
        self._asked(after)
        self.waits(after, why)
        self._changed()

    def waits(self, after: float | None, why: str) -> None:
        """Says why something waits, and for how long, where the server asked for that."""
        if after and self.up:
            self._said_until = max(self._said_until, self._clock() + after)
            self._state.set_link(Link.ONLINE, f"{why}{_for_how_long(after)}.")

    def disk_refuses(self, wait: float) -> None:
        """Nothing can be written down here, so that nothing is sent; said for so many seconds at most."""
        if self.up:
            self._said_until = max(self._said_until, self._clock() + wait)
            self._state.set_link(Link.ONLINE, DISK_REFUSES)

    def disk_takes(self) -> None:
        if self.up and self._state.summary.detail == DISK_REFUSES:
            self._said_until = 0.0
            self._state.set_link(Link.ONLINE)

    def found(self, *, wrote: bool = False) -> None:
        """The server answered. What it asked for while it was busy holds on; and a server that may be read is
        not known to be free for writes again before one was answered (`wrote`)."""
        self.failures, self._lost_until = 0, 0.0
        if self._clock() >= max(self._busy_until, self._asked_until):
            if wrote:
                self._busy, self._one, self._said_until = 0, False, 0.0
            if self.up and self._clock() >= self._said_until:
                self._state.set_link(Link.ONLINE)
        if self._state.link is Link.UNREACHABLE:
            self._up()

    def set_offline(self, offline: bool) -> None:
        """The person's switch."""
        if offline:
            self._set(Link.OFFLINE)
        elif self._state.link is Link.OFFLINE:
            self.failures = 0
            self.forgive()
            self._lift()
            self._up()

    def token_needed(self, why: str) -> None:
        self._set(Link.NEEDS_TOKEN, f"{why}.")

    def token_given(self) -> None:
        self._lift()
        if self._state.link in (Link.NEEDS_TOKEN, Link.READ_ONLY):
            self._up()

    def halt(self, why: str, *, for_good: bool = True) -> None:
        """Neither sends nor takes anything any more, and says why: until `release`, or, where it is not
        `for_good`, until another token is given, or the person goes online again or asks for a sync."""
        if self._halted and self._for_good and not for_good:
            return  # what waits for a decision waits on, whatever else is wrong
        self._halted, self._for_good = why, for_good
        if self._state.link is not Link.OFFLINE:
            self._set(Link.READ_ONLY, why)

    def release(self) -> None:
        """What it was halted for is settled."""
        self._halted = ""
        if self._state.link is Link.READ_ONLY:
            self._up()

    def _lift(self) -> None:
        if not self._for_good:
            self._halted = ""

    @property
    def _best(self) -> Link:
        return Link.READ_ONLY if self._halted else Link.ONLINE

    def _asked(self, after: float | None) -> None:
        if after is not None:
            self._asked_until = max(self._asked_until, self._clock() + after)

    def _up(self) -> None:
        """As good as it may be: online, if it is not halted."""
        if self._halted:
            self._set(Link.READ_ONLY, self._halted)
            return
        self._set(Link.ONLINE)
        for call in tuple(self.on_up):
            call()

    def _set(self, link: Link, detail: str = "") -> None:
        self._state.set_link(link, detail)
        self._changed()

    def _changed(self) -> None:
        for call in tuple(self.on_change):
            call()
