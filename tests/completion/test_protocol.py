"""The shell's questions, put to the real program as bash puts them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PLAN = "targets:\n  - key: assets\n    name: 总资产\n  - key: firms\n    name: 企业\n"


def ask(folder: Path, words: str, place: int) -> list[str]:
    environ = {key: value for key, value in os.environ.items() if key != "LEDGER_ROOT"}
    environ |= {
        "_LEDGER_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(place),
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "ledger"],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.stderr == ""
    return done.stdout.split()


def ledger_in(folder: Path) -> Path:
    for name in ("国资委", "金融办"):
        (folder / "data/targets/2023" / name).mkdir(parents=True)
    (folder / "data/ledger.yaml").write_text("name: 某市\n", "utf-8")
    (folder / "data/targets/2023/国资委/01.yaml").write_text(PLAN, "utf-8")
    return folder


def test_departments_by_their_first_characters(tmp_path: Path) -> None:
    root = ledger_in(tmp_path)
    assert ask(root, "ledger log 国", 2) == ["国资委"]
    assert ask(root, "ledger log ", 2) == ["国资委", "金融办"]


def test_targets_of_the_department_typed(tmp_path: Path) -> None:
    root = ledger_in(tmp_path)
    assert ask(root, "ledger log 国资委 ", 3) == ["国资委-01/assets", "国资委-01/firms"]
    assert ask(root, "ledger log 国资委 国资委-01/f", 3) == ["国资委-01/firms"]
    assert ask(root, "ledger log 没有的 ", 3) == []


def test_another_folder_by_root(tmp_path: Path) -> None:
    root = ledger_in(tmp_path / "账本")
    assert ask(tmp_path, f"ledger --root {root} log 金", 4) == ["金融办"]


def test_silent_outside_a_ledger(tmp_path: Path) -> None:
    assert ask(tmp_path, "ledger log 国", 2) == []
    assert ask(tmp_path, "ledger log 国资委 ", 3) == []
