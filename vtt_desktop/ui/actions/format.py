"""How words look: italics and friends, colours, languages, ruby; and whether their tags are seen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from vtt_desktop.domain.edits_markup import format_cues
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.markup import COLOURS, Marked, toggled, with_ruby
from vtt_desktop.domain.timecode import format_time
from vtt_desktop.ui.actions.reasons import needs_cue
from vtt_desktop.ui.commands import Command, Commands
from vtt_desktop.ui.dialogs.one_line import OneLineDialog
from vtt_desktop.ui.editor import CueEditor
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection

_MENU = ("Format",)


class FormatActions:
    """Acts on what is selected in the text box while it has the focus, else on the selected cues.

    `position` is the playhead, ms; `keep` remembers whether tags are shown.
    """

    def __init__(
        self,
        current: Callable[[], Session],
        selection: Selection,
        editor: CueEditor,
        position: Callable[[], int],
        keep: Callable[[bool], object],
        commands: Commands,
        window: QWidget,
    ) -> None:
        self._current, self._selection, self._editor = current, selection, editor
        self._position, self._keep, self._commands, self._window = position, keep, commands, window

    def commands(self) -> list[Command]:
        one = needs_cue(self._current, self._selection)

        def tag(name: str, words: str, mark: str, key: str = "") -> Command:
            return Command(
                name,
                words,
                lambda: self.toggle(mark, words),
                _MENU if key else (*_MENU, "Colour"),
                (key,) if key else (),
                icon=name if key else "",
                disabled_reason=one,
            )

        return [
            tag("italic", "Italics", "<i>", "Ctrl+I"),
            tag("bold", "Bold", "<b>", "Ctrl+B"),
            tag("underline", "Underline", "<u>", "Ctrl+U"),
            *(tag(f"colour-{name}", f"Colour {name}", f"<c.{name}>") for name in COLOURS),
            Command(
                "class",
                "Class…",
                self.ask_class,
                _MENU,
                disabled_reason=one,
                section=1,
                tip="A name that rules of a style go by, e.g. shout for ::cue(.shout)",
            ),
            Command(
                "language",
                "Language of the words…",
                self.ask_language,
                _MENU,
                disabled_reason=one,
                section=1,
                tip="Says which language the selected words are in",
            ),
            Command(
                "ruby",
                "Ruby…",
                self.ask_ruby,
                _MENU,
                disabled_reason=self._no_words,
                section=1,
                tip="Small characters over the selected ones",
            ),
            Command(
                "timestamp",
                "Timestamp at playhead",
                self.insert_timestamp,
                _MENU,
                ("Ctrl+Shift+T",),
                disabled_reason=self._playhead_outside,
                section=1,
                tip="What follows in the text is sung or said from here on",
            ),
            Command(
                "speaker",
                "Speaker",
                self._editor.speaker.setFocus,
                _MENU,
                ("F7",),
                icon="speaker",
                disabled_reason=one,
                section=1,
                tip="Go to the field for who speaks",
            ),
            Command(
                "show-tags",
                "Show text as written",
                self.switch_tags,
                _MENU,
                ("F6",),
                section=2,
                checked=lambda: not self._editor.text_box.formatted,
                tip="Tags as plain text; an & or < that is typed stays one",
            ),
        ]

    def toggle(self, tag: str, label: str) -> None:
        """The selected words under a tag, or from under it."""
        if self._editor.text_box.hasFocus():
            self._editor.mark_up(lambda text, start, end: toggled(text, start, end, tag), label)
            return
        session = self._current()
        cues = session.document.snapshot.cues
        ids = [cue_id for cue_id in self._selection.selected if cues.has(cue_id)]
        session.submit(format_cues(session.document.snapshot, ids, tag, label))

    def switch_tags(self) -> None:
        box = self._editor.text_box
        box.set_formatted(not box.formatted)
        self._keep(not box.formatted)

    def insert_timestamp(self) -> None:
        """The playhead's moment where the caret stands (WebVTT 4.2.2 "cue timestamp")."""
        tag = f"<{format_time(self._position())}>"
        at = self._editor.caret_offset

        def make(text: str, _start: int, _end: int) -> Marked:
            return Marked(text[:at] + tag + text[at:], at + len(tag), at + len(tag))

        self._editor.mark_up(make, "Insert timestamp")

    def ask_class(self) -> None:
        def tag(typed: str) -> str:
            names = typed.replace(".", " ").split()
            if any(set(name) & set("<>&") for name in names) or not names:
                raise UserError("A class is a name without <, > and &.")
            return f"<c.{'.'.join(names)}>"

        self._ask("Class", "One name or several, e.g. shout.", tag, on=None)

    def ask_language(self) -> None:
        def tag(typed: str) -> str:
            name = "-".join(typed.split())
            if set(name) & set("<>&"):
                raise UserError("A language tag has letters, digits and hyphens only.")
            return f"<lang {name}>"

        self._ask("Language", "A language tag such as fr, pt-BR or ja.", tag, on=True)

    def _ask(self, title: str, hint: str, tag: Callable[[str], str], *, on: bool | None) -> None:
        box = self._editor.text_box
        chosen = box.selected_offsets

        def put(typed: str) -> None:
            mark = tag(typed)
            box.select_offsets(*chosen)
            self._editor.mark_up(lambda text, start, end: toggled(text, start, end, mark, on), title)

        OneLineDialog(title, title, hint, "Set", put, self._commands.spawn, self._window).open()

    def ask_ruby(self) -> None:
        box = self._editor.text_box
        chosen = box.selected_offsets

        def set_ruby(typed: str) -> None:
            box.select_offsets(*chosen)
            done = self._editor.mark_up(lambda text, start, end: with_ruby(text, start, end, typed), "Ruby")
            if not done:
                raise UserError("Ruby goes over a few words of one line that have no tags among them.")

        words = box.textCursor().selectedText()
        OneLineDialog(
            "Ruby", f"Over “{words[:20]}”", "", "Set", set_ruby, self._commands.spawn, self._window
        ).open()

    def _no_words(self) -> str | None:
        start, end = self._editor.text_box.selected_offsets
        return None if start != end else "Select the words in the text box first."

    def _playhead_outside(self) -> str | None:
        session, current = self._current(), self._selection.current
        cue = session.document.snapshot.cues.get(current) if current is not None else None
        if cue is None:
            return "Select a cue first."
        inside = cue.start < self._position() < cue.end
        return None if inside else "The playhead is not inside the current cue."
