"""The fuzzer's process: atheris guides bytes by the branches of our parser that they reach.

`python -m tests.properties.fuzz_parser -max_total_time=20 [CORPUS]`; a finding ends it with a traceback and
its bytes in a file.
"""

import sys

import atheris

with atheris.instrument_imports(include=["vtt_desktop"]):
    from vtt_desktop.domain.cue_list import CueList
    from vtt_desktop.domain.document import Snapshot
    from vtt_desktop.domain.errors import UserError
    from vtt_desktop.formats.ass import looks_like_ass, read_ass, write_ass
    from vtt_desktop.formats.hls import join_segments, split_segments
    from vtt_desktop.formats.srt import looks_like_srt, read_srt, write_srt
    from vtt_desktop.formats.webvtt import read_webvtt
    from vtt_desktop.formats.webvtt_blocks import has_signature
    from vtt_desktop.formats.webvtt_checks import check_file, check_webvtt, kind_of
    from vtt_desktop.formats.webvtt_cue import parse_settings
    from vtt_desktop.formats.webvtt_fixes import repaired
    from vtt_desktop.formats.webvtt_text import parse_text
    from vtt_desktop.formats.webvtt_write import write_webvtt


def one(data: bytes) -> None:
    """No exception but UserError; what nobody touched is written as it was read."""
    if not has_signature(data):  # as `files` tells them apart
        text = data.decode("utf-8", "ignore").encode()
        if looks_like_srt(text, strict=True):
            assert write_srt(read_srt(text)) == text
        elif looks_like_ass(text):
            assert write_ass(read_ass(text)) == text
    try:
        file = read_webvtt(data)
    except UserError:
        return
    snapshot = file.snapshot
    assert write_webvtt(snapshot) == data
    cues = tuple(snapshot.cues)
    for cue in cues:
        parse_settings(cue.settings)
        parse_text(cue.text)
    assert write_webvtt(Snapshot(snapshot.head, CueList.of(cues))) == data
    list(check_file(file))
    list(check_webvtt(snapshot, kind=kind_of(file)))
    read_webvtt(write_webvtt(repaired(snapshot)))
    latest = max((max(cue.start, cue.end) for cue in cues), default=0)
    parts = split_segments(data, max(1, latest // 3))
    assert join_segments([part.data for part in parts]) == (data, ())


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
