"""One journal a document: no other takes it."""

from tests.app.program import Program
from tests.server_process import ServerProcess

TEXTS = "tell([cue.text for cue in desk.cues])"


def test_a_project_is_not_taken_for_another_file(program: Program) -> None:
    first, second = program.file("first.vtt"), program.file("second.vtt")
    program.run("desk.set_text(1, 'Mine')", first, "--project", "p.vttproj")
    refused = program.run("desk.set_text(1, 'Other')", second, "--project", "p.vttproj")
    refused.sentence("p.vttproj holds another document, first.vtt. Open it by itself", status=2)
    refused = program.run("tell(1)", "http://127.0.0.1:1/projects/film", "--project", "p.vttproj")
    refused.sentence("p.vttproj holds another document, first.vtt", status=2)
    assert program.run(TEXTS, "p.vttproj").told == ["Mine", "World"]
    assert program.run(TEXTS, first, "--project", "p.vttproj").told == ["Mine", "World"]


def test_a_shared_project_is_not_taken_for_anything_else(
    program: Program, shared_server: ServerProcess
) -> None:
    film, token = program.file("film.vtt"), shared_server.token
    urls = [f"{shared_server.url}/projects/{name}" for name in ("places-1", "places-2")]
    for url in urls:
        assert program("publish", film, url, token=token).status == 0
    program.run(
        "desk.offline = True; desk.set_text(1, 'Mine')", urls[0], "--project", "p.vttproj", token=token
    )
    for other in (urls[1], film):
        refused = program.run("desk.set_text(1, 'Other')", other, "--project", "p.vttproj", token=token)
        refused.sentence("p.vttproj holds another document, places-1", status=2)
    assert program.run(TEXTS, urls[0], "--project", "p.vttproj", token=token).told == ["Mine", "World"]
