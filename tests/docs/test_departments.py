"""The commands of docs/reference/departments.md are done in order, and what they answer is what the page shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import World
from tests.docs.runner import Player, Run
from tests.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "reference" / "departments.md"


def test_the_page_of_departments(
    served: World, run: Run, scrub: Callable[[str], str], pytestconfig: pytest.Config
) -> None:
    """`pytest --snapshot-update` puts what came out into the page."""
    player = Player(run, scrub, update=bool(pytestconfig.getoption("update_snapshots")))
    assert len(player.play(PAGE, "departments")) == 6
    assert served("check").code == 0
    assert "未发现问题" in served("audit").out
