"""Sort keys between sort keys (fractional indexing): an insert or a move touches one document.

A key is a non-empty string of the digits below, compared as ASCII, and does not end in the lowest one,
so that there is always room before it.
"""

from __future__ import annotations

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
HEAD = "0"
"""The key of the head segment, before every other."""


def between(low: str, high: str | None) -> str:
    """A key above `low` (empty: above the head) and below `high` (None: no upper bound).

    Where the two leave no room (equal, or not of our making) the key follows `low` closely; the id
    then decides the order.
    """
    low = low or HEAD
    at_the_end = high is None
    out = ""
    at = 0
    while True:
        lo = DIGITS.find(low[at]) if at < len(low) else 0
        hi = len(DIGITS)
        if high is not None:
            hi = DIGITS.find(high[at]) if at < len(high) else 0
        if lo < 0 or hi < 0 or (high is not None and low >= high):
            return low + DIGITS[len(DIGITS) // 2]
        if hi - lo > 1:
            # Close to the lower one where there is no bound: most inserts come at the end.
            near = at_the_end and lo + 1 < len(DIGITS) - 1
            return out + DIGITS[lo + 1 if near else (lo + hi) // 2]
        out += DIGITS[lo]
        if hi > lo:
            high = None
        at += 1


def spread(count: int) -> list[str]:
    """`count` keys above the head in ascending order, of one length, with room between."""
    width = 2
    while (len(DIGITS) - 1) * len(DIGITS) ** (width - 1) < 4 * count:
        width += 1
    first, last = len(DIGITS) ** (width - 1), len(DIGITS) ** width
    step = (last - first) // (count + 1)
    return [_digits(first + step * (i + 1), width) for i in range(count)]


def _digits(number: int, width: int) -> str:
    out = ""
    for _ in range(width):
        number, digit = divmod(number, len(DIGITS))
        out = DIGITS[digit] + out
    # No key ends in the lowest digit.
    return out + DIGITS[len(DIGITS) // 2] if out.endswith(DIGITS[0]) else out
