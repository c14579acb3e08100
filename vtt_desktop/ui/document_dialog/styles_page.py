"""The STYLE blocks: CSS that the picture follows while it is typed."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QLabel, QWidget

from vtt_desktop.ui.authoring import HeadBlock, HeadText
from vtt_desktop.ui.document_dialog.live import LiveText, first_words
from vtt_desktop.ui.document_dialog.pages import BlocksPage
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.rendering.css import parse_styles
from vtt_desktop.ui.theme import font

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")


class StylesPage(BlocksPage):
    """One text a block. What cues cannot follow is said below it, and kept as it is."""

    kind = "style"
    one = "Style"

    def __init__(self, session: Session, head: HeadText, parent: QWidget | None = None) -> None:
        super().__init__(session, head, parent)
        self.css = LiveText("CSS", "Rules for ::cue, ::cue(…) and ::cue-region", self)
        face = font()
        face.setFamilies(["Noto Sans Mono", "DejaVu Sans Mono", "monospace"])
        self.css.setFont(face)
        self.css.setPlaceholderText("::cue(.shout) { color: yellow }")
        words = QLabel("CSS")
        words.setBuddy(self.css)
        for part in (words, self.css, self.said):
            self.right.addWidget(part, 1 if part is self.css else 0)
        self.css.typed.connect(self._typed)
        self.css.left.connect(self._left)

    @property
    def block_field(self) -> QWidget:
        return self.css

    def title(self, number: int, block: HeadBlock) -> str:
        return first_words(_COMMENT.sub("", block.text), 28) or f"Style {number}"

    def fresh_text(self) -> str:
        return "::cue {\n  color: white;\n}"

    def show_block(self) -> None:
        self.css.setEnabled(self.place is not None)
        if [line for line in self.css.toPlainText().split("\n") if line] != self.text.split("\n"):
            self.css.show_change(self.text)
            self.css.mark(False)
            self.say(css_remark(self.text))

    def _typed(self, text: str) -> None:
        place = self.place
        if place is None or self.hearing:
            return
        done = self.submit_head(lambda s: self.head.changed(s, place, text), "Edit style", f"style:{place}")
        self.css.mark(not done)
        if done:
            self.say(css_remark(text))

    def _left(self) -> None:
        self.seal()
        if self.css.property("invalid"):
            return  # it stays to be seen, marked as it is
        self.hearing = True
        self.css.show_change(self.text)
        self.hearing = False


def css_remark(sheet: str) -> str:
    """What of a style sheet the picture cannot follow, in a sentence; nothing where it follows all."""
    text = _COMMENT.sub("", sheet)
    if text.count("{") > text.count("}"):
        return "A { is not closed yet."
    if text.count("}") > text.count("{"):
        return "There is one } too many."
    for found in _RULE.finditer(text):
        selector = " ".join(found[1].split())
        rules = parse_styles((found[0],))
        if not rules:
            return (
                f"“{selector}” selects no cue: the rule is left out."
                if selector
                else "A rule needs a selector."
            )
        wanted = [part.strip() for part in found[2].split(";") if part.strip()]
        if len(rules[0].declarations) < len(wanted) and "(" not in found[2] and '"' not in found[2]:
            known = {declaration.name for declaration in rules[0].declarations}
            bad = next(
                (one for one in wanted if one.partition(":")[0].strip().lower() not in known), wanted[-1]
            )
            return f"“{bad}” is no declaration: it is left out."
    rest = _RULE.sub("", text).strip()
    return f"“{first_words(rest)}” has no rule yet." if rest else ""
