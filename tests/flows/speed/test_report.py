"""What a report costs where nothing is kept, by counts: git processes, statuses judged, sums added up, charts drawn. Never by seconds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

from tests.conftest import World

WATCH = """
import json, sys
from collections import Counter
counts = Counter()
def hook(event, arguments):
    if event == "subprocess.Popen" and arguments[0] == "git":
        counts["git"] += 1
sys.addaudithook(hook)
from ledger.core.progress.kinds import KINDS, accumulate
from ledger.render.html import chart, page
def counted(module, name, label):
    plain = getattr(module, name)
    def call(*args, **kwargs):
        counts[label] += 1
        return plain(*args, **kwargs)
    setattr(module, name, call)
for kind in KINDS.values():
    counted(kind, "assess", "judged")
counted(accumulate, "folds", "summed")
counted(page, "chart", "charts")
from ledger.__main__ import run
code = run(sys.argv[1:])
print("\\n" + json.dumps([code, counts]), file=sys.stderr)
"""


def watched(world: World, *args: str) -> Mapping[str, int]:
    """Run a command and return its counts."""
    command = [sys.executable, "-c", WATCH, *args]
    done = subprocess.run(command, cwd=world.root, env=os.environ, capture_output=True, text=True, check=True)
    code, counts = json.loads(done.stderr.splitlines()[-1])
    assert code == 0, done.stderr
    return counts


@pytest.fixture
def reported(world: World) -> World:
    for month in range(1, 6):
        assert world("log", "金融办", "listed", "1家", "--on", f"2023-{month:02}-28").code == 0
    return world


def test_a_report_asks_judges_and_draws_no_more_for_more_months(reported: World) -> None:
    short = watched(reported, "report", "-o", "报告.html", "--as-of", "2023-02-28")
    long = watched(reported, "report", "-o", "报告.html", "--as-of", "2023-05-31")
    assert short["git"] <= 12  # the audit walks all of history, and notes who brought which entry
    assert (
        long["git"] <= 15
    )  # the audit goes on from where it was: who brought which entry takes a walk of its own
    for count in ("judged", "summed", "charts"):
        assert short[count] == long[count] > 0
    # Each sum is added up for the status, that of the month before, the forecast and the chart: never for each month of a line.
    assert long["summed"] == 4 * long["charts"]
