"""What the pages of the document's window have in common: a block of the head, edited in place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Edit, Head
from vtt_desktop.domain.edits_document import set_head
from vtt_desktop.ui.authoring import HeadBlock, HeadText
from vtt_desktop.ui.document_dialog.live import attempt
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.theme import UNIT


class HeadPage(QWidget):
    """A page on the head of a session. `show_head` brings its fields up with the model."""

    def __init__(self, session: Session, head: HeadText, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self.head = session, head
        self.hearing = False
        self.said = QLabel()
        self.said.setProperty("role", "warn")
        self.said.setWordWrap(True)

    @property
    def snapshot(self) -> Snapshot:
        return self.session.document.snapshot

    def blocks(self) -> list[tuple[int, HeadBlock]]:
        """The blocks of the head with their places."""
        return list(enumerate(self.head.blocks(self.snapshot.head)))

    def submit_head(self, make: Callable[[Snapshot], Head], label: str, group: str = "") -> bool:
        """Another head as an edit; whether it could be."""
        return self.submit(lambda snapshot: set_head(snapshot, make(snapshot), label, group))

    def submit(self, make: Callable[[Snapshot], Edit]) -> bool:
        """An edit; what cannot be done stands on the page in a sentence."""
        if self.hearing:
            return True
        return attempt(lambda: self.session.submit(make(self.snapshot)), self.say)

    def say(self, words: str) -> None:
        """A remark in the place for them; nothing takes it away."""
        self.said.setText(words)

    def seal(self) -> None:
        """What is typed next is a step of its own."""
        self.session.history.seal()

    @property
    def first_field(self) -> QWidget:
        """What has the focus when the page is opened."""
        raise NotImplementedError

    def show_head(self) -> None:
        raise NotImplementedError


class BlocksPage(HeadPage):
    """All blocks of one kind in a list, with what edits the chosen one beside it."""

    kind = ""
    one = ""

    def __init__(self, session: Session, head: HeadText, parent: QWidget | None = None) -> None:
        super().__init__(session, head, parent)
        self._places: list[int] = []
        self.list = QListWidget()
        self.list.setAccessibleName(f"{self.one}s")
        self.list.setFixedWidth(180)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(lambda _row: self._chosen())
        self.add_button = QPushButton("Add")
        self.add_button.setToolTip(f"A new {self.one.lower()} behind the others")
        self.add_button.clicked.connect(lambda: self.add())
        self.remove_button = QPushButton("Remove")
        self.remove_button.setToolTip(f"Take the {self.one.lower()} away")
        self.remove_button.clicked.connect(lambda: self.remove())
        for button in (self.add_button, self.remove_button):
            button.setAutoDefault(False)
            button.setAccessibleName(f"{button.text()} {self.one.lower()}")
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * UNIT)
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        left = QVBoxLayout()
        left.setSpacing(2 * UNIT)
        left.addWidget(self.list, 1)
        left.addLayout(buttons)
        self.right = QVBoxLayout()
        self.right.setSpacing(2 * UNIT)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 3 * UNIT)
        whole.setSpacing(3 * UNIT)
        whole.addLayout(left)
        whole.addLayout(self.right, 1)

    @property
    def place(self) -> int | None:
        """Where among the blocks of the head the chosen one stands."""
        row = self.list.currentRow()
        return self._places[row] if 0 <= row < len(self._places) else None

    @property
    def text(self) -> str:
        """The text of the chosen block."""
        return next((block.text for at, block in self.blocks() if at == self.place), "")

    @property
    def first_field(self) -> QWidget:
        return self.add_button if self.place is None else self.block_field

    @property
    def block_field(self) -> QWidget:
        """Where the chosen block is edited."""
        raise NotImplementedError

    def title(self, number: int, block: HeadBlock) -> str:
        """What the list says of a block; `number` counts from one."""
        raise NotImplementedError

    def fresh_text(self) -> str:
        """What a new block begins with."""
        raise NotImplementedError

    def show_block(self) -> None:
        """Brings the fields up with the chosen block."""
        raise NotImplementedError

    def add(self) -> None:
        text = self.fresh_text()
        self.seal()
        if self.submit_head(lambda s: self.head.added(s, self.kind, text), f"Add {self.one.lower()}"):
            self.list.setCurrentRow(self.list.count() - 1)

    def remove(self) -> None:
        place = self.place
        if place is not None:
            self.seal()
            self.submit_head(lambda s: self.head.removed(s, place), f"Remove {self.one.lower()}")

    def show_head(self) -> None:
        mine = [(at, block) for at, block in self.blocks() if block.kind == self.kind]
        row = max(0, self.list.currentRow())
        self._places = [at for at, _block in mine]
        titles = [self.title(number, block) for number, (_at, block) in enumerate(mine, 1)]
        self.hearing = True
        try:
            while self.list.count() > len(titles):
                self.list.takeItem(self.list.count() - 1)
            for i, words in enumerate(titles):
                item = self.list.item(i) if i < self.list.count() else None
                if item is None:
                    item = QListWidgetItem(words, self.list)
                    item.setSizeHint(QSize(0, self.list.fontMetrics().height() + 3 * UNIT))
                elif item.text() != words:
                    item.setText(words)
            if titles:
                self.list.setCurrentRow(min(row, len(titles) - 1))
            self.remove_button.setEnabled(bool(titles))
            self.show_block()
        finally:
            self.hearing = False

    def _chosen(self) -> None:
        if not self.hearing:
            self.hearing = True
            try:
                self.say("")
                self.show_block()
            finally:
                self.hearing = False
