"""The document's own window: header, styles and regions, each change an edit that shows at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from vtt_desktop.domain.document import Change
from vtt_desktop.domain.edit import HeadChange
from vtt_desktop.ui.authoring import HeadText
from vtt_desktop.ui.commands import Commands
from vtt_desktop.ui.document_dialog.header_page import HeaderPage
from vtt_desktop.ui.document_dialog.live import LiveWindow
from vtt_desktop.ui.document_dialog.pages import HeadPage
from vtt_desktop.ui.document_dialog.regions_page import RegionsPage
from vtt_desktop.ui.document_dialog.styles_page import StylesPage
from vtt_desktop.ui.editor_lines import FieldLine
from vtt_desktop.ui.first_size import give_first_size
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.theme import UNIT, Theme

PAGES = ("Header", "Styles", "Regions")


class DocumentWindow(LiveWindow):
    """One a session. It stays open beside the picture, which shows what is changed here."""

    def __init__(
        self, session: Session, head: HeadText, theme: Theme, commands: Commands, parent: QWidget
    ) -> None:
        super().__init__("Document", commands, parent)
        give_first_size(self, 620, 440)
        self.header = HeaderPage(session, head)
        self.styles = StylesPage(session, head)
        self.regions = RegionsPage(session, head, theme)
        self._pages: tuple[HeadPage, ...] = (self.header, self.styles, self.regions)
        self._tabs = QTabWidget()
        self._tabs.setAccessibleName("Parts of the document")
        for page, name in zip(self._pages, PAGES, strict=True):
            self._tabs.addTab(page, name)
            page.show_head()
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.addWidget(self._tabs)
        self._disconnect = session.document.changed.connect(self._edited)

    def show_page(self, name: str) -> None:
        """Opens on one of `PAGES`."""
        self._tabs.setCurrentIndex(PAGES.index(name))
        self.open_beside()
        self._pages[PAGES.index(name)].first_field.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_theme(self, theme: Theme) -> None:
        self.regions.picture.set_theme(theme)

    def let_go(self) -> None:
        """Another document comes: hears nothing any more."""
        self._disconnect()

    def put_back(self) -> None:
        for field in self._refused():
            field.mark(False)
        for page in self._pages:
            page.show_head()

    def _late_lines(self) -> list[FieldLine]:
        return [self.regions.identifier] if self.regions.renamed else []

    def _bring(self, field: QWidget) -> None:
        for page in self._pages:
            if page.isAncestorOf(field):
                self._tabs.setCurrentWidget(page)

    def _edited(self, change: Change) -> None:
        if any(isinstance(part, HeadChange) for part in change.edit.changes):
            for page in self._pages:
                page.show_head()
