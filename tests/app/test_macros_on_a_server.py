"""The macro API on our own server: real processes on both sides. Each test takes a project of its own."""

import itertools
from collections.abc import Callable

import pytest
from httpx import get

from tests.app.program import TWO_CUES, Program, Result
from tests.server_process import ServerProcess

Macro = Callable[..., Result]
_numbers = itertools.count()


@pytest.fixture
def url(program: Program, shared_server: ServerProcess) -> str:
    """A freshly published project."""
    address = f"{shared_server.url}/projects/film-{next(_numbers)}"
    done = program("publish", program.file("film.vtt"), address, token=shared_server.token)
    assert done.status == 0 and done.err == "", done.err
    assert done.out == f"published 2 cues to {address}\n"
    return address


@pytest.fixture
def run(program: Program, shared_server: ServerProcess) -> Macro:
    return lambda body, *rest, **how: program.run(body, *rest, token=shared_server.token, **how)


COLLEAGUE = """
import pathlib, subprocess, sys
def colleague(line):
    macro = "async def main(desk):\\n    one, two = [c.id for c in desk.cues][:2]\\n    " + line
    pathlib.Path("colleague.py").write_text(macro + "\\n    await desk.sync()\\n")
    subprocess.run([sys.executable, "-m", "vtt_desktop", "run", "colleague.py", args[0]], check=True)
one, two = [c.id for c in desk.cues][:2]
"""


def test_an_edit_goes_from_dirty_to_synced_under_a_new_tag(run: Macro, url: str) -> None:
    done = run(
        """
        cue = desk.cues[0].id
        said = [desk.status(cue)]
        before = desk.etag(cue)
        desk.set_text(cue, "Hi")
        said += [desk.status(cue), desk.etag(cue) == before]
        await desk.sync()
        said += [desk.status(cue), desk.etag(cue) != before, desk.link, desk.status(desk.cues[1].id)]
        tell(said)
        """,
        url,
    )
    assert done.status == 0 and done.err == ""
    assert done.told == ["synced", "dirty", True, "synced", True, "online", "synced"]


def test_what_a_macro_leaves_is_sent_before_the_program_ends(run: Macro, url: str) -> None:
    assert run("desk.set_text(desk.cues[0].id, 'Hi')", url).status == 0
    assert run("tell(desk.cues[0].text)", url).told == "Hi"


def test_an_edit_is_by_the_person_who_ran_the_macro(
    run: Macro, url: str, shared_server: ServerProcess
) -> None:
    assert run("desk.set_text(desk.cues[0].id, 'Hi')", url, env={"LOGNAME": "zoë"}).status == 0
    headers = {"Authorization": f"Bearer {shared_server.token}"}
    made = get(f"{url}/changes", params={"since": 0}, headers=headers).json()["items"]
    assert [one["author"] for one in made if "Hi" in str(one["document"])] == ["zoë"]


def test_structure_and_bytes_are_the_same_at_another_desk(run: Macro, program: Program, url: str) -> None:
    done = run(
        """
        one, two = (cue.id for cue in desk.cues)
        new = desk.insert(after=one, start=2000, end=2500, text="Between", settings="align:end")
        desk.split(two, at_char=3)
        desk.shift([one], 10)
        desk.merge([one, new])
        desk.set_identifier(two, "intro")
        await desk.sync()
        tell([desk.status(cue.id) for cue in desk.cues])
        desk.save("mine.vtt")
        """,
        url,
    )
    assert done.err == "" and done.told == ["synced"] * 3
    assert run("desk.save('theirs.vtt')", url).status == 0
    mine = (program.folder / "mine.vtt").read_bytes()
    assert mine == (program.folder / "theirs.vtt").read_bytes()
    assert b"NOTE kept" in mine and b"intro\n00:03.000" in mine


def test_undo_and_removal_travel(run: Macro, url: str) -> None:
    done = run(
        """
        one, two = (cue.id for cue in desk.cues)
        desk.remove([one])
        await desk.sync()
        desk.undo()
        await desk.sync()
        desk.remove([two])
        await desk.sync()
        tell([[cue.text for cue in desk.cues], [desk.status(cue.id) for cue in desk.cues]])
        """,
        url,
    )
    assert done.err == "" and done.told == [["Hello"], ["synced"]]
    assert run("tell([cue.text for cue in desk.cues])", url).told == ["Hello"]


def test_offline_queues_and_online_sends(run: Macro, url: str) -> None:
    done = run(
        """
        one, two = (cue.id for cue in desk.cues)
        desk.offline = True
        desk.set_text(one, "Away")
        new = desk.insert(after=two, start=5000, end=6000, text="New")
        await desk.sync()
        said = [desk.offline, desk.link, desk.status(one), desk.status(new), desk.etag(new)]
        desk.offline = False
        await desk.sync()
        tell([*said, desk.link, desk.status(one), desk.status(new), bool(desk.etag(new))])
        """,
        url,
    )
    assert done.err == ""
    assert done.told == [True, "offline", "dirty", "dirty", None, "online", "synced", "synced", True]


def test_different_fields_merge_without_a_word(run: Macro, url: str) -> None:
    done = run(
        COLLEAGUE
        + """
desk.offline = True
desk.set_text(one, "Mine")
colleague("desk.set_times(one, 900, 2000)")
desk.offline = False
await desk.sync()
cue = desk.cue(one)
tell([cue.text, cue.start, desk.status(one), desk.conflicts])
""",
        url,
        "--",
        url,
    )
    assert done.err == "" and done.told == ["Mine", 900, "synced", []]


@pytest.mark.parametrize(
    ("choice", "text"),
    [("'mine'", "Mine"), ("'theirs'", "Theirs"), ("desk.cue(one).with_(text='Both')", "Both")],
)
def test_the_same_field_is_a_conflict_until_somebody_decides(
    run: Macro, url: str, choice: str, text: str
) -> None:
    done = run(
        COLLEAGUE
        + f"""
desk.offline = True
desk.set_text(one, "Mine")
colleague("desk.set_text(one, 'Theirs')")
desk.offline = False
await desk.sync()
(c,) = desk.conflicts
said = [desk.status(one), c.id == one, c.base.text, c.mine.text, c.theirs.text]
said += [c.kind.value, desk.cue(one).text]
desk.set_text(two, "Goes on")
await desk.sync()
said += [desk.status(two), desk.status(one)]
desk.resolve(one, {choice})
await desk.sync()
said += [desk.status(one), desk.cue(one).text, desk.conflicts]
desk.set_text(one, desk.cue(one).text + "!")
await desk.sync()
tell([*said, desk.status(one)])
""",
        url,
        "--",
        url,
    )
    assert done.status == 0, done.err
    assert done.told == [
        *("conflict", True, "Hello", "Mine", "Theirs", "edit", "Mine"),
        *("synced", "conflict", "synced", text, [], "synced"),
    ]
    assert run("tell(desk.cues[0].text)", url).told == text + "!"


def test_an_edit_against_a_removal_is_gone_until_decided(run: Macro, url: str) -> None:
    done = run(
        COLLEAGUE
        + """
desk.offline = True
desk.set_text(one, "Mine")
colleague("desk.remove([one])")
desk.offline = False
await desk.sync()
(c,) = desk.conflicts
said = [desk.status(one), c.theirs, c.mine.text, c.kind.value]
desk.resolve(one, "mine")
await desk.sync()
tell([*said, desk.status(one), [cue.text for cue in desk.cues]])
""",
        url,
        "--",
        url,
    )
    assert done.err == "" and done.told == [
        "gone",
        None,
        "Mine",
        "removed-there",
        "synced",
        ["Mine", "World"],
    ]


def test_undo_refuses_to_take_back_a_colleagues_change(run: Macro, url: str) -> None:
    done = run(
        COLLEAGUE
        + """
desk.set_text(one, "Mine")
await desk.sync()
colleague("desk.set_text(one, 'Theirs')")
await desk.sync()
try:
    desk.undo()
except desk.UserError as error:
    tell([str(error), desk.cue(one).text])
""",
        url,
        "--",
        url,
    )
    assert done.told[1] == "Theirs"
    assert done.told[0].startswith("Cannot undo “Edit text”: someone changed the text of cue 1 since.")


def test_a_conflict_that_is_left_is_status_one(run: Macro, program: Program, url: str) -> None:
    project = program.folder / "desk.vttproj"
    done = run(
        COLLEAGUE
        + """
desk.offline = True
desk.set_text(one, "Mine")
colleague("desk.set_text(one, 'Theirs')")
desk.offline = False
await desk.sync()
""",
        url,
        "--project",
        project,
        "--",
        url,
    )
    done.sentence("1 conflict", status=1)
    again = run("tell([desk.status(1), desk.conflicts[0].theirs.text]) if desk.conflicts else None", project)
    assert again.status == 1 and again.told == ["conflict", "Theirs"]


def test_a_second_run_sends_what_the_first_left_when_it_was_killed(
    run: Macro, program: Program, url: str
) -> None:
    project = program.folder / "desk.vttproj"
    killed = run(
        """
        import os, signal, threading
        desk.offline = True
        desk.set_text(desk.cues[0].id, "Before the kill")
        desk.insert(after=desk.cues[0].id, start=2000, end=2500, text="New")
        threading.Event().wait(0.2)
        os.kill(os.getpid(), signal.SIGKILL)
        """,
        url,
        "--project",
        project,
    )
    assert killed.status == -9
    again = run(
        """
        said = [desk.offline, [desk.status(cue.id) for cue in desk.cues]]
        desk.offline = False
        await desk.sync()
        tell([*said, [desk.status(cue.id) for cue in desk.cues]])
        """,
        project,
    )
    assert again.err == ""
    assert again.told == [True, ["dirty", "dirty", "synced"], ["synced", "synced", "synced"]]
    assert run("tell([cue.text for cue in desk.cues])", url).told == ["Before the kill", "New", "World"]


def test_sync_sends_and_fetches_and_says_what_is_left(run: Macro, program: Program, url: str) -> None:
    project = program.folder / "desk.vttproj"
    run("desk.offline = True; desk.set_text(desk.cues[0].id, 'Mine')", url, "--project", project)
    run("desk.set_text(desk.cues[1].id, 'Theirs')", url)
    token = shared_token(run)
    waiting = program("sync", project, token="wrong")
    waiting.sentence("1 edit not sent; ", status=3)
    done = program("sync", project, token=token)  # to be asked to sync is to be asked to go online
    assert (done.status, done.err) == (0, "")
    told = run("tell([cue.text for cue in desk.cues])", project).told
    assert told == ["Mine", "Theirs"] == run("tell([cue.text for cue in desk.cues])", url).told


def shared_token(run: Macro) -> str:
    return "a-token-for-tests"


def test_publishing_twice_is_refused_and_changes_nothing(run: Macro, program: Program, url: str) -> None:
    other = program.file("other.vtt", TWO_CUES.replace("Hello", "Other"))
    done = program("publish", other, url, token=shared_token(run))
    done.sentence("There is a project of that name on the server already")
    assert run("tell(desk.cues[0].text)", url).told == "Hello"


def test_a_head_with_styles_travels(run: Macro, program: Program, shared_server: ServerProcess) -> None:
    styled = (
        "WEBVTT - title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\n" + TWO_CUES.partition("\n\n")[2]
    )
    url = f"{shared_server.url}/projects/film-{next(_numbers)}"
    film = program.file("styled.vtt", styled.replace("\n", "\r\n").encode())
    assert program("publish", film, url, token=shared_server.token).status == 0
    assert run("desk.save('copy.vtt')", url).status == 0
    assert (program.folder / "copy.vtt").read_bytes() == film.read_bytes()
