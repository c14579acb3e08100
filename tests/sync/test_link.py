"""The one road by which the link's state changes: what a halt survives, and what lifts it."""

from __future__ import annotations

import pytest

from vtt_desktop.sync.link import LinkWatch
from vtt_desktop.sync.state import Link, SyncState


class Watched:
    def __init__(self) -> None:
        self.state = SyncState()
        self.ups = 0
        self.link = LinkWatch(self.state, lambda: 0.0, lambda: 0.0)
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
    assert one.shown == HALTED
    one.link.token_needed("The session ended")
    one.link.token_given()
    assert one.shown == HALTED and one.ups == 0
    one.link.release()
    assert one.shown == (Link.ONLINE, "") and one.ups == 1


def test_a_halt_while_offline_shows_when_it_would_go_online() -> None:
    one = Watched()
    one.link.set_offline(True)
    one.link.halt("It went back.")
    assert one.shown == (Link.OFFLINE, "")
    one.link.set_offline(False)
    assert one.shown == HALTED


@pytest.mark.parametrize("lift", ["a token", "the switch"])
def test_what_the_server_forbade_is_tried_again(lift: str) -> None:
    """403 on the project: another token may do, and so may an administrator meanwhile."""
    one = halted(for_good=False)
    if lift == "a token":
        one.link.token_given()
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
