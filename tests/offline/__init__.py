"""A pytest plugin: no test, and no Python process it starts, may reach the network; loopback and Unix sockets stay open.

Children get the same hook by PYTHONPATH: Python imports `sitecustomize` at its start. Git, ssh and browsers are no Python;
`.ci/run` holds them to it by a network namespace without a network, where the system allows one. A child that has to
reach the package registry is given LEDGER_TESTS_ONLINE.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.offline import sitecustomize


def pytest_configure() -> None:
    """Install the hook before anything is collected; a worker has it from its parent."""
    here = str(Path(__file__).parent)
    before = os.environ.get("PYTHONPATH", "")
    if here not in before.split(os.pathsep):
        sitecustomize.install()
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (here, before)))
