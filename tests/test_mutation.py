"""The runner of mutation testing: a change reaches processes that a test starts, and wording is told from what a program does."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests.mutation.children import sitecustomize
from tests.mutation.wording import is_wording

CHILDREN = Path(sitecustomize.__file__).parent


def run(folder: Path, code: str) -> list[str]:
    environ = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(CHILDREN), os.environ.get("PYTHONPATH", "")]),
        sitecustomize.FOLDER: str(folder),
    }
    done = subprocess.run(
        [sys.executable, "-c", dedent(code)], env=environ, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


CODE = """
    import sys
    print("ledger.files.ids" in sys.modules, "tests.offline" in sys.modules, len(sys.meta_path) > 3)
    from ledger.files.ids import IdMaker, new_id, seconds_of
    maker = IdMaker(lambda: 5000, bytes)
    print(seconds_of(maker()), maker._last)
"""


@pytest.mark.parametrize(
    ("owner", "function", "text", "expected"),
    [
        ("", "", "", ["5", str(5000 << 80)]),
        ("", "seconds_of", "def seconds_of(entry_id, answer=7):\n    return answer", ["7", str(5000 << 80)]),
        ("IdMaker", "__call__", "def __call__(self):\n    self._last = 3\n    return 26 * '0'", ["0", "3"]),
    ],
)
def test_a_function_is_changed_in_a_process_that_a_test_starts(
    tmp_path: Path, owner: str, function: str, text: str, expected: list[str]
) -> None:
    if function:
        change = {"module": "ledger.files.ids", "owner": owner, "function": function, "text": text}
        (tmp_path / sitecustomize.MUTANT).write_text(json.dumps(change))
    first, *rest = run(tmp_path, CODE)[0], *run(tmp_path, CODE)[3:]
    assert first == "False", "the program is not loaded for it"
    assert rest == expected


def test_a_function_tells_that_it_is_called(tmp_path: Path) -> None:
    target = {
        "module": "ledger.files.ids",
        "owner": "",
        "function": "seconds_of",
        "text": "def seconds_of(entry_id):\n    return 5",
        "reach_name": "ids.seconds_of",
    }
    importlib.import_module(target["module"])
    targets = [target, target | {"function": "is_ahead", "reach_name": "x"}]
    sitecustomize.write_targets(tmp_path / sitecustomize.TARGETS, targets)
    run(tmp_path, CODE)
    assert (tmp_path / sitecustomize.REACH).read_text().split() == ["ids.seconds_of"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("raise Error('没有写理由')", "raise Error('XX没有写理由XX')", True),
        ("raise Error('没有写理由')", "raise Error(None)", True),
        ("raise Error(code, '没有写理由')", "raise Error(code)", True),
        ("raise Error(code, hint='写上')", "raise Error(code)", True),
        ("raise Error(f'{x} 没有写')", "raise Error(f'XX{x} 没有写XX')", True),
        ("raise Error(f'{x} 没有写')", "raise Error(None)", True),
        ("raise Error(message, hint)", "raise Error(None, hint)", True),
        ("raise Error('甲' if x else '乙')", "raise Error(None)", True),
        ("super().__init__('没有')", "super().__init__(None)", True),
        ("raise Error('no reason')", "raise Error('XXno reasonXX')", False),
        ("raise Error(f'{x + 1} 没有写')", "raise Error(f'{x - 1} 没有写')", False),
        ("raise Error('甲' if x else '乙')", "raise Error('甲' if not x else '乙')", False),
        ("return x == '金融办'", "return x == 'XX金融办XX'", False),
        ("return names['金融办']", "return names['XX金融办XX']", False),
        ("return {'金融办': 1}", "return {'XX金融办XX': 1}", False),
        ("return x.startswith('补')", "return x.startswith('XX补XX')", False),
        ("return re.match('第', x)", "return re.match('XX第XX', x)", False),
        ("raise Error('没有写', code)", "raise Error('没有写', None)", False),
        ("return x + 1", "return x - 1", False),
    ],
)
def test_wording(before: str, after: str, expected: bool) -> None:
    original, changed = (f"def f(x, code, message, hint, names):\n    {line}" for line in (before, after))
    assert is_wording(original, changed) == expected
