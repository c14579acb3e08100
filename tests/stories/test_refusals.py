"""A bulk edit that a real backend takes in part: what it refused is reported cue by cue, with its words."""

import json
from collections.abc import Iterator

import pytest

from tests.app.program import closing
from tests.app.reference_server import ReferenceServer
from tests.driver import Driver, story
from vtt_desktop.domain.edits_timing import shift

KEYS = [f"s{i}" for i in range(1, 9)]
STRICT = frozenset(("s2", "s5", "s6"))


class StrictServer(ReferenceServer):
    """Does not let go of the times of some of its segments."""

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        key = path.partition("?")[0].removeprefix("/vtt/")
        if method == "PATCH" and key in STRICT and headers.get("If-Match") == self.tag(key):
            said = json.dumps({"detail": f"The times of {key} are fixed."}).encode()
            return 422, {"Content-Type": "application/json"}, said
        return super().answer(method, path, headers, body)


@pytest.fixture
def strict() -> Iterator[StrictServer]:
    contents = {key: f"00:0{i}.000 --> 00:0{i}.900\nCue {i}" for i, key in enumerate(KEYS, 1)}
    yield from closing(StrictServer(contents))


@story
async def test_a_bulk_edit_ends_in_a_report(editor: Driver, strict: StrictServer) -> None:
    await editor.editor.workspace.open_server(strict.url, profile="reference", ids=KEYS)
    cues = [cue.id for cue in editor.session.document.snapshot.cues]
    editor.session.submit(shift(editor.session.document.snapshot, cues, 5))
    await editor.until("the report", lambda: "The server refused 3 edits." in editor.message)
    assert "3 refused" in editor.status
    editor.press("Ctrl+Alt+R")
    listed = editor.editor.window.shared_views.show_refused()
    model = listed.table.model()
    said = [(model.index(row, 0).data(), model.index(row, 3).data()) for row in range(model.rowCount())]
    assert [number for number, _ in said] == ["2", "5", "6"]
    assert all(f"The times of s{number} are fixed." in words for number, words in said)
    listed.close()
    editor.run("undo")
    await editor.until("nothing is refused", lambda: "refused" not in editor.status)
    assert "refused" not in editor.message
