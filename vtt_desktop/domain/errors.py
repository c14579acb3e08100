"""What a person cannot do, told in one sentence."""

from __future__ import annotations


class UserError(Exception):
    """Something that cannot be done, in words for the person who asked for it.

    `message` is one clear sentence; `hint`, where there is one, says what would help.
    Shown by the window's report place or as one line on stderr, never as a traceback.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(UserError):
    """What was asked for makes no sense as it was asked: an address without a project, no such port."""


class RefusedError(UserError):
    """A file that is there and can be read, but is none of the kind that was asked for."""


class NotSavedError(UserError):
    """A file could not be written; over as soon as it is saved after all."""


class UnfitError(NotSavedError):
    """Words that the file's encoding cannot hold, the first of them in the cue `cue_id`."""

    def __init__(self, message: str, hint: str, cue_id: int) -> None:
        super().__init__(message, hint)
        self.cue_id = cue_id


class NotKeptError(UserError):
    """Edits are in memory only, since the journal cannot be written; over as soon as it can."""


class ReadOnlyError(UserError):
    """Nothing failed: what is edited goes to no server, since it must not be written to. Over when it may."""


class UndecidedError(UserError):
    """Nothing failed: a conflict waits for a person, and what was asked for would decide it unseen."""


class StaleEditError(Exception):
    """An edit that was built from another snapshot than the document's: a bug of the caller."""


class ServerRefusedError(UserError):
    """The server took only a part of what an edit changed. Over when nothing is refused any more."""
