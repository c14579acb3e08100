"""Every line of the macro API on a file, by the real command, without a window."""

import pytest

from tests.app.program import TWO_CUES, Program


def test_what_a_cue_tells(program: Program) -> None:
    done = program.run(
        """
        cue = desk.cues[0]
        tell([cue.identifier, cue.start, cue.end, cue.text, cue.settings, cue.speaker, len(desk.cues)])
        """,
        program.file("film.vtt", TWO_CUES.replace("Hello", "<v Ann Lee>Hello")),
    )
    assert done.status == 0 and done.err == ""
    assert done.told == ["1", 1000, 2000, "<v Ann Lee>Hello", "line:0", "Ann Lee", 2]


def test_a_cue_is_frozen(program: Program) -> None:
    done = program.run("desk.cues[0].text = 'no'", program.file("film.vtt"))
    done.sentence(r"the macro failed in line 9: FrozenInstanceError", status=1)


def test_edits_are_saved_and_nothing_else_is_touched(program: Program) -> None:
    film = program.file("film.vtt")
    done = program.run(
        """
        one, two = (cue.id for cue in desk.cues)
        desk.set_text(two, "Moon")
        desk.set_times(two, 3100, 4600)
        desk.set_settings(two, "line:0 align:start")
        """,
        film,
        "--save",
    )
    assert done.status == 0 and done.err == ""
    assert film.read_text() == TWO_CUES.replace(
        "00:03.000 --> 00:04.500\nWorld", "00:03.100 --> 00:04.600 line:0 align:start\nMoon"
    )


def test_without_save_the_file_stays(program: Program) -> None:
    film = program.file("film.vtt")
    assert program.run("desk.set_text(desk.cues[0].id, 'x')", film).status == 0
    assert film.read_text() == TWO_CUES


def test_desk_save_here_and_elsewhere(program: Program) -> None:
    film = program.file("film.vtt")
    done = program.run(
        """
        desk.set_text(desk.cues[0].id, "Hi")
        desk.save("copy.vtt")
        desk.set_text(desk.cues[0].id, "Hi again")
        desk.save()
        """,
        film,
    )
    assert done.status == 0
    assert film.read_text() == TWO_CUES, "save(path) goes on with the copy, as Save as does"
    assert (program.folder / "copy.vtt").read_text() == TWO_CUES.replace("Hello", "Hi again")


def test_insert_remove_split_merge_shift(program: Program) -> None:
    done = program.run(
        """
        one, two = (cue.id for cue in desk.cues)
        new = desk.insert(after=one, start=2000, end=2500, text="Between")
        first = desk.insert(start=0, end=500, text="First")
        said = [[cue.text for cue in desk.cues]]
        desk.remove([first])
        half = desk.split(two, at_char=3)
        said.append([(cue.text, cue.start, cue.end) for cue in desk.cues])
        desk.split(one, at_ms=1400)
        said.append([(cue.text, cue.start, cue.end) for cue in desk.cues])
        merged = desk.merge([two, half])
        desk.shift([new, two], 250)
        said.append([(cue.text, cue.start, cue.end) for cue in desk.cues][1:])
        tell([*said, merged == two])
        """,
        program.file("film.vtt"),
    )
    assert done.err == "" and done.told == [
        ["First", "Hello", "Between", "World"],
        [["Hello", 1000, 2000], ["Between", 2000, 2500], ["Wor", 3000, 3900], ["ld", 3900, 4500]],
        [
            ["He", 1000, 1400],
            ["llo", 1400, 2000],
            ["Between", 2000, 2500],
            ["Wor", 3000, 3900],
            ["ld", 3900, 4500],
        ],
        [["llo", 1400, 2000], ["Between", 2250, 2750], ["Wor\nld", 3250, 4750]],
        True,
    ]


def test_a_group_is_one_undo_step(program: Program) -> None:
    done = program.run(
        """
        one, two = (cue.id for cue in desk.cues)
        with desk.group("Make italics"):
            for cue in desk.cues:
                desk.set_text(cue.id, f"<i>{cue.text}</i>")
            desk.shift([one, two], 100)
        said = [[cue.text for cue in desk.cues]]
        said.append(desk.undo())
        said.append([(cue.text, cue.start) for cue in desk.cues])
        said.append(desk.undo())
        said.append(desk.redo())
        said.append([(cue.text, cue.start) for cue in desk.cues])
        said.append(desk.redo())
        tell(said)
        """,
        program.file("film.vtt"),
    )
    assert done.told == [
        ["<i>Hello</i>", "<i>World</i>"],
        True,
        [["Hello", 1000], ["World", 3000]],
        False,
        True,
        [["<i>Hello</i>", 1100], ["<i>World</i>", 3100]],
        False,
    ]


def test_a_group_that_raises_is_still_one_step(program: Program) -> None:
    done = program.run(
        """
        one, two = (cue.id for cue in desk.cues)
        try:
            with desk.group("Half"):
                desk.set_text(one, "a")
                desk.set_text(two, "b")
                raise ValueError
        except ValueError:
            pass
        tell([desk.undo(), [cue.text for cue in desk.cues], desk.undo()])
        """,
        program.file("film.vtt"),
    )
    assert done.told == [True, ["Hello", "World"], False]


def test_everything_undone_is_the_file_as_it_was(program: Program) -> None:
    film = program.file("film.vtt", TWO_CUES.replace("\n", "\r\n").replace("Hello", "  Hello\t"))
    before = film.read_bytes()
    done = program.run(
        """
        one, two = (cue.id for cue in desk.cues)
        new = desk.insert(after=one, start=2000, end=2500, text="Between")
        desk.set_text(one, "x"); desk.set_settings(two, "align:end"); desk.shift([one, two, new], 50)
        desk.split(two, at_char=2); desk.merge([one, new]); desk.remove(two)
        while desk.undo():
            pass
        """,
        film,
        "--save",
    )
    assert done.status == 0 and film.read_bytes() == before


def test_a_local_file_has_no_tags_and_no_conflicts(program: Program) -> None:
    done = program.run(
        """
        cue = desk.cues[0].id
        desk.set_text(cue, "x")
        desk.offline = True
        await desk.sync()
        tell([desk.status(cue), desk.etag(cue), desk.conflicts, desk.offline])
        """,
        program.file("film.vtt"),
    )
    assert done.err == "" and done.told == ["local", None, [], False]


def test_arguments_reach_the_macro(program: Program) -> None:
    done = program.run("tell(args)", program.file("film.vtt"), "--", "one", "--save", "-x", "ü")
    assert done.told == ["one", "--save", "-x", "ü"]


def test_a_plain_function_is_a_macro_too_and_its_number_is_the_status(program: Program) -> None:
    macro = program.file("plain.py", "def main(desk):\n    return len(desk.cues)\n")
    assert program("run", macro, program.file("film.vtt")).status == 2


REFUSED = {
    "desk.set_text(99, 'x')": "That cue is not in the document any more",
    "desk.set_text(1, 'a --> b')": "cannot hold “-->”",
    "desk.set_times(1, 2000, 1000)": "end after it starts",
    "desk.set_times(1, -5, 1000)": "negative|between 0|start",
    "desk.set_settings(1, '-->')": "Cue settings cannot hold",
    "desk.insert(after=99, start=0, end=1)": "not in the document",
    "desk.insert(start=5, end=5)": "must end after it starts",
    "desk.merge([1])": "two or more cues",
    "desk.remove([99])": "not in the document",
    "desk.shift([99], 5)": "not in the document",
    "desk.resolve(1, 'mine')": "no conflict on that cue",
    "desk.resolve(1, 'both')": "“mine”, “theirs” or a cue",
    "desk.save('no/such/folder/x.vtt')": "x.vtt was not saved: there is no folder",
}


@pytest.mark.parametrize("line", REFUSED)
def test_what_cannot_be_is_one_sentence_and_nothing_changes(program: Program, line: str) -> None:
    film = program.file("film.vtt")
    program.run(line, film, "--save").sentence(REFUSED[line])
    assert film.read_text() == TWO_CUES


def test_a_macro_may_catch_what_cannot_be(program: Program) -> None:
    done = program.run(
        """
        try:
            desk.set_text(99, "x")
        except desk.UserError as error:
            tell(str(error))
        """,
        program.file("film.vtt"),
    )
    assert done.status == 0 and done.told == "That cue is not in the document any more."


def test_a_macro_that_raises_says_where(program: Program) -> None:
    film = program.file("film.vtt")
    done = program.run("desk.set_text(desk.cues[0].id, 'x')\nraise KeyError('speaker')", film, "--save")
    done.sentence(r"the macro failed in line 10: KeyError: 'speaker'", status=1)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("def main(desk:\n", "has a mistake in line 1"),
        ("x = 1\n", r"has no function main\(desk\)"),
        ("main = 7\n", r"has no function main\(desk\)"),
        ("import no_such_module\n\ndef main(desk): ...\n", "No module named 'no_such_module'"),
        (b"\xff\xfe\x00m", "not a text file in UTF-8"),
        ("def main(desk): \0", "has a mistake"),
        ("def main(): ...\n", "takes 0 positional arguments"),
    ],
)
def test_what_is_no_macro(program: Program, source: str | bytes, sentence: str) -> None:
    done = program("run", program.file("bad.py", source), program.file("film.vtt"))
    done.sentence(sentence, status=done.status)
    assert done.status in (1, 3)


def test_a_macro_that_is_not_there(program: Program) -> None:
    program("run", "none.py", program.file("film.vtt")).sentence("none.py cannot be read: no such file")
    program("run", program.folder, program.file("film.vtt")).sentence("is a folder, not a file")


def test_a_macro_on_nothing(program: Program) -> None:
    program.run("tell(1)").sentence("Nothing to run the macro on", status=2)


def test_a_macro_on_another_format_keeps_the_rest(program: Program) -> None:
    srt = "1\r\n00:00:01,000 --> 00:00:02,000 X1:1\r\nHello\r\n\r\n"
    srt += "7\r\n00:00:03,000 --> 00:00:04,000\r\nWorld\r\n"
    film = program.file("film.srt", srt.encode())
    done = program.run("desk.set_text(desk.cues[1].id, 'Moon')", film, "--save")
    assert done.status == 0 and film.read_bytes() == srt.replace("World", "Moon").encode()
