"""What a macro is told of a document's problems, by the real command."""

from tests.app.program import Program

FILM = "WEBVTT\n\n00:01.000 --> 00:01.500\nHe & she\n"


def test_problems_of_the_specification_and_of_a_profile(program: Program) -> None:
    done = program.run(
        """
        found = [[one.rule for one in desk.problems(profile=profile)] for profile in (None, "netflix-en")]
        desk.set_text(desk.cues[0].id, "They")
        desk.set_times(desk.cues[0].id, 1000, 2000)
        found += [desk.problems(profile="netflix-en")]
        tell(found)
        """,
        program.file("film.vtt", FILM),
    )
    assert done.status == 0 and done.err == ""
    assert done.told == [["bare-ampersand"], ["bare-ampersand", "duration-short"], []]


def test_a_profile_that_there_is_not_is_said(program: Program) -> None:
    done = program.run("desk.problems(profile='nobody')", program.file("film.vtt", FILM))
    assert done.status != 0
    assert "There is no profile nobody. There are: amazon," in done.err
    assert "Traceback" not in done.err
