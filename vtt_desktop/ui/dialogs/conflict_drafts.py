"""What a person has composed for conflicts and not used yet: kept by the session, over a restart too."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress

from vtt_desktop.sync.body import Conflict
from vtt_desktop.ui.dialogs.conflict_compose import Draft
from vtt_desktop.ui.ports import Session


class Drafts:
    """By cue id. One of an earlier run counts only for a conflict whose own side is still what it was."""

    def __init__(self, session: Session, waiting: Iterable[Conflict]) -> None:
        self._session = session
        self._all: dict[int, tuple[str, Draft]] = {}
        with suppress(ValueError, TypeError, KeyError):
            known = json.loads(session.composed or "{}")
            for conflict in waiting:
                if (found := known.get(str(conflict.id))) and found["mine"] == _mine(conflict):
                    choices = tuple((str(name), str(value)) for name, value in found["choices"])
                    self._all[conflict.id] = (found["mine"], Draft(str(found["text"]), choices))

    def of(self, cue_id: int) -> Draft | None:
        return self._all[cue_id][1] if cue_id in self._all else None

    def keep(self, conflict: Conflict, draft: Draft) -> None:
        """Written down at once: what is typed here is in no document that a journal would keep."""
        if self.of(conflict.id) != draft:
            self._all[conflict.id] = (_mine(conflict), draft)
            self._write()

    def drop(self, cue_id: int) -> None:
        """It was used, or another side was chosen."""
        if self._all.pop(cue_id, None) is not None:
            self._write()

    def _write(self) -> None:
        known = {
            str(cue_id): {"mine": mine, "text": draft.text, "choices": draft.choices}
            for cue_id, (mine, draft) in self._all.items()
        }
        self._session.keep_composed(json.dumps(known) if known else "")


def _mine(conflict: Conflict) -> str:
    return conflict.mine.text if conflict.mine is not None else ""
