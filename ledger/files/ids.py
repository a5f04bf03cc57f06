"""Makes entry ids: ULIDs, in order within a process and unique across processes; knows nothing of entries.

A ULID is 48 bits of milliseconds since 1970 and 80 random bits, as 26 characters of Crockford's base 32
(https://github.com/ulid/spec), so that ids sort by the time they were made.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS = 80
_LENGTH = 26


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


def made_at(entry_id: str) -> datetime:
    """Return when an id was made, in UTC.

    Raises:
        ValueError: when it is no ULID.
    """
    if len(entry_id) != _LENGTH or any(one not in _ALPHABET for one in entry_id):
        raise ValueError(f"no ULID: {entry_id!r}")
    number = 0
    for one in entry_id:
        number = number << 5 | _ALPHABET.index(one)
    return datetime.fromtimestamp((number >> _RANDOM_BITS) / 1000, UTC)


new_id = IdMaker()
"""The maker that commands use; tests make their own."""
