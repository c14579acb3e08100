"""When the list of problems is seen: as the person wants it, else when there are some in a new document."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QSettings

from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.authoring import Problems
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.problems_panel import ProblemsPanel
from vtt_desktop.ui.side_lists import SideLists


class ProblemsShowing:
    """Shows and hides `panel` among `lists`, and keeps the choice and the quality profile in `settings`."""

    def __init__(
        self, problems: Problems, panel: ProblemsPanel, lists: SideLists, settings: QSettings
    ) -> None:
        self._problems, self._panel, self._lists, self._settings = problems, panel, lists, settings
        self._wanted = str(settings.value("window/problems", ""))  # shown, hidden, or as it comes
        self._judged = False
        with suppress(UserError):  # a profile that is not there any more
            problems.set_profile(str(settings.value("quality/profile", "")))

    def set_session(self, session: Session) -> None:
        """Another document: what is found in it is judged anew."""
        self._judged = False
        self._problems.set_session(session)
        self._panel.set_session(session)

    def judge(self) -> None:
        """The list comes by itself only when a document was opened: never under the hands that type."""
        if not self._judged and not self._problems.checking:
            self._judged = True
            self._lists.show_list(
                self._panel,
                self._wanted == "shown" or (self._wanted != "hidden" and bool(self._problems.rows)),
            )

    def choose_profile(self, name: str) -> None:
        self._judged = False  # what it finds may be looked at: the person asked for it
        self._problems.set_profile(name)
        self._settings.setValue("quality/profile", name)

    def show(self, shown: bool) -> None:
        self._wanted = "shown" if shown else "hidden"
        self._settings.setValue("window/problems", self._wanted)
        self._lists.show_list(self._panel, shown)
        self._lists.bring(self._panel)
