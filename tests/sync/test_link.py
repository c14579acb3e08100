"""The one road by which the link's state changes: what a halt survives, and what lifts it."""

from __future__ import annotations

import pytest

from vtt_desktop.sync.link import LONGEST_WAIT_S, LinkWatch, waited
from vtt_desktop.sync.state import Link, SyncState


class Watched:
    def __init__(self) -> None:
        self.state = SyncState()
        self.ups = 0
        self.now = 0.0
        self.link = LinkWatch(self.state, lambda: self.now, lambda: 1.0)
        self.link.on_up.append(self._up)
        self.link.start(False)

    def _up(self) -> None:
        self.ups += 1

    @property
    def shown(self) -> tuple[Link, str]:
        return self.state.link, self.state.summary.detail


HALTED = (Link.READ_ONLY, "It went back.")


def halted(*, for_good: bool) -> Watched:
    one = Watched()
    one.link.halt("It went back.", for_good=for_good)
    assert one.shown == HALTED and not one.link.open
    return one


def test_a_halt_for_good_is_over_when_it_is_released() -> None:
    one = halted(for_good=True)
    one.link.set_offline(True)
    assert one.shown == (Link.OFFLINE, "")
    one.link.set_offline(False)
    assert one.shown == HALTED
    one.link.token_given()
    one.link.try_again()
    assert one.shown == HALTED
    one.link.token_needed("The session ended")
    one.link.token_given()
    assert one.shown == HALTED and one.ups == 0
    one.link.release()
    assert one.shown == (Link.ONLINE, "") and one.ups == 1


def test_a_halt_for_good_outlives_another_that_is_lifted() -> None:
    """The server went back, and then a list of it cannot be read: another token decides nothing."""
    one = halted(for_good=True)
    one.link.halt("You may not read this.", for_good=False)
    assert one.shown == HALTED
    one.link.token_given()
    one.link.set_offline(True)
    one.link.set_offline(False)
    assert one.shown == HALTED and not one.link.open


def test_a_halt_while_offline_shows_when_it_would_go_online() -> None:
    one = Watched()
    one.link.set_offline(True)
    one.link.halt("It went back.")
    assert one.shown == (Link.OFFLINE, "")
    one.link.set_offline(False)
    assert one.shown == HALTED


@pytest.mark.parametrize("lift", ["a token", "the switch", "a sync"])
def test_what_the_server_forbade_is_tried_again(lift: str) -> None:
    """403 on the project: another token may do, and so may an administrator meanwhile."""
    one = halted(for_good=False)
    if lift == "a token":
        one.link.token_given()
    elif lift == "a sync":
        one.link.try_again()
    else:
        one.link.set_offline(True)
        one.link.set_offline(False)
    assert one.shown == (Link.ONLINE, "") and one.ups == 1


def test_released_while_offline_it_stays_so() -> None:
    one = halted(for_good=True)
    one.link.set_offline(True)
    one.link.release()
    assert one.shown == (Link.OFFLINE, "") and one.ups == 0
    one.link.set_offline(False)
    assert one.shown == (Link.ONLINE, "")


@pytest.mark.parametrize("after", [None, 0.0, 0.1])
def test_a_server_that_asks_for_no_wait_is_left_alone_for_longer_each_time(after: float | None) -> None:
    """I14: `Retry-After: 0`, or a date that has passed."""
    assert [waited(n, after, 1.0) for n in (1, 2, 3, 4)] == [0.5, 1.0, 2.0, 4.0]
    assert waited(40, after, 1.0) == LONGEST_WAIT_S


def test_what_the_server_asks_for_only_lengthens_the_wait() -> None:
    assert waited(1, 7.0, 1.0) == 7.0 and waited(20, 7.0, 1.0) == LONGEST_WAIT_S


@pytest.mark.parametrize("after", [None, 0.0])
@pytest.mark.parametrize("what", ["busy", "lost"])
def test_the_link_is_closed_for_longer_each_time(what: str, after: float | None) -> None:
    one = Watched()
    waits = []
    for _ in range(4):
        one.link.busy(after) if what == "busy" else one.link.lost("Nobody answers", after)
        waits.append(one.link.closed_until - one.now)
        one.now = one.link.closed_until
        if what == "busy":
            one.link.found()  # the feed may be read meanwhile
    assert waits == [0.5, 1.0, 2.0, 4.0]
    one.link.found(wrote=True)
    one.link.busy(after)
    assert one.link.closed_until - one.now == 0.5


def test_a_person_may_ask_a_server_that_wanted_to_be_left_alone_once() -> None:
    """A date in ten years, or a day, would otherwise hold all saves of the desk for as long as is allowed."""
    one = Watched()
    one.link.busy(300.0, "The server is busy")
    link, detail = one.shown
    assert link is Link.ONLINE and detail.startswith("The server is busy; it asks to be left alone until ")
    assert not one.link.alone
    one.link.try_again()
    assert one.link.closed_until == 0.0 and one.link.alone
    one.link.busy(300.0, "The server is busy")
    assert one.link.closed_until == 300.0 and not one.link.alone
    one.link.try_again()
    one.link.found()  # the feed: a server that may be read is not known to be free for writes
    assert one.link.alone
    one.link.found(wrote=True)
    assert not one.link.alone and one.shown == (Link.ONLINE, "")


def test_a_server_that_fails_tells_until_when_it_wants_to_be_left_alone() -> None:
    one = Watched()
    one.link.lost("The server has a problem (status 503)", 300.0)
    assert one.shown[0] is Link.UNREACHABLE and "left alone until" in one.shown[1]
    one.link.found()
    assert one.shown == (Link.ONLINE, "")


def test_a_person_ends_our_own_waiting_and_not_what_the_server_asked_for() -> None:
    one = Watched()
    one.link.busy(None)
    one.link.busy(0.7)
    one.link.lost("Nobody answers")
    assert one.link.closed_until == 1.0
    one.link.forgive()
    assert one.link.closed_until == 0.7
    one.link.busy(0.0)
    one.link.forgive()
    assert one.link.closed_until == 0.7
