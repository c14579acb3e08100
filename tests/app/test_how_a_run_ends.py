"""A macro with `--project`: the status and a sentence say what is left to do, as those of `sync` do."""

import re
from pathlib import Path

import pytest

from tests.app.program import TWO_CUES, Backend, Program
from tests.app.reference_server import ReferenceServer
from tests.server_process import ServerProcess, running_server

EDIT = "desk.set_text(desk.cues[0].id, args[0] if args else 'Mine')"


@pytest.fixture
def url(program: Program, server: ServerProcess) -> str:
    """A project of two cues on a server that may be stopped."""
    address = f"{server.url}/projects/film"
    program.environment["VTT_DESKTOP_TOKEN"] = server.token
    assert program("publish", program.file("film.vtt"), address).status == 0
    return address


def test_what_a_macro_leaves_is_sent_before_it_ends(program: Program, url: str) -> None:
    done = program.run(EDIT, url, "--project", "p.vttproj")
    assert (done.status, done.err) == (0, "")
    assert program.run("tell(desk.cues[0].text)", url).told == "Mine"


def test_a_refused_edit_is_status_one_with_the_servers_reason(program: Program, url: str) -> None:
    done = program.run(
        "desk.set_text(desk.cues[0].id, 'x' * 2_000_000); await desk.sync()", url, "--project", "p.vttproj"
    )
    summary, refused = done.err.splitlines()
    assert (done.status, summary) == (1, "vtt-desktop: 1 segment refused.")
    assert re.match(r"vtt-desktop: cue 1, 00:00:01\.000: .*larger", refused), refused
    again = program("sync", "p.vttproj")
    assert (again.status, again.err) == (done.status, done.err)


def test_a_server_that_went_back_is_status_one_and_how_to_decide(
    program: Program, url: str, tmp_path: Path
) -> None:
    assert program.run("tell(1)", url, "--project", "p.vttproj").status == 0
    folder = tmp_path / "another"
    folder.mkdir()
    with running_server(folder) as other:  # a project of that name, on another server
        there = f"{other.url}/projects/film"
        film = program.file("other.vtt", TWO_CUES.replace("Hello", "Other"))
        assert program("publish", film, there, token=other.token).status == 0
        done = program.run(EDIT, there, "--project", "p.vttproj", token=other.token)
        done.sentence("not the one this document was shared in.*--went-back mine", status=1)


def test_what_a_server_that_is_away_did_not_get_is_status_three(
    program: Program, url: str, server: ServerProcess
) -> None:
    assert program.run("tell(1)", url, "--project", "p.vttproj").status == 0
    server.stop()
    program.run(EDIT, "p.vttproj").sentence("1 edit not sent; .*[Cc]onnect|reach|answer")


def test_to_look_at_a_project_while_the_server_is_away_is_no_failure(
    program: Program, url: str, server: ServerProcess
) -> None:
    assert program.run("tell(1)", url, "--project", "p.vttproj").status == 0
    server.stop()
    done = program.run("await desk.sync(); tell([desk.link, desk.cues[0].text])", "p.vttproj")
    assert (done.status, done.err) == (0, "") and done.told == ["unreachable", "Hello"]


def test_what_is_kept_offline_is_said_and_is_no_failure(program: Program, url: str) -> None:
    done = program.run(f"desk.offline = True; {EDIT}", url, "--project", "p.vttproj")
    done.sentence("1 edit not sent; the project is offline", status=0)
    assert program("sync", "--online", "p.vttproj").status == 0
    done = program.run("tell([desk.offline, desk.cues[0].text])", "p.vttproj")
    assert done.told == [False, "Mine"] and done.err == ""


def test_a_macro_that_failed_says_what_is_left_all_the_same(program: Program, url: str) -> None:
    done = program.run(f"desk.offline = True; {EDIT}; return 7", url, "--project", "p.vttproj")
    done.sentence("1 edit not sent", status=7)


def test_a_server_that_is_busy_says_how_long(program: Program, reference: ReferenceServer) -> None:
    _answer_writes(reference, 429, {"Retry-After": "90"})
    done = program.run(EDIT, f"{reference.url}/vtt/s1", "--project", "p.vttproj")
    done.sentence(r"1 edit not sent; http://\S+ is busy; it asks to be left alone until \d\d:\d\d:\d\d")


def test_what_may_only_be_read_is_said(program: Program, reference: ReferenceServer) -> None:
    _answer_writes(reference, 403, {})
    look = "said.append([desk.status(desk.cues[0].id), desk.reason(desk.cues[0].id)])"
    macro = f"said = []; {EDIT}; await desk.sync(); {look}; desk.undo(); {look}; tell(said); desk.redo()"
    done = program.run(macro, f"{reference.url}/vtt/s1", "--project", "p.vttproj")
    assert done.status == 1 and "segment refused" in done.err, done.err
    changed, as_it_was = done.told
    assert changed == ["refused", as_it_was[1]]
    assert as_it_was[0] == "synced" and "403" in as_it_was[1], "of what may not be changed it is told still"


def _answer_writes(backend: Backend, status: int, headers: dict[str, str]) -> None:
    """From now on each write is answered so."""
    real = backend.answer

    def answer(
        method: str, path: str, said: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        return (status, headers, b"{}") if method == "PATCH" else real(method, path, said, body)

    backend.answer = answer  # type: ignore[method-assign]  # it goes between


def test_options_stand_before_between_and_behind_what_is_run(
    program: Program, reference: ReferenceServer
) -> None:
    macro = program.macro("tell([desk.cues[0].text, *args])")
    film = program.file("film.vtt")
    for arguments in (
        ("--project", "p.vttproj", macro, film),
        (macro, "--project", "p.vttproj", film),
        (macro, film, "--project", "p.vttproj"),
        (macro, "--project", "p.vttproj", film, "--save"),
    ):
        done = program("run", *arguments, "--", "--profile", "x")
        assert done.err == "" and done.told == ["Hello", "--profile", "x"]
    backend = ("run", macro, "--profile", "reference", "--ids", "s1", reference.url)
    assert program(*backend).told == ["Hello"]
    assert program("check", film, "--json", film).status in (0, 1)
