"""A server that refuses, or wants to be left alone, and a person who asks for it all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fault_proxy import FaultProxy, says
from tests.interop.desks import Screen, desk, until
from tests.server_process import ServerProcess

IN_TEN_YEARS = "Date: Mon, 01 Jan 2035 00:00:00 GMT\r\nRetry-After: Mon, 01 Jan 2045 00:00:00 GMT\r\n"


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
async def test_a_long_retry_after_is_not_waited_for(status: str, proxy: FaultProxy, mine: Screen) -> None:
    """Each time that a person asks for a sync one request goes out, and the reason is said."""
    proxy.always("PATCH", says(status, IN_TEN_YEARS))
    mine.desk.set_text(mine.id(0), "later")
    await mine.sync()
    assert proxy.count("PATCH") == 1
    assert "asks to be left alone until" in mine.session.sync.summary.detail
    mine.desk.set_text(mine.id(1), "this too")
    await mine.sync()
    assert proxy.count("PATCH") == (
        3 if status.startswith("503") else 2
    )  # there it may be that segment alone
    proxy.clear()
    await mine.sync()
    assert {mine.desk.status(mine.id(n)) for n in (0, 1)} == {"synced"}
    assert mine.session.sync.summary.detail == ""


@pytest.mark.parametrize("status", ["403 Forbidden", "422 Unprocessable Content"])
async def test_what_was_refused_once_goes_out_when_a_person_asks_for_it(
    status: str, proxy: FaultProxy, mine: Screen
) -> None:
    """A right or a rule that had ended for a moment locks no cue for ever, and nothing goes round (I14)."""
    proxy.always("PATCH", says(status))
    mine.desk.set_text(mine.id(0), "kept")
    await mine.sync()
    assert proxy.count("PATCH") == 1 and mine.desk.status(mine.id(0)) == "refused"
    await mine.sync()
    assert proxy.count("PATCH") == 2 and mine.desk.status(mine.id(0)) == "refused"
    mine.desk.offline = True
    mine.desk.offline = False
    await until(mine, lambda: proxy.count("PATCH") == 3 and mine.desk.status(mine.id(0)) == "refused")
    proxy.clear()
    mine.desk.set_text(mine.id(0), "typed again")
    await until(mine, lambda: mine.desk.status(mine.id(0)) == "synced")
    assert mine.desk.reason(mine.id(0)) == ""


@pytest.mark.parametrize("status", ["403 Forbidden", "422 Unprocessable Content"])
async def test_what_was_refused_goes_out_once_after_a_restart(
    status: str, server: ServerProcess, url: str, proxy: FaultProxy, tmp_path: Path
) -> None:
    journal = tmp_path / "film.vttproj"
    async with desk(url.replace(server.url, proxy.url), token=server.token, journal=journal) as one:
        proxy.always("PATCH", says(status))
        one.desk.set_text(one.id(0), "kept")
        await one.sync()
        assert one.desk.status(one.id(0)) == "refused"
    proxy.clear()
    async with desk(url.replace(server.url, proxy.url), token=server.token, journal=journal) as one:
        await until(one, lambda: one.desk.status(one.id(0)) == "synced")
        assert one.texts[0] == "kept"
