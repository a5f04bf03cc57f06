"""Makes entry ids: ULIDs, in order within a process and unique across processes.

A ULID is 48 bits of milliseconds since 1970 and 80 random bits, as 26 characters of Crockford's base 32
(https://github.com/ulid/spec), so that ids sort by the time they were made.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS = 80
_LENGTH = 26
_DAY = 24 * 3600
_LETTERS = frozenset(_ALPHABET)
_DIGITS = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")


class IdMaker:
    """Gives ids that only grow: within one millisecond, or when the clock steps back, the last one is counted up.

    `clock` gives milliseconds since 1970, `randomness` that many random bytes.
    """

    def __init__(
        self,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        randomness: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._clock = clock
        self._randomness = randomness
        self._last = -1

    def __call__(self) -> str:
        """Return the next id."""
        fresh = self._clock() << _RANDOM_BITS | int.from_bytes(self._randomness(_RANDOM_BITS // 8), "big")
        same_or_earlier = fresh >> _RANDOM_BITS <= self._last >> _RANDOM_BITS
        self._last = self._last + 1 if same_or_earlier else fresh
        return _text(self._last)


def _text(number: int) -> str:
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))


def seconds_of(entry_id: str) -> int:
    """Return when an id was made, in whole seconds since 1970; an id can name times far beyond those that `datetime` has.

    Raises:
        ValueError: when it is no ULID.
    """
    if len(entry_id) != _LENGTH or not _LETTERS.issuperset(entry_id):
        raise ValueError(f"no ULID: {entry_id!r}")
    return int(entry_id[:10].translate(_DIGITS), 32) // 1000


def is_ahead(entry_id: str, clock: Callable[[], float] = time.time) -> bool:
    """Whether an id was made later than this machine's clock says, by more than a day."""
    return seconds_of(entry_id) > clock() + _DAY


new_id = IdMaker()
"""The maker that commands use; tests make their own."""
