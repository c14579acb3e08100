"""What one field of a backend's document says: a file, cue blocks or a bare payload, and back to the byte."""

from hypothesis import given
from hypothesis import strategies as st

from vtt_desktop.app.segment_text import WebVTTSegmentText, in_style
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edits_text import insert_cue
from vtt_desktop.formats.webvtt import read_webvtt

TEXT = WebVTTSegmentText()
EOLS = st.sampled_from(["\n", "\r\n", "\r"])
LINES = st.lists(st.text("abc <i>é語&amp;\t", min_size=1).filter(str.strip), min_size=1, max_size=3)
WORDS = st.text("abcé語 ", min_size=1, max_size=9).filter(str.strip)


@st.composite
def blocks(draw: st.DrawFn) -> str:
    """Cue blocks as some program wrote them."""
    eol = draw(EOLS)
    out = []
    for number in range(draw(st.integers(1, 3))):
        if draw(st.booleans()):
            out.append(f"NOTE {draw(WORDS)}{eol}{eol}")
        if draw(st.booleans()):
            out.append(f"{draw(WORDS)}{eol}")
        settings = draw(st.sampled_from(["", " line:0", "  align:start  position:10%", "\tregion:x"]))
        arrow = draw(st.sampled_from([" --> ", "\t-->  ", "-->"]))
        out.append(f"00:{number:02}.000{arrow}00:{number:02}.900{settings}{eol}")
        out.append(eol.join(draw(LINES)) + eol + eol * draw(st.integers(1, 3)))
    return "".join(out)


@st.composite
def files(draw: st.DrawFn) -> str:
    head = draw(
        st.sampled_from(["WEBVTT", "WEBVTT a title", "WEBVTT\nKind: captions", "WEBVTT\n\nSTYLE\na{}"])
    )
    return head + "\n\n" + draw(blocks())


@given(st.one_of(blocks(), files(), st.text()))
def test_read_and_written_again_is_the_same(text: str) -> None:
    cues, frame = TEXT.read(text)
    assert TEXT.write(cues, frame) == text


@given(st.one_of(blocks(), files()))
def test_an_edit_touches_its_cue_only(text: str) -> None:
    cues, frame = TEXT.read(text)
    edited = (*cues[:-1], cues[-1].with_(text="Something else"))
    again, _ = TEXT.read(TEXT.write(edited, frame))
    assert [cue.text for cue in again] == [cue.text for cue in edited]
    assert [cue.source.block for cue in again[:-1] if cue.source] == [
        c.source.block for c in cues[:-1] if c.source
    ]


@given(WORDS, WORDS)
def test_a_bare_payload_stays_one(text: str, other: str) -> None:
    for end in ("", "\n", "\r\n"):
        (cue,), frame = TEXT.read(text + end)
        assert frame.payload_only and (cue.start, cue.end) == (0, 0)
        assert TEXT.write((cue,), frame) == text + end
        assert TEXT.write((cue.with_(text=other),), frame) == other + end


def test_the_three_kinds_are_told_apart() -> None:
    cue = "00:01.000 --> 00:02.000\nHello\n"
    assert [c.text for c in TEXT.read("WEBVTT\n\n" + cue)[0]] == ["Hello"]
    assert TEXT.read("WEBVTT\n\n" + cue)[1].before.startswith("WEBVTT")
    assert [c.text for c in TEXT.read(cue)[0]] == ["Hello"] and not TEXT.read(cue)[1].payload_only
    assert TEXT.read("Hello")[1].payload_only


@given(st.sampled_from(["\n", "\r\n"]), st.booleans(), WORDS)
def test_a_new_cue_is_written_in_the_files_style_once_and_for_all(eol: str, hours: bool, words: str) -> None:
    clock = "00:" if hours else ""
    data = f"WEBVTT\n\n{clock}00:01.000 --> {clock}00:02.000\nHello\n".replace("\n", eol).encode()
    snapshot: Snapshot = read_webvtt(data, "film.vtt").snapshot
    cue = Cue(7, 3000, 4000, " ".join(words.split()))
    (change,) = in_style(insert_cue(cue, snapshot.cues[0].id), snapshot).cue_changes
    assert change.after is not None and change.after.source is not None
    assert change.after == cue.with_(lead=change.after.lead), "it says what it said"
    block = change.after.source.block
    assert block.startswith(f"{clock}00:03.000 --> {clock}00:04.000{eol}".encode())
    assert TEXT.write((change.after,), TEXT.read("")[1]).encode().count(block) in (0, 1)
