"""Entry ids: ULIDs that grow within a process and never repeat across processes."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from ledger.core.models.entries import ULID_PATTERN
from ledger.files.ids import IdMaker, new_id, seconds_of

_THEN = 1_469_918_176_385
"""The moment of the ULID specification's example, whose time part is 01ARYZ6S41."""


def _maker(*clock: int, fill: int = 0) -> IdMaker:
    times = iter(clock)
    return IdMaker(lambda: next(times), lambda count: bytes([fill]) * count)


def test_known_answer() -> None:
    assert _maker(_THEN)() == "01ARYZ6S41" + "0" * 16
    assert _maker(_THEN, fill=255)() == "01ARYZ6S41" + "Z" * 16


def test_largest_time_still_fits_the_pattern() -> None:
    assert re.match(ULID_PATTERN, _maker(2**48 - 1, fill=255)())


def test_counts_up_within_a_millisecond_and_when_the_clock_steps_back() -> None:
    make = _maker(_THEN, _THEN, _THEN - 5000, _THEN + 1)
    ids = [make() for _ in range(4)]
    assert ids[:3] == ["01ARYZ6S41" + "0" * 15 + digit for digit in "012"]
    assert ids == sorted(set(ids))


def test_counting_past_the_last_random_number_moves_to_the_next_millisecond() -> None:
    make = _maker(_THEN, _THEN, _THEN + 1, fill=255)
    ids = [make() for _ in range(3)]
    assert ids[1] == "01ARYZ6S42" + "0" * 16
    assert ids == sorted(set(ids))


def test_ids_of_one_process_grow() -> None:
    ids = [new_id() for _ in range(2000)]
    assert ids == sorted(set(ids))
    assert all(re.match(ULID_PATTERN, item) for item in ids)


def test_processes_make_different_ids() -> None:
    code = "from ledger.files.ids import IdMaker\nm = IdMaker(lambda: 1)\nprint(*(m() for _ in range(50)))"
    outputs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in "ab"
    ]
    ids = [part for output in outputs for part in output.stdout.split()]
    assert len(set(ids)) == 100


def test_an_id_tells_when_it_was_made() -> None:
    assert seconds_of("01ARYZ6S41" + "0" * 16) == datetime(2016, 7, 30, 22, 36, 16, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("text", ["", "01ARYZ6S41", "I" * 26, "01aryz6s41" + "0" * 16])
def test_what_is_no_id_tells_nothing(text: str) -> None:
    with pytest.raises(ValueError, match="no ULID"):
        seconds_of(text)
