"""Where the film stood when a document was left, and which film it was: there again at the next opening."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from vtt_desktop.app.session import Session

KEPT = 200
"""Documents that are remembered, those seen last."""
_KEY = "view/last-seen"


class Settings(Protocol):
    """What of QSettings is used here."""

    def value(self, key: str, default: object = ..., /) -> object: ...
    def setValue(self, key: str, value: object, /) -> None: ...


class LastSeen:
    """By path or address. What belongs to a person and a machine is not in the document's journal."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def note(self, session: Session, playhead: int) -> None:
        """The document is left with the playhead there, ms. One without a place is not remembered."""
        place = _place(session)
        if not place:
            return
        known = self._known()
        known.pop(place, None)
        known[place] = [str(session.media or ""), playhead]
        for oldest in list(known)[:-KEPT]:
            del known[oldest]
        self._settings.setValue(_KEY, json.dumps(known))

    def of(self, session: Session) -> tuple[Path | None, int]:
        """The film, where it is still there, and the playhead, ms; (None, 0) for what was never seen."""
        match self._known().get(_place(session)):
            case [str(media), int(playhead)]:
                return Path(media) if media and Path(media).is_file() else None, playhead
        return None, 0

    def _known(self) -> dict[str, object]:
        with suppress(ValueError):
            known = json.loads(str(self._settings.value(_KEY, "{}")))
            if isinstance(known, dict):
                return known
        return {}


def _place(session: Session) -> str:
    return session.shared_url or str(session.path or "")
