"""Every fault that sync is made for, and who tells of it; `test_fault_list.py` holds it to what is there.

`WIRE_FAULTS` are done to a save on two real servers by `test_wire_faults.py`, one after another. `STORIES`
are tests that need more than that, each with what does the fault there: a word of its source, or of what it
does in `bad_lines.py`. The worst of all are done on each of the `OTHER_BACKENDS`, too (`ON_EVERY_BACKEND`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.fault_proxy import (
    CONNECTION,
    LOGIN_PAGE,
    TO_A_LOGIN,
    Fault,
    closed_under_us,
    closed_when_idle,
    cut_in_body,
    cut_in_headers,
    deaf,
    dripping,
    drop_answer,
    drop_request,
    etag,
    half_open,
    never,
    reset,
    says,
    twice,
)

SAVE = "PATCH"
DRIP_S = 0.05


@dataclass(frozen=True)
class OnTheWire:
    """What is done to a save (or to the connection that it goes out on), and to the read before it.

    `silent`: only the desk's own patience ends it.
    """

    save: Fault | None = None
    before: Fault | None = None
    at: str = SAVE
    silent: bool = False


def _quotes_changed(tag: bytes) -> bytes:
    return tag.strip(b'"') if tag.startswith(b'"') else b'"' + tag + b'"'


def _packed(tag: bytes) -> bytes:
    return tag[:-1] + b'-gzip"' if tag.endswith(b'"') else tag + b"-gzip"


REWRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "W/": lambda tag: b"W/" + tag,
    "-gzip": _packed,
    "unquoted": _quotes_changed,
}

WIRE_FAULTS: dict[str, OnTheWire] = {
    "drop the request": OnTheWire(drop_request),
    "drop the answer after the commit": OnTheWire(drop_answer),
    "duplicate": OnTheWire(twice),
    "cut in headers": OnTheWire(cut_in_headers),
    "cut in the body": OnTheWire(cut_in_body),
    "RST": OnTheWire(reset),
    "half-open": OnTheWire(before=half_open, silent=True),
    "accepts and never reads": OnTheWire(deaf, before=closed_when_idle, at=CONNECTION, silent=True),
    "never answers": OnTheWire(never, silent=True),
    "keep-alive closed under us": OnTheWire(before=closed_under_us),
    "keep-alive closed while idle": OnTheWire(before=closed_when_idle),
    "slow drip": OnTheWire(dripping(DRIP_S), silent=True),
    "408": OnTheWire(says("408 Request Timeout")),
    "429": OnTheWire(says("429 Too Many Requests")),
    "500": OnTheWire(says("500 Internal Server Error")),
    "502": OnTheWire(says("502 Bad Gateway")),
    "503": OnTheWire(says("503 Service Unavailable")),
    "504": OnTheWire(says("504 Gateway Timeout")),
    "302 to a login": OnTheWire(TO_A_LOGIN),
    "captive portal": OnTheWire(LOGIN_PAGE),
    "200 without ETag": OnTheWire(etag(lambda tag: None)),
    **{f"tag rewritten: {name}": OnTheWire(etag(how)) for name, how in REWRITTEN.items()},
}

OTHER_BACKENDS = ("kinto", "eve", "azurite", "whole_document")

_HERE = "interop/test_wire_faults.py::"
_STANDING = "interop/test_standing_faults.py::"
_FAULTS = "interop/test_faults.py::"
_RESTORED = "interop/test_restored_server.py::"
_HASHES = "interop/test_restored_backends.py::"
_DISK = "sync/test_journal_disks.py::"

STORIES: dict[str, dict[str, str]] = {
    "delay": {_FAULTS + "test_typing_while_the_answer_is_awaited": "held"},
    "reorder": {
        _HERE + "test_a_save_that_arrives_after_the_one_that_was_sent_again": "overtaken",
        _HERE + "test_a_read_that_is_overtaken_by_a_save": "answer_overtaken",
    },
    "half-open": {_HERE + "test_a_line_that_dies_while_nobody_looks": "half_open"},
    "accepts and never reads": {_HERE + "test_a_large_save_that_nobody_reads": "deaf"},
    "Retry-After in seconds": {
        _FAULTS + "test_a_busy_server_is_left_alone_as_long_as_it_asks": "SECONDS",
        _STANDING + "test_what_a_server_asks_for_is_waited_for": "ASKED",
    },
    "Retry-After as a date": {
        _FAULTS + "test_a_busy_server_is_left_alone_as_long_as_it_asks": "DATE",
        _STANDING + "test_what_a_server_asks_for_is_waited_for": "ASKED",
    },
    "Retry-After absurd": {
        _STANDING + "test_what_a_server_asks_for_is_waited_for": "ASKED",
        "interop/test_asked_again.py::test_a_long_retry_after_is_not_waited_for": "IN_TEN_YEARS",
    },
    "401 mid-session": {_STANDING + "test_a_session_that_ends": "401"},
    "302 to a login": {_STANDING + "test_everything_leads_elsewhere": "TO_A_LOGIN"},
    "captive portal": {_STANDING + "test_everything_leads_elsewhere": "LOGIN_PAGE"},
    "200 without ETag": {_STANDING + "test_tags_that_are_gone_for_good": "None"},
    "tag rewritten: W/": {_STANDING + "test_a_tag_that_is_rewritten_for_good_is_said": "REWRITTEN"},
    "tag rewritten: -gzip": {_STANDING + "test_a_tag_that_is_rewritten_for_good_is_said": "REWRITTEN"},
    "tag rewritten: unquoted": {_STANDING + "test_a_tag_that_is_rewritten_for_good_is_said": "REWRITTEN"},
    "stale shared cache": {_FAULTS + "test_a_stale_cache_is_passed_and_never_gone_round": "from_cache"},
    "backend that ignores If-Match": {
        "interop/test_json_server.py::test_the_first_save_finds_out_where_nobody_tried_it": "read-only"
    },
    "DNS failure": {_STANDING + "test_a_name_that_is_not_known_any_more": "unknown_name"},
    "restart": {
        "interop/test_own_server.py::test_a_server_that_was_away_gets_all_that_waited": "server.start()",
        "interop/test_reference.py::test_stopped_and_started_again": "server.start()",
    },
    "restored from an older backup": {
        _RESTORED + "test_putting_mine_back_saves_and_makes_and_removes_again": "restored",
        _HASHES + "test_where_versions_are_hashes_what_was_saved_here_is_asked_about": ("restored"),
    },
    "collection wiped": {_RESTORED + "test_a_wiped_server_gets_everything_again": "backups.wipe()"},
    "deleted and re-created with the same id": {
        _STANDING + "test_made_again_under_the_same_id": "put_again",
    },
    "clock jumps": {_FAULTS + "test_a_busy_server_is_left_alone_as_long_as_it_asks": "jumping"},
    "disk full": {
        _DISK + "test_a_full_disk_is_said_and_everything_is_written_when_there_is_room": "small_disk",
        "stories/test_disks.py::test_a_full_disk_under_the_journal": "small_disk",
    },
    "read-only journal": {_DISK + "test_a_disk_that_becomes_read_only": "remount,ro"},
    "kill -9": {
        "sync/test_journal_kill.py::test_all_that_was_acknowledged_survives_kill_9": "killed",
        "e2e/test_kill.py::test_nothing_accepted_is_lost_and_nothing_is_done_twice": "KILLS",
        _FAULTS + "test_a_crash_before_the_answer_is_seen": "drop_answer",
    },
    "two programs on one journal": {
        "sync/test_journal_kill.py::test_the_holder_is_named_and_its_death_lets_go": "killed"
    },
    "a damaged page": {"sync/test_journal_damage.py::test_every_page_in_turn": "page"},
    "suspend and resume": {_HERE + "test_a_line_that_dies_while_nobody_looks": "half_open"},
}
