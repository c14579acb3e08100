"""A macro with `--project`: a second run goes on where the first was stopped, even by SIGKILL."""

import signal
import subprocess
from pathlib import Path

import pytest

from tests.app.program import PATIENCE, TWO_CUES, Program

TELL = "tell([[cue.text for cue in desk.cues], desk.undo(), [cue.text for cue in desk.cues], desk.redo()])"


@pytest.fixture
def film(program: Program) -> Path:
    return program.file("film.vtt")


def test_text_undo_and_redo_go_on(program: Program, film: Path) -> None:
    project = program.folder / "film.vttproj"
    first = program.run(
        "desk.set_text(1, 'One'); desk.set_text(2, 'Two'); desk.undo()", film, "--project", project
    )
    assert first.status == 0 and first.err == ""
    assert film.read_text() == TWO_CUES, "nothing is saved before somebody saves"
    second = program.run("tell([desk.redo(), desk.cues[1].text]); desk.undo()", project)
    assert second.told == [True, "Two"]
    third = program.run(TELL, film, "--project", project)
    assert third.told == [["One", "World"], True, ["Hello", "World"], True]


def test_ids_stay_over_runs(program: Program, film: Path) -> None:
    project = program.folder / "film.vttproj"
    first = program.run(
        "new = desk.insert(after=1, start=2000, end=2500, text='New'); desk.remove([1]); tell(new)",
        film,
        "--project",
        project,
    )
    again = program.run("tell([[c.id for c in desk.cues], desk.insert(after=None, start=0, end=9)])", project)
    assert again.told[0] == [first.told, 2]
    assert again.told[1] > first.told, "an id is never given twice"


def test_what_was_accepted_is_there_after_sigkill(program: Program, film: Path) -> None:
    project = program.folder / "film.vttproj"
    macro = program.macro(
        """
        import os, signal, sys, threading
        for i in range(50):
            desk.set_text(1, f"text {i}")
            with desk.group(f"step {i}"):
                desk.set_text(2, f"other {i}")
        new = desk.insert(after=2, start=5000, end=6000, text="New")
        print("accepted", flush=True)
        threading.Event().wait(0.1)  # the promise: on disk within a tenth of a second
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    done = program("run", macro, film, "--project", project)
    assert done.status == -signal.SIGKILL and done.out == "accepted\n"
    again = program.run(TELL, project)
    assert again.err == "" and again.told == [
        ["text 49", "other 49", "New"],
        True,
        ["text 49", "other 49"],
        True,
    ]


def test_save_works_from_the_project(program: Program, film: Path) -> None:
    project = program.folder / "film.vttproj"
    program.run("desk.set_text(1, 'One')", film, "--project", project)
    assert program.run("desk.set_text(2, 'Two')", project, "--save").status == 0
    assert film.read_text() == TWO_CUES.replace("Hello", "One").replace("World", "Two")


def test_a_file_that_changed_meanwhile_is_not_overwritten(program: Program, film: Path) -> None:
    project = program.folder / "film.vttproj"
    program.run("desk.set_text(1, 'One')", film, "--project", project)
    film.write_text(TWO_CUES.replace("Hello", "Theirs"))
    program.run("desk.save()", project)
    assert "Theirs" in film.read_text()
    assert program.run("tell(desk.cues[0].text)", project).told == "One"


def test_a_project_in_use_names_its_holder(program: Program, film: Path) -> None:
    project = program.folder / "film.vttproj"
    macro = program.macro("import sys\nprint('open', flush=True)\nsys.stdin.read()", "hold.py")
    with subprocess.Popen(
        program.command("run", macro, film, "--project", project),
        cwd=program.folder,
        env=program.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == b"open\n"
        held = rf"film\.vttproj is open in another program \(process {holder.pid} on "
        done = program.run("tell([cue.text for cue in desk.cues])", film, "--project", project)
        done.sentence(held + r".*: it is read only here\.$", status=0)
        assert done.told == ["Hello", "World"]
        refused = program.run("desk.set_text(1, 'Mine')", film, "--project", project)
        assert refused.status == 3 and "The macro stopped in line" in refused.err
        program("sync", project).sentence(held)
        holder.communicate(timeout=PATIENCE)
    assert program.run("tell(1)", film, "--project", project).told == 1


def test_a_damaged_project_is_set_aside_and_that_is_said_once(program: Program, film: Path) -> None:
    project = program.folder / "film.vttproj"
    program.run("desk.set_text(1, 'One')", film, "--project", project)
    whole = project.read_bytes()
    outcomes = set()
    for place in range(0, len(whole), 4096):
        data = whole[:place] + b"\xaa" * 4096 + whole[place + 4096 :]
        project.write_bytes(data)
        done = program.run("tell([cue.text for cue in desk.cues])", film, "--project", project)
        done.sentence(r"film\.vttproj was damaged: .*\. It was kept as film\.vttproj\.damaged-1\.$", status=0)
        rescued = program.folder / "film.recovered-1.vttproj"
        expected = [["One", "World"]]
        if "is now the project" in done.err:
            assert str(rescued) in done.err and done.told == ["Hello", "World"], "as the file is"
            if "cues" in done.err:  # the page with the file as it was opened; what was typed is there
                expected.append(["One"])
            elif "edits" in done.err:  # the page with what was typed; the file is there
                expected.append(["Hello", "World"])
            done = program.run("tell([cue.text for cue in desk.cues])", rescued)
        assert done.told in expected, f"page {place // 4096 + 1}"
        outcomes.add(rescued.exists())
        rescued.unlink(missing_ok=True)
        assert program.run("tell(1)", film, "--project", project).err == ""
        aside = program.folder / "film.vttproj.damaged-1"
        assert aside.read_bytes() == data
        aside.unlink()
    assert outcomes == {True, False}


def test_a_damaged_project_by_its_name_goes_on_with_what_could_be_read(program: Program, film: Path) -> None:
    project = program.folder / "film.vttproj"
    program.run("desk.set_text(1, 'One')", film, "--project", project)
    data = bytearray(project.read_bytes())
    data[:4096] = bytes(4096)
    project.write_bytes(data)
    done = program.run("desk.set_text(2, 'Two'); tell([cue.text for cue in desk.cues])", project)
    done.sentence("what could be read is now the project .*film.recovered-1.vttproj", status=0)
    assert done.told == ["One", "Two"]
    program.run("tell(1)", project).sentence(
        "holds nothing yet. What could be read .*film.recovered-1.vttproj"
    )
    again = program.run("tell([cue.text for cue in desk.cues])", program.folder / "film.recovered-1.vttproj")
    assert again.told == ["One", "Two"] and again.err == ""


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" + bytes(5000), TWO_CUES.encode()])
def test_what_is_no_project_is_said_and_kept(program: Program, content: bytes) -> None:
    project = program.file("film.vttproj", content)
    program.run("tell(1)", project).sentence(r"is not a project.*It was kept as film\.vttproj\.damaged-1\.")
    assert (program.folder / "film.vttproj.damaged-1").read_bytes() == content


def test_no_project_and_an_empty_one(program: Program) -> None:
    program.run("tell(1)", "none.vttproj").sentence(r"There is no project none\.vttproj")
    program("sync", "none.vttproj").sentence(r"There is no project none\.vttproj")
    program.file("empty.vttproj", b"")
    program.run("tell(1)", "empty.vttproj").sentence("holds nothing yet")


def test_a_local_project_has_nothing_to_sync(program: Program, film: Path) -> None:
    program.run("desk.set_text(1, 'One')", film, "--project", "film.vttproj")
    program("sync", "film.vttproj").sentence("is not shared with a server")


def test_a_project_whose_file_is_gone(program: Program, film: Path) -> None:
    program.run("desk.set_text(1, 'One')", film, "--project", "film.vttproj")
    film.unlink()
    done = program.run("tell([cue.text for cue in desk.cues])", "film.vttproj")
    assert done.status == 0 and done.told == ["One", "World"], "the journal has it all"
    done.sentence("There is no file .*film.vtt any more; what it held is still here", status=0)
    assert program.run("desk.save()", "film.vttproj").status == 0
    assert film.read_text() == TWO_CUES.replace("Hello", "One")


def test_a_file_that_is_not_there_leaves_no_project_behind(program: Program) -> None:
    program.run("tell(1)", "none.vtt", "--project", "new.vttproj").sentence("There is no file")
    assert not (program.folder / "new.vttproj").exists()
