"""Puts views, commands and menus into the window, in portions: its rows are seen before all that is made."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QSettings
from PySide6.QtGui import QColor

from vtt_desktop.ui.actions.cue import CueActions
from vtt_desktop.ui.actions.document import DocumentActions, source_commands
from vtt_desktop.ui.actions.edit import edit_commands
from vtt_desktop.ui.actions.encoding import EncodingActions
from vtt_desktop.ui.actions.file import FileActions
from vtt_desktop.ui.actions.format import FormatActions
from vtt_desktop.ui.actions.picture import picture_commands
from vtt_desktop.ui.actions.play import PlayActions
from vtt_desktop.ui.actions.problems import problem_commands
from vtt_desktop.ui.actions.share import ShareActions
from vtt_desktop.ui.actions.timing import TimingActions
from vtt_desktop.ui.actions.view import help_commands, view_commands
from vtt_desktop.ui.appearance import Appearance
from vtt_desktop.ui.authoring import Authoring
from vtt_desktop.ui.commands import Commands, Spawn
from vtt_desktop.ui.conflicts_panel import ConflictsPanel
from vtt_desktop.ui.dialogs.conflict_opening import ConflictOpening
from vtt_desktop.ui.editor import CueEditor
from vtt_desktop.ui.find import FindBar
from vtt_desktop.ui.icons import icon
from vtt_desktop.ui.main_window import MainWindow
from vtt_desktop.ui.menus import Menus, Toolbar
from vtt_desktop.ui.palette import CommandPalette
from vtt_desktop.ui.panels.shared_views import SharedViews
from vtt_desktop.ui.player.player import Player
from vtt_desktop.ui.player.video_pane import VideoPane
from vtt_desktop.ui.ports import Workspace
from vtt_desktop.ui.problems_panel import ProblemsPanel
from vtt_desktop.ui.problems_showing import ProblemsShowing
from vtt_desktop.ui.recent_menu import RecentMenu
from vtt_desktop.ui.rendering.ports import CueReader
from vtt_desktop.ui.report import Report
from vtt_desktop.ui.shortcuts import install_keys
from vtt_desktop.ui.shown_cues import ShownCues
from vtt_desktop.ui.shown_times import ShownTimes
from vtt_desktop.ui.side_lists import SideLists
from vtt_desktop.ui.source_view import SourceView
from vtt_desktop.ui.status import StatusRow
from vtt_desktop.ui.sync_news import SyncNews
from vtt_desktop.ui.timeline.widget import Timeline
from vtt_desktop.ui.typed import Typed
from vtt_desktop.ui.welcome import Welcome

MENUS = ("File", "Edit", "Cue", "Format", "Timing", "Play", "Share", "View", "Help")


def furnish(
    window: MainWindow,
    workspace: Workspace,
    spawn: Spawn,
    player: Player,
    reader: CueReader,
    authoring: Authoring,
) -> Iterator[None]:
    """Makes all that the frame lacks. Between two portions, each of some milliseconds, the window may paint;
    what a person types must wait until the last one."""
    appearance, settings, selection = window._appearance, window._settings, window.selection
    window._workspace, window._player, window._authoring = workspace, player, authoring
    session, theme = workspace.session, appearance.theme
    window.setAcceptDrops(True)
    window.setWindowIcon(icon("app", QColor("white")))
    window.report = Report(theme)
    window._news = SyncNews(window.report)
    window.commands = Commands(spawn, window.report)
    yield
    window.source = SourceView(session, selection, authoring.source, theme)
    yield
    window.video = VideoPane(player, theme, reader)
    yield
    window.editor = CueEditor(session, selection, theme)
    yield
    window.timeline = Timeline(session, selection, theme)
    yield
    window.conflicts = ConflictsPanel(session, selection, theme)
    window.problems = ProblemsPanel(session, selection, authoring.problems, theme)
    window.lists = SideLists(window.conflicts, window.problems)
    window._problems_showing = ProblemsShowing(authoring.problems, window.problems, window.lists, settings)
    window.table.set_marks(authoring.problems.has)
    yield
    window.find_bar = FindBar(session, selection, theme, window.report.user_error)
    window.status = StatusRow(session, selection, theme)
    yield
    window.palette_box = CommandPalette(window.commands, theme, window)
    window.shared_views = SharedViews(session, selection, theme, window.commands, window)
    window.documents = DocumentActions(
        window._current, selection, authoring.head, lambda: appearance.theme, window.commands, window
    )
    window._typed = Typed(lambda: (*window.documents.shown, window.editor))
    window.commands.hand_in_first(window._typed.finish)
    window._files = FileActions(
        workspace, window.commands, window.source, window._typed, selection.select_one, window
    )
    window._conflict_opening = ConflictOpening(window, theme, player.play_range)
    views = (window.table, window.editor, window.timeline, window.status, window.video.controls)
    beside = (window.conflicts, window._conflict_opening, window.shared_views)
    window._times = ShownTimes(authoring.head, player, (*views, *beside))
    window._play = PlayActions(window._current, selection, player)
    yield
    _register(window)
    yield
    window.welcome = Welcome(window.commands, theme)
    yield
    install_keys(window.commands, window, (window.table, window.timeline, window.video.screen_view))
    yield
    window.menuBar().clear()
    window._menus = Menus(window.commands, window.menuBar(), MENUS, theme)
    _add_recent_menu(window)
    yield
    window._toolbar = Toolbar(window.commands, theme)
    yield
    window.lay_out()
    window._shown = ShownCues(session, selection, player, window.video.show_cues)
    window.join()


def furnished(
    workspace: Workspace,
    spawn: Spawn,
    player: Player,
    appearance: Appearance,
    settings: QSettings,
    reader: CueReader,
    authoring: Authoring,
) -> MainWindow:
    """The window with all that is in it, on the workspace's session."""
    window = MainWindow(appearance, settings)
    for _ in furnish(window, workspace, spawn, player, reader, authoring):
        pass
    window.set_session(workspace.session)
    (window.table if len(workspace.session.document.snapshot.cues) else window.welcome).setFocus()
    return window


def _register(window: MainWindow) -> None:
    cues = CueActions(
        window._current, window.selection, window._caret, window._position, window.editor.focus_text
    )
    timing = TimingActions(
        window._current,
        window.selection,
        window._position,
        window.commands,
        window,
        lambda: window._times.offset,
    )
    share = ShareActions(
        window._workspace,
        window.selection,
        window._files,
        window._conflict_opening.open_on,
        window.commands,
        window,
    )
    add = window.commands.add
    add(window._files.commands())
    add(EncodingActions(window._workspace, window.commands, window).commands())
    add(
        edit_commands(
            window._current,
            window.selection,
            window.find_bar,
            window._chosen_words,
            lambda: window._times.offset,
            window._player.seek,
            window.commands,
            window,
        )
    )
    add(cues.commands())
    tags = FormatActions(
        window._current,
        window.selection,
        window.editor,
        window._position,
        lambda shown: window._settings.setValue("editor/tags", "shown" if shown else ""),
        window.commands,
        window,
    )
    window.editor.text_box.set_formatted(window._settings.value("editor/tags") != "shown")
    add(tags.commands())
    add(window.documents.commands())
    add(source_commands(window._current, window.source, lambda: window._source_wanted, window._switch_source))
    add(timing.commands())
    add(window._play.commands())
    add(share.commands())
    add(window.shared_views.commands())
    appearance = window._appearance
    add(view_commands(window.timeline, window.palette_box, lambda: appearance.choice, appearance.choose))
    add(picture_commands(window.video))
    showing = window._problems_showing
    add(
        problem_commands(
            window._authoring.problems,
            window.problems,
            window.problems.isVisible,
            showing.show,
            showing.choose_profile,
        )
    )
    add(help_commands(window.commands, window))


def _add_recent_menu(window: MainWindow) -> None:
    files = window._menus.menu("File")
    recent = RecentMenu(window._workspace, window._files.open_place, window)
    files.insertMenu(next(a for a in files.actions() if a.isSeparator()), recent)
