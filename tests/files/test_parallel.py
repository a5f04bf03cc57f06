"""Work shared among processes comes back whole, or is missing for the caller to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import pytest

from ledger.files.parallel import map_forked

ITEMS = [f"第{number}项" for number in range(100)]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no fork there: one process does it all")


def test_every_item_is_done_once_and_by_several_processes() -> None:
    done = map_forked(ITEMS, lambda some: {item: [item * 1000, os.getpid()] for item in some}, processes=3)
    assert {key: value[0] for key, value in done.items()} == {item: item * 1000 for item in ITEMS}
    assert len({value[1] for value in done.values()}) == 3


def test_what_a_helper_fails_at_is_missing() -> None:
    here = os.getpid()

    def work(some: Sequence[str]) -> dict[str, int]:
        if os.getpid() != here:
            raise MemoryError
        return dict.fromkeys(some, 1)

    assert list(map_forked(ITEMS, work, processes=2)) == ITEMS[::2]


def test_one_processor_does_it_alone() -> None:
    assert map_forked(ITEMS, lambda some: dict.fromkeys(some, os.getpid()), processes=1) == dict.fromkeys(
        ITEMS, os.getpid()
    )
