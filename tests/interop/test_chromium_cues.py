"""What Chromium's own parser makes of the corpora: times, settings and getCueAsHTML() against ours."""

from __future__ import annotations

import base64
import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.formats import corpus
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_blocks import has_signature
from vtt_desktop.formats.webvtt_cue import parse_settings
from vtt_desktop.formats.webvtt_text import Node, parse_text

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None, reason="Chromium is not installed (Debian: apt-get install chromium)"
    ),
    corpus.needs_corpus,
]

_EMPTY = ("tree", "WebVTT 6.4: of an empty text no token is read. Chromium makes an empty text node of it.")
_HEADER = (
    "id",
    "WebVTT 6.1 step 11: a line of white space behind the signature is a header line. For Chromium a block"
    " begins there, so that it becomes the identifier of the cue behind it.",
)
# Chromium's departures from the specification, by file: the field, the section that decides and what it does.
DISAGREEMENTS = {
    "webvtt/authored/kitchen-sink-crlf": _EMPTY,
    "webvtt/authored/kitchen-sink-lf": _EMPTY,
    "webvtt/file-parsing/header-space": _HEADER,
    "webvtt/file-parsing/header-tab": _HEADER,
    "webvtt/track-element/degenerate-cues": _EMPTY,
    "webvtt/track-element/empty-cue": _EMPTY,
}
# WebVTT 9.2 "VTTRegion": Chromium keeps it behind a switch, so that no cue has a `region` there. Nor has it
# the attributes `lineAlign` and `positionAlign` of 9.1. What is not there is not compared.
UNSUPPORTED = "unsupported"

_PAGE = """<!doctype html><meta charset="utf-8"><pre id="out"></pre><script>
const FILES = %s;
const tree = node => [...node.childNodes].map(child => {
  if (child.nodeType === Node.TEXT_NODE) return child.data;
  if (child.nodeType === Node.PROCESSING_INSTRUCTION_NODE) return ['timestamp', child.data];
  return [child.localName, child.className, child.title, child.lang, tree(child)];
});
const seen = cue => ({
  id: cue.id, start: Math.round(cue.startTime * 1000), end: Math.round(cue.endTime * 1000),
  vertical: cue.vertical, snap: cue.snapToLines, line: cue.line, position: cue.position, size: cue.size,
  align: cue.align, region: 'region' in cue ? cue.region && cue.region.id : 'unsupported',
  text: cue.text, tree: tree(cue.getCueAsHTML()),
});
const load = data => new Promise(resolve => {
  const video = document.createElement('video'), track = document.createElement('track');
  const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
  track.onload = () => resolve([...track.track.cues].map(seen));
  track.onerror = () => resolve(null);
  track.src = URL.createObjectURL(new Blob([bytes], {type: 'text/vtt'}));
  video.append(track); document.body.append(video);
  track.track.mode = 'hidden';
});
(async () => {
  const all = {};
  for (const [name, data] of Object.entries(FILES)) all[name] = await load(data);
  document.getElementById('out').textContent = JSON.stringify(all).replace(/[^\\x20-\\x7e]/g,
    c => '\\\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
  document.title = 'done';
})();
</script>"""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]] | None]:
    """What Chromium sees in each file of the corpora, None where it refuses one."""
    assert CHROMIUM is not None
    folder = tmp_path_factory.mktemp("chromium")
    files = {name(path): base64.b64encode(path.read_bytes()).decode() for path in corpus.files(".vtt")}
    page = folder / "page.html"
    page.write_text(_PAGE % json.dumps(files), "utf-8")
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={folder / 'profile'}",
    ]
    command += ["--virtual-time-budget=600000", "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    found = re.search(r'<pre id="out">(.+?)</pre>', done.stdout, re.DOTALL)
    assert found, f"Chromium printed no result: {done.stdout[-300:]} {done.stderr[-300:]}"
    made: dict[str, list[dict[str, Any]] | None] = json.loads(html.unescape(found[1]), parse_int=float)
    return made


def name(path: Path) -> str:
    return str(path.relative_to(corpus.FOLDER).with_suffix(""))


def ours(data: bytes) -> list[dict[str, Any]] | None:
    """The same in Chromium's words; None where we refuse the file."""
    if not has_signature(data):
        return None
    file = read_webvtt(data)
    regions = {region.id for region in file.regions}
    made = []
    for cue in sorted(
        file.snapshot.cues, key=lambda cue: (cue.start, -cue.end)
    ):  # HTML "text track cue order"
        said = parse_settings(cue.settings)
        made.append(
            {
                "id": cue.identifier, "start": cue.start, "end": cue.end, "vertical": said.vertical,
                "snap": said.snap_to_lines, "line": said.line if said.line == "auto" else float(said.line),
                "position": said.position, "size": said.size,
                "align": said.align, "region": said.region if said.region in regions else None,
                "text": cue.text, "tree": [dom(node) for node in parse_text(cue.text)],
            }
        )  # fmt: skip
    return made


def dom(node: Node) -> Any:
    """WebVTT 6.6 "WebVTT cue text DOM construction rules", as the page prints it."""
    if node.type == "text":
        return node.value
    if node.type == "timestamp":
        ms = int(node.value)
        return [
            "timestamp",
            f"{ms // 3600000:02d}:{ms // 60000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}",
        ]
    tag = "span" if node.type in ("c", "v", "lang") else node.type
    title = str(node.value) if node.type == "v" else ""
    lang = str(node.value) if node.type == "lang" else ""
    return [tag, " ".join(node.classes), title, lang, [dom(child) for child in node.children]]


def test_chromium_sees_what_we_see(chromium: dict[str, list[dict[str, Any]] | None]) -> None:
    unexplained: dict[str, object] = {}
    for path in corpus.files(".vtt"):
        theirs, mine = chromium[name(path)], ours(path.read_bytes())
        if theirs is None or mine is None or len(theirs) != len(mine):
            if theirs != mine:
                unexplained[name(path)] = f"{theirs and len(theirs)} cues there, {mine and len(mine)} here"
            continue
        explained = DISAGREEMENTS.get(name(path), ("", ""))[0]
        different = [
            (key, a[key], b[key])
            for a, b in zip(theirs, mine, strict=True)
            for key in a
            if a[key] != b[key] and a[key] != UNSUPPORTED and key != explained
        ]
        if different:
            unexplained[name(path)] = different
    assert not unexplained, json.dumps(unexplained, indent=1)


def test_every_listed_disagreement_is_about_a_file_of_the_corpora() -> None:
    assert DISAGREEMENTS.keys() <= {name(path) for path in corpus.files(".vtt")}
