"""The window: its frame, where the views stand, how they hear of each other; one session after another.

The frame and the table are there at once and bring little in: the rows of a file are seen before all else is
imported and made (`furnishing`).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QIcon, QPixmap
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from vtt_desktop.domain.document import Change, Snapshot
from vtt_desktop.domain.edit import Origin
from vtt_desktop.domain.errors import NotSavedError
from vtt_desktop.ui.appearance import Appearance
from vtt_desktop.ui.cue_table.view import CueTable
from vtt_desktop.ui.panes import Panes
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import TOOL_SIDE

if TYPE_CHECKING:
    from vtt_desktop.ui.actions.document import DocumentActions
    from vtt_desktop.ui.actions.file import FileActions
    from vtt_desktop.ui.actions.play import PlayActions
    from vtt_desktop.ui.authoring import Authoring
    from vtt_desktop.ui.commands import Commands
    from vtt_desktop.ui.conflicts_panel import ConflictsPanel
    from vtt_desktop.ui.dialogs.conflict import ConflictDialog
    from vtt_desktop.ui.dialogs.conflict_opening import ConflictOpening
    from vtt_desktop.ui.editor import CueEditor
    from vtt_desktop.ui.find import FindBar
    from vtt_desktop.ui.menus import Menus, Toolbar
    from vtt_desktop.ui.palette import CommandPalette
    from vtt_desktop.ui.panels.shared_views import SharedViews
    from vtt_desktop.ui.player.player import Player
    from vtt_desktop.ui.player.video_pane import VideoPane
    from vtt_desktop.ui.ports import Session, Workspace
    from vtt_desktop.ui.problems_panel import ProblemsPanel
    from vtt_desktop.ui.problems_showing import ProblemsShowing
    from vtt_desktop.ui.report import Report
    from vtt_desktop.ui.search import Hit
    from vtt_desktop.ui.shown_cues import ShownCues
    from vtt_desktop.ui.shown_times import ShownTimes
    from vtt_desktop.ui.side_lists import SideLists
    from vtt_desktop.ui.source_view import SourceView
    from vtt_desktop.ui.status import StatusRow
    from vtt_desktop.ui.sync_news import SyncNews
    from vtt_desktop.ui.theme import Theme
    from vtt_desktop.ui.timeline.widget import Timeline
    from vtt_desktop.ui.typed import Typed
    from vtt_desktop.ui.welcome import Welcome


class MainWindow(QMainWindow):
    """Made once, and furnished once; `workspace.opened` brings the next session. `closed` is told when it is
    gone for good."""

    closed = Signal()

    # What `furnish` puts in
    report: Report
    commands: Commands
    source: SourceView
    video: VideoPane
    editor: CueEditor
    timeline: Timeline
    conflicts: ConflictsPanel
    problems: ProblemsPanel
    lists: SideLists
    find_bar: FindBar
    status: StatusRow
    palette_box: CommandPalette
    shared_views: SharedViews
    documents: DocumentActions
    welcome: Welcome
    _workspace: Workspace
    _player: Player
    _authoring: Authoring
    _problems_showing: ProblemsShowing
    _typed: Typed
    _files: FileActions
    _conflict_opening: ConflictOpening
    _times: ShownTimes
    _news: SyncNews
    _play: PlayActions
    _menus: Menus
    _toolbar: Toolbar
    _shown: ShownCues

    def __init__(self, appearance: Appearance, settings: QSettings) -> None:
        super().__init__()
        self._appearance, self._settings = appearance, settings
        self._disconnect: list[Callable[[], None]] = []
        self._media: Path | None = None
        self._leaving = False
        self._source_wanted = False
        self.selection = Selection()
        self.table = CueTable(None, self.selection, appearance.theme)
        self._panes = Panes.made(self.table)
        middle = QWidget()
        self._middle = QVBoxLayout(middle)
        self._middle.setContentsMargins(0, 0, 0, 0)
        self._middle.setSpacing(0)
        self._middle.addWidget(self._panes.whole, 1)
        self.setCentralWidget(middle)
        self._keep_room()
        self._panes.restore(self, settings)
        self.table.setFocus()

    def _keep_room(self) -> None:
        """Room for the menus and the tools, so that no row moves when they come."""
        self.menuBar().addAction(" ")
        self._no_tools = self.addToolBar("")
        self._no_tools.setIconSize(QSize(TOOL_SIDE, TOOL_SIDE))
        blank = QPixmap(TOOL_SIDE, TOOL_SIDE)
        blank.fill(Qt.GlobalColor.transparent)
        self._no_tools.addAction(QIcon(blank), "")
        self._no_tools.setMovable(False)
        self.statusBar().setSizeGripEnabled(False)

    def show_first(self, snapshot: Snapshot, title: str) -> None:
        """Shows the rows of a document whose session is not there yet."""
        self._set_title(title)
        self.table.show_first(snapshot)
        self.show()

    # Sessions

    def set_session(self, session: Session) -> None:
        """Shows another document in every view."""
        for disconnect in self._disconnect:
            disconnect()
        self._disconnect = [
            session.changed.connect(lambda _nothing: self._session_changed()),
            session.history.changed.connect(lambda _event: self._toolbar.refresh()),
            session.document.changed.connect(self._document_changed),
            session.sync.changed.connect(lambda _change: self._sync_changed()),
        ]
        self._conflict_opening.set_session(session)
        self.shared_views.set_session(session)  # first: of the next document it tells where the person is
        self.selection.clear()
        self._times.set_session(session)  # before the views draw their times
        self.video.set_session(session)
        for view in (self.editor, self.timeline, self.conflicts, self.find_bar, self.status, self._shown):
            view.set_session(session)
        self.table.set_session(session)  # last: it selects the first cue, and all others shall hear of it
        self.documents.set_session(session)
        self.source.set_session(session)
        if self._source_wanted and session.format_name != "WebVTT":
            self._switch_source()
        self._problems_showing.set_session(session)
        self.welcome.set_recent(self._workspace.recent)
        self._show_cues_or_welcome()
        self._news.set_session(session)
        self._session_changed()
        self._sync_changed()

    @property
    def _session(self) -> Session:
        return self._workspace.session

    def _session_changed(self) -> None:
        session = self._session
        self._set_title(session.title)
        self.setWindowModified(self._ahead)
        self.status.set_typing(self.editor.unfinished)
        if not session.unsaved:
            self.report.over(NotSavedError)
        if session.media != self._media:
            self._media = session.media
            if session.media is not None:
                self._player.open(session.media)
            else:
                self._player.close()
        self._toolbar.refresh()

    @property
    def _ahead(self) -> bool:
        """Whether the document's file lacks something, if only what is typed in a field."""
        session = self._session
        return session.unsaved or (session.path is not None and self.editor.unfinished)

    def _typing(self) -> None:
        if self.isWindowModified() != self._ahead:
            self._session_changed()

    def _set_title(self, title: str) -> None:
        self.setWindowTitle(f"{title}[*] — VTT Desktop")

    def _document_changed(self, change: Change) -> None:
        if change.edit.structural:
            self._show_cues_or_welcome()
        if change.edit.origin in (Origin.REMOTE, Origin.DISK):
            self._toolbar.refresh()
        self._typing()

    def _sync_changed(self) -> None:
        summary = self._session.sync.summary
        self.lists.show_list(self.conflicts, bool(summary.conflicts))
        self._news.follow(self._session, summary)
        self._toolbar.refresh()

    def _problems_changed(self) -> None:
        self.status.set_problems(len(self._authoring.problems.rows))
        self.table.viewport().update()
        self._problems_showing.judge()

    def _switch_source(self) -> None:
        """The file's text in the place of the table, or the table again; the current cue stays."""
        self._source_wanted = not self._source_wanted
        self._show_cues_or_welcome()
        self.source.set_shown(self._source_wanted)
        (self.source if self._source_wanted else self.table).setFocus()

    def _show_cues_or_welcome(self) -> None:
        cues = self._session.document.snapshot.cues
        wanted: QWidget = self.table if len(cues) else self.welcome
        if self._source_wanted:
            wanted = self.source
        if self._panes.left.currentWidget() is not wanted:
            inside = any(w.hasFocus() for w in (self.table, *self.welcome.findChildren(QWidget)))
            self._panes.left.setCurrentWidget(wanted)
            if inside:
                wanted.setFocus()
        self._player.set_text_length(cues[-1].end if len(cues) else 0)

    # Putting it together

    def lay_out(self) -> None:
        """Puts the views into their places."""
        self._panes.fill(
            left=(self.welcome, self.source),
            right=(self.video, self.lists),
            below=((self.editor, 20), (self.timeline, 24)),
            settings=self._settings,
        )
        self.removeToolBar(self._no_tools)
        self.addToolBar(self._toolbar)
        self._middle.addWidget(self.find_bar)
        self._middle.addWidget(self.report)
        order = (self.table, *self.editor.fields, self.timeline)
        for before, after in pairwise(order):
            self.setTabOrder(before, after)
        bar = self.statusBar()
        bar.addWidget(self.status, 1)
        bar.addPermanentWidget(self.shared_views.presence)

    def join(self) -> None:
        """Makes the views hear of each other."""
        self._workspace.opened.connect(self.set_session)
        self.selection.changed.connect(lambda _selection: self._toolbar.refresh())
        self.selection.changed.connect(lambda selection: self.video.set_current(selection.current))
        self.video.picked.connect(self.selection.select_one)
        self.video.refused.connect(self.report.tell)
        self.table.edit_requested.connect(self.editor.focus_text)
        self.editor.text_box.done.connect(
            lambda: (self.source if self._source_wanted else self.table).setFocus()
        )
        self.editor.typing.connect(self._typing)
        self.editor.details_requested.connect(lambda: self.commands.run("cue-details"))
        self.editor.note_requested.connect(lambda: self.commands.run("note"))
        self.table.play_requested.connect(self._play.play_cue)
        self.timeline.seek_requested.connect(self._player.seek)
        self.timeline.play_requested.connect(self._play.play_cue)
        self.timeline.refused.connect(self.report.tell)
        self.conflicts.open_requested.connect(self._conflict_opening.open_on)
        self.conflicts.refused.connect(self.report.tell)
        self._authoring.problems.changed.connect(lambda _change: self._problems_changed())
        self.problems.closed.connect(lambda: self._problems_showing.show(False))
        self.problems.stepped.connect(self._show_problem)
        self.problems.edit_requested.connect(self.editor.focus_text)
        self.problems.fix_requested.connect(lambda: self.commands.run("fix-problem"))
        self.problems.fix_like_requested.connect(lambda: self.commands.run("fix-problems-like"))
        self.status.problems_requested.connect(lambda: self.commands.run("problems"))
        self.video.open_requested.connect(lambda: self.commands.run("open-media"))
        self.video.file_dropped.connect(self._files.drop)
        self.welcome.recent_chosen.connect(self._files.open_place)
        self.find_bar.found.connect(self._mark)
        self.find_bar.closed.connect(self.table.setFocus)
        self.status.conflicts_requested.connect(lambda: self.commands.run("conflicts"))
        self.status.refused_requested.connect(lambda: self.commands.run("refused"))
        self.status.token_requested.connect(lambda: self.commands.run("token"))
        self.status.setback_requested.connect(lambda: self.commands.run("server-went-back"))
        self.status.encoding_requested.connect(lambda: self.commands.run("reopen-encoding"))
        self.status.offline_requested.connect(lambda: self.commands.run("offline"))
        self._player.position_changed.connect(self.timeline.set_position)
        self._player.duration_changed.connect(self._set_length)
        self._player.failed.connect(self.report.tell)
        self._appearance.changed.connect(self._set_theme)

    # What commands need of the views

    @property
    def conflict_dialog(self) -> ConflictDialog | None:
        """The dialog on a conflict while it is open."""
        return self._conflict_opening.dialog

    def _current(self) -> Session:
        return self._workspace.session

    def _position(self) -> int:
        return self._player.position

    def _caret(self) -> int | None:
        return self.editor.caret_offset

    def _show_problem(self, words: str) -> None:
        """Shows the problem that was gone to: in the list, else by its words."""
        self.lists.bring(self.problems)
        if not self.problems.isVisible():
            self.report.tell(words)

    def _chosen_words(self) -> str:
        box = self.editor.text_box
        return box.textCursor().selectedText() if box.hasFocus() else ""

    def _mark(self, hit: Hit) -> None:
        cue = self._session.document.snapshot.cues.get(hit.cue_id)
        if cue is not None and self.editor.text_box.toPlainText() == cue.text:
            self.editor.text_box.select_offsets(hit.start, hit.end)

    def _set_length(self, _ms: int) -> None:
        player = self._player
        self.timeline.set_film(*((player.first, player.last) if player.media is not None else (0, 0)))

    def _set_theme(self, theme: Theme) -> None:
        self.video.set_colors(theme)
        places = (self.table, self.source, self.welcome, self.editor, self.timeline, self.status)
        lists = (self.conflicts, self.problems, self.documents, self.shared_views)
        for view in (
            *places,
            *lists,
            self.find_bar,
            self.report,
            self.palette_box,
            self._menus,
            self._toolbar,
        ):
            view.set_theme(theme)
        self._conflict_opening.set_theme(theme)

    # The window itself

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._leaving and self._files.must_ask(self._session):
            event.ignore()
            self._files.leave(self.leave)
            return
        self._panes.keep(self, self._settings)
        event.accept()
        self.closed.emit()

    def leave(self) -> None:
        """Closes without asking about anything. What is typed is handed in where it can be taken."""
        self._typed.finish()
        self._leaving = True
        self.close()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        for path in paths[:1]:
            self._files.drop(path)
