"""A pytest plugin that reports which tests were skipped, and can forbid it.

`LEDGER_SKIPPED=FILE` writes the ids of the skipped tests to FILE, one per line, for a second run with `pytest @FILE`.
`LEDGER_NO_SKIPS=1` fails the run where a test was skipped: for machines on which every program is installed. Skips for want of a right of the
process, or of a network to fetch what may not be bundled, are allowed even then, and printed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter

ALLOWED = (
    "no right to mount",
    "cannot give up root's privilege",
    "root of a user namespace",
    "axe-core cannot be fetched",
)


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Write the list, and change the exit status, in the process that reports (under xdist: not in the workers)."""
    yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not isinstance(reporter, TerminalReporter) or hasattr(session.config, "workerinput"):
        return
    skipped = sorted({report.nodeid for report in reporter.stats.get("skipped", ())})
    if file := os.environ.get("LEDGER_SKIPPED"):
        Path(file).write_text("".join(f"{nodeid}\n" for nodeid in skipped), encoding="utf-8")
    forbidden = sorted(
        {
            report.nodeid
            for report in reporter.stats.get("skipped", ())
            if not any(reason in str(report.longrepr) for reason in ALLOWED)
        }
    )
    if forbidden and os.environ.get("LEDGER_NO_SKIPS"):
        reporter.write_line(f"{len(forbidden)} tests were skipped, and LEDGER_NO_SKIPS is set:", red=True)
        for nodeid in forbidden:
            reporter.write_line(f"  {nodeid}")
        if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
