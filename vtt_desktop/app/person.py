"""Who the person is: what colleagues see beside an edit. It decides nothing."""

from __future__ import annotations

import getpass


def person() -> str:
    """The name of the account, or nothing where there is none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
