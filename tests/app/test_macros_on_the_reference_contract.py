"""The macro API on a server of the plain contract, which has no list, no create and no delete."""

from tests.app.program import Program
from tests.app.reference_server import ReferenceServer


def test_edit_save_and_the_tag_moves_on(program: Program, reference: ReferenceServer) -> None:
    before = reference.contents["s1"]
    done = program.run(
        """
        cue = desk.cues[0]
        tags = [desk.etag(cue.id)]
        desk.set_text(cue.id, "Hi")
        await desk.sync()
        tags.append(desk.etag(cue.id))
        desk.set_text(cue.id, "Hi again")
        await desk.sync()
        tell([*tags, desk.etag(cue.id), desk.status(cue.id)])
        """,
        f"{reference.url}/vtt/s1",
    )
    assert done.err == "" and done.status == 0
    assert reference.contents["s1"] == before.replace("Hello", "Hi again")
    assert len(set(done.told[:3])) == 3 and done.told[2:] == [reference.tag("s1"), "synced"]
    assert reference.refused == 1  # whether versions count there was tried, under one that it gave


def test_every_write_carries_the_tag_byte_for_byte(program: Program, reference: ReferenceServer) -> None:
    first = reference.tag("s1")
    program.run("desk.set_text(desk.cues[0].id, 'Hi')", "", "--profile", "reference", "--ids", "s1")
    program.run("desk.set_text(desk.cues[0].id, 'Hi')", f"{reference.url}/vtt/s1")
    writes = [headers for method, _, headers, _ in reference.heard if method == "PATCH"]
    assert [one["If-Match"] for one in writes] == [first]
    assert writes[0]["Content-Type"] == "application/json"
    assert all(headers["Accept-Encoding"] == "identity" for _, _, headers, _ in reference.heard)


def test_412_merges_or_waits_and_the_next_save_works(program: Program, reference: ReferenceServer) -> None:
    done = program.run(
        """
        import urllib.request
        one, two = (cue.id for cue in desk.cues)
        def colleague(old, new):
            url = args[0]
            with urllib.request.urlopen(url) as answer:
                tag, document = answer.headers["ETag"], json.load(answer)
            body = json.dumps({"content": document["content"].replace(old, new)}).encode()
            head = {"If-Match": tag, "Content-Type": "application/json"}
            urllib.request.urlopen(urllib.request.Request(url, body, head, method="PATCH")).close()
        colleague("World", "Their world")
        desk.set_text(one, "Mine")
        await desk.sync()
        said = [[cue.text for cue in desk.cues], desk.status(one)]
        colleague("Mine", "Theirs")
        desk.set_text(one, "Mine again")
        await desk.sync()
        said += [desk.status(one), [c.theirs.text for c in desk.conflicts]]
        desk.resolve(one, "mine")
        await desk.sync()
        desk.set_text(two, "The end")
        await desk.sync()
        tell([*said, desk.status(one), [cue.text for cue in desk.cues]])
        """,
        f"{reference.url}/vtt/s1",
        "--",
        f"{reference.url}/vtt/s1",
    )
    assert done.status == 0, done.err
    assert done.told == [
        *(["Mine", "Their world"], "synced", "conflict", ["Theirs"], "synced"),
        ["Mine again", "The end"],
    ]
    assert reference.refused == 3  # with the one that tries whether versions count there
    assert "Mine again" in reference.contents["s1"] and "The end" in reference.contents["s1"]


def test_what_the_backend_cannot_do_is_said(program: Program, reference: ReferenceServer) -> None:
    url = f"{reference.url}/vtt/s2"
    program.run("desk.set_times(desk.cues[0].id, 0, 500)", url).sentence("keeps the text only")
    program.run("desk.set_settings(desk.cues[0].id, 'line:0')", url).sentence("keeps no settings of cues")
    program("publish", program.file("film.vtt"), f"{reference.url}/vtt/s9").sentence(
        "cannot make new segments"
    )
    program.run("tell(1)", f"{reference.url}/vtt/none").sentence("None of these segments is on the server")
    assert reference.contents["s2"] == "Only a payload"
    assert not [one for one in reference.heard if one[0] != "GET"]


def test_several_ids_are_one_document(program: Program, reference: ReferenceServer) -> None:
    reference.contents |= {"a": "00:01.000 --> 00:02.000\nA\n", "b": "00:03.000 --> 00:04.000\nB\n"}
    profile = program.file(
        "mine.toml", f'base = "{reference.url}"\n[list]\nids = ["a", "b"]\n[item]\nurl = "/vtt/{{id}}"\n'
    )
    done = program.run(
        "desk.set_text(desk.cues[1].id, 'Bee'); tell(len(desk.cues))", "", "--profile", profile
    )
    assert done.status == 0 and done.told == 2, done.err
    assert reference.contents["b"] == "00:03.000 --> 00:04.000\nBee\n"
