"""The story of the main job, played through the real window. Every step checks what it claims."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NoReturn

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication

from vtt_desktop.app.demo.hands import StepFailed, must, photograph, press, type_text, until
from vtt_desktop.app.demo.processes import KILL_ME, Stage, colleague, start_server, stop_server
from vtt_desktop.app.display import draw_in_memory
from vtt_desktop.app.editor import Editor, collect_on_this_thread
from vtt_desktop.app.loop import end_process, run_on_qt
from vtt_desktop.app.session import Session
from vtt_desktop.app.start import make_application
from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.segment import Phase
from vtt_desktop.sync.state import Link
from vtt_desktop.sync.sync_log import LogLine
from vtt_desktop.ui.appearance import ThemeChoice

CUES = 76
_CONTROL = Qt.KeyboardModifier.ControlModifier
_CONTROL_SHIFT = _CONTROL | Qt.KeyboardModifier.ShiftModifier
JOURNAL_S = 0.1
"""The journal's promise: what was accepted is on disk after so long."""


class Story:
    """One life of the editor. Cue numbers count from one, as the window shows them."""

    def __init__(self, editor: Editor, stage: Stage, first: int) -> None:
        self.editor = editor
        self.stage = stage
        self._number = first

    @property
    def session(self) -> Session:
        return self.editor.workspace.session

    def cue(self, number: int) -> Cue:
        return self.session.document.snapshot.cues[number - 1]

    def phase(self, number: int) -> Phase:
        return self.session.sync.phase(self.cue(number).id)

    def tag(self, number: int) -> str | None:
        return self.session.sync.etag(self.cue(number).id)

    @property
    def status(self) -> str:
        """The words in the status bar."""
        return self.editor.window.status.words

    async def step(self, name: str, play: Callable[[], Awaitable[str]]) -> None:
        """Plays one step, takes its picture, prints one line with what was checked."""
        number, self._number = self._number, self._number + 1
        picture = Path(self.stage.out) / f"{number:02d}-{name}.png"
        try:
            said = await play()
        except StepFailed as failed:
            await photograph(self.editor.window, picture)
            print(f"✗ {number:02d} {name}: {failed}", flush=True)
            raise
        await photograph(self.editor.window, picture)
        print(f"✓ {number:02d} {said} [{picture.name}]", flush=True)

    def look_at(self, number: int) -> None:
        """Selects a cue and brings the film to it."""
        self.editor.window.selection.select_one(self.cue(number).id)
        self.editor.player.seek(self.cue(number).start + 200)

    def type_into(self, number: int, text: str) -> None:
        """Selects a cue as a click in the table does, and types at the end of its text."""
        self.look_at(number)
        self.editor.window.editor.focus_text()
        box = self.editor.window.editor.text_box
        press(box, Qt.Key.Key_End, _CONTROL)
        type_text(box, text)
        must(f"cue {number} ends with what was typed", self.cue(number).text.endswith(text))

    def go_offline(self, offline: bool) -> None:
        self.editor.window.commands.run("offline")
        must("the switch did what it says", self.session.offline is offline)

    async def colleague(self, *arguments: str) -> dict[str, object]:
        return await asyncio.to_thread(colleague, self.stage, *arguments)

    @property
    def refusals(self) -> list[LogLine]:
        """Saves that the server answered with 412, so far."""
        return [line for line in self.session.sync.log if "newer version" in line.words]

    async def saved(self, number: int) -> str:
        await until(f"cue {number} is saved", lambda: self.phase(number) is Phase.SYNCED)
        return self.tag(number) or ""


class FirstAct(Story):
    """From opening to the moment the editor is killed."""

    async def play(self) -> None:
        for name, play in (
            ("open", self.open),
            ("typed", self.typed),
            ("saved", self.is_saved),
            ("merged-silently", self.merged),
            ("conflict-on-the-row", self.conflict),
            ("conflict-dialog", self.dialog),
            ("resolved", self.resolved),
            ("saved-under-the-fresh-tag", self.next_save),
            ("server-gone-edits-queued", self.queued),
        ):
            await self.step(name, play)

    async def open(self) -> str:
        window, session = self.editor.window, self.session
        must(f"{CUES} cues are open", len(session.document.snapshot.cues) == CUES)
        phases = session.sync.summary.phases
        must("every segment is saved and has a tag", set(phases) == {Phase.SYNCED})
        must("every cue holds a tag", all(session.sync.etag(c.id) for c in session.document.snapshot.cues))
        await until("the film shows a picture", lambda: self.editor.player.media is not None)
        await until("the sound is measured", lambda: self.editor.tasks.idle)
        self.editor.player.seek(self.cue(5).start + 900)
        window.selection.select_one(self.cue(5).id)
        await until("the film is where it was sent", lambda: self.editor.player.position > self.cue(5).start)
        await asyncio.sleep(0.4)
        return f"Opened from the server: {CUES} cues, each under its own tag; film and sound are there"

    async def typed(self) -> str:
        self.before = self.tag(5)
        self.type_into(5, " Mind the gap.")
        must("the badge says unsaved at once", self.phase(5) is Phase.DIRTY)
        return "Typed into cue 5: the badge says “not saved yet” before any answer"

    async def is_saved(self) -> str:
        tag = await self.saved(5)
        must("the tag has changed", tag != self.before)
        return f"Cue 5 saved: its tag went from {self.before} to {tag}"

    async def merged(self) -> str:
        """Different fields: our text, their times. The save is refused, read again, merged, sent."""
        start = self.cue(9).start
        self.go_offline(True)
        self.type_into(9, " Both hands.")
        theirs = await self.colleague("times", "9", "-40", "60")
        before = len(self.refusals)
        self.go_offline(False)
        tag = await self.saved(9)
        refused = self.refusals[before:]
        must("our save was refused with 412, once: the fresh tag was used at once", len(refused) == 1)
        must("their in-time is here", self.cue(9).start == start - 40 == theirs["start"])
        must("our words are still here", self.cue(9).text.endswith("Both hands."))
        must("the tag is a third one", tag not in (theirs["etag"], refused[0].etag))
        must("nobody has to decide anything", not self.session.sync.conflicts)
        return f"Cue 9: a colleague moved it first, our save got 412; merged by field, saved as {tag}"

    async def conflict(self) -> str:
        """The same field: a conflict that waits, while the person goes on typing."""
        self.go_offline(True)
        self.type_into(14, " Do not feed it.")
        await self.colleague("text", "14", "<v Tam>There is a goat on the car deck.\nIt has a ticket.")
        self.go_offline(False)
        await until("cue 14 is in conflict", lambda: self.phase(14) is Phase.CONFLICT)
        box = self.editor.window.editor.text_box
        must("the text box still has the focus", box.hasFocus())
        must("no dialog stands over the typing", self.editor.window.conflict_dialog is None)
        type_text(box, " Ever.")
        must("typing goes on", self.cue(14).text.endswith("Do not feed it. Ever."))
        must("their version waits", len(self.session.sync.conflicts) == 1)
        return "Cue 14: both changed the text; the row and the panel say so, no dialog, typing goes on"

    async def dialog(self) -> str:
        press(self.editor.window.editor.text_box, Qt.Key.Key_K, _CONTROL_SHIFT)
        if self.editor.window.conflict_dialog is None:  # a shortcut needs an active window
            self.editor.window.commands.run("conflicts")
        dialog = self.editor.window.conflict_dialog
        must("the dialog is open", dialog is not None and dialog.isVisible())
        return "Opened by the person: base, mine and theirs side by side, with a composed text as a start"

    async def resolved(self) -> str:
        theirs = self.session.sync.conflicts[0]
        dialog = self.editor.window.conflict_dialog
        assert dialog is not None and theirs.mine is not None
        mine, before = theirs.mine.text, len(self.refusals)
        dialog.keep_mine()
        self.resolved_tag = await self.saved(14)
        await until("the dialog has closed", lambda: self.editor.window.conflict_dialog is None)
        must("mine stands", self.cue(14).text == mine)
        must("it went out under the tag of what they had", len(self.refusals) == before)
        must("nothing is left to decide", not self.session.sync.conflicts)
        return f"Resolved with mine: saved as {self.resolved_tag}, on top of what they had"

    async def next_save(self) -> str:
        before = len(self.refusals)
        self.type_into(14, " Please.")
        tag = await self.saved(14)
        must("it was not refused", len(self.refusals) == before)
        must("the tag has moved on", tag != self.resolved_tag)
        return f"The next save of cue 14 works with the fresh tag: {self.resolved_tag} → {tag}"

    async def queued(self) -> str:
        """A second conflict that nobody decides, then the server goes; editing goes on."""
        self.go_offline(True)
        self.type_into(20, " (mine)")
        await self.colleague("text", "20", "Theirs.")
        self.go_offline(False)
        await until("cue 20 is in conflict", lambda: self.phase(20) is Phase.CONFLICT)
        await asyncio.to_thread(stop_server, self.stage)
        self.type_into(25, " One.")
        self.type_into(26, " Two.")
        self.editor.window.selection.select_one(self.cue(26).id)
        self.editor.window.commands.run("insert-after")
        self.type_into(27, "A cue made without a server.")
        await until("the link is down", lambda: self.session.sync.link is Link.UNREACHABLE)
        must("three edits wait", self.session.sync.summary.waiting == 3)
        waiting = (Phase.DIRTY, Phase.UNKNOWN, Phase.SENDING)  # one may be trying at this moment
        must("each row says so", all(self.phase(number) in waiting for number in (25, 26, 27)))
        return f"The server is stopped; editing goes on. Status: “{self.status}”"


class SecondAct(Story):
    """From the start after SIGKILL to the end."""

    async def play(self) -> None:
        for name, play in (
            ("after-sigkill-all-is-there", self.recovered),
            ("server-back-all-sent", self.sent),
            ("undo-after-restart", self.undone),
            ("redo-after-restart", self.redone),
            ("all-decided-and-saved", self.finished),
        ):
            await self.step(name, play)

    async def recovered(self) -> str:
        sync = self.session.sync
        must("the text is there", self.cue(25).text.endswith(" One.") and self.cue(26).text.endswith(" Two."))
        must("the new cue is there", self.cue(27).text == "A cue made without a server.")
        must("the queue is there", sync.summary.waiting == 3)
        must("the conflict is there", [c.id for c in sync.conflicts] == [self.cue(20).id])
        must("undo is there", self.session.history.undo_label == "Edit text")
        must("and many steps of it", len(self.session.history.labels) >= 7)
        await until("the film is open", lambda: self.editor.player.media is not None)
        self.look_at(27)
        await until("the sound is there", lambda: self.editor.tasks.idle or sync.link is Link.UNREACHABLE)
        await until("the link is found down", lambda: sync.link is Link.UNREACHABLE)
        await asyncio.sleep(0.6)
        return "Killed with SIGKILL and started again: text, queue of 3, conflict and undo are there"

    async def sent(self) -> str:
        await asyncio.to_thread(start_server, self.stage)
        await self.session.sync_now()
        await until("all is sent", lambda: self.session.sync.summary.waiting == 0)
        must("the link is up", self.session.sync.link is Link.ONLINE)
        must("all three are saved", all(self.phase(n) is Phase.SYNCED for n in (25, 26, 27)))
        must("the conflict still waits", self.phase(20) is Phase.CONFLICT)
        return "The server is back: the queue is sent, the conflict still waits for a person"

    async def undone(self) -> str:
        self.editor.window.selection.select_one(self.cue(27).id)
        self.editor.window.commands.run("undo")
        must("the typing is taken back", self.cue(27).text == "")
        await self.saved(27)
        return "Undo of a step from before the kill: sent like any other edit"

    async def redone(self) -> str:
        self.editor.window.commands.run("redo")
        must("it is there again", self.cue(27).text == "A cue made without a server.")
        await self.saved(27)
        return "And redo of it"

    async def finished(self) -> str:
        conflict = self.session.sync.conflicts[0]
        self.session.resolve(conflict.id, conflict.take_theirs)
        await self.saved(20)
        must("theirs stands", self.cue(20).text == "Theirs.")
        await self.session.sync_now()
        must("nothing is left", set(self.session.sync.summary.phases) == {Phase.SYNCED})
        await self.session.save(Path(self.stage.folder) / "mine.vtt")
        must("the file is saved", not self.session.unsaved)
        return f"The last conflict resolved with theirs; saved. Status: “{self.status}”"


def play_act(act: int, folder: Path) -> NoReturn:
    """Plays one act and ends the process; status 0 where every step was as it should be."""
    stage = Stage.load(folder)
    draw_in_memory()
    app = make_application()
    settings = QSettings(f"{stage.folder}/settings.ini", QSettings.Format.IniFormat)
    collect_on_this_thread(app)
    end_process(run_on_qt(app, _played(app, settings, act, stage)))


async def _played(app: QApplication, settings: QSettings, act: int, stage: Stage) -> int:
    editor = Editor(app, settings)
    editor.appearance.choose(ThemeChoice.DARK)
    editor.window.resize(1440, 900)
    editor.window.show()
    await editor.open(stage.project_url, media=stage.film, profile="", ids=(), token=stage.token)
    story = FirstAct(editor, stage, 1) if act == 1 else SecondAct(editor, stage, 10)
    editor.window.activateWindow()
    try:
        await story.play()
    except StepFailed:
        await editor.close()
        return 1
    if act == 1:
        await asyncio.sleep(JOURNAL_S)
        print(KILL_ME, flush=True)
        await asyncio.Event().wait()  # until SIGKILL
    await editor.close()
    return 0
