"""The pre-commit hooks run offline from .venv, pass what is sound and stop what is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import REPOSITORY


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False
    )


@pytest.mark.slow
def test_hooks_stop_what_is_unsound(identity: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pre_commit")
    root = tmp_path / "clone"
    assert (
        run("git", "clone", "--quiet", "--no-hardlinks", str(REPOSITORY), str(root), cwd=tmp_path).returncode
        == 0
    )
    config = ".pre-commit-config.yaml"
    (root / config).write_bytes((REPOSITORY / config).read_bytes())
    (root / ".venv").symlink_to(Path(sys.executable).parents[1], target_is_directory=True)

    plan = root / "data" / "targets" / "2023" / "金融办" / "03.yaml"
    module = root / "ledger" / "environment.py"

    def hooks(*paths: Path) -> subprocess.CompletedProcess[str]:
        files = [str(path.relative_to(root)) for path in paths]
        return run(sys.executable, "-m", "pre_commit", "run", "--files", *files, cwd=root)

    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "hooks"))
    sound = hooks(plan)
    assert sound.returncode == 0, sound.stdout
    assert "commitments against their schema" in sound.stdout
    plan.write_text(
        plan.read_text("utf-8").replace("kind: accumulate", "kind: accumulated"), encoding="utf-8"
    )
    module.write_text(module.read_text("utf-8") + "\nimport  json\n", encoding="utf-8")
    unsound = hooks(plan, module)
    assert unsound.returncode == 1
    failed = [line.split("..")[0] for line in unsound.stdout.splitlines() if line.endswith("Failed")]
    assert {"ruff format", "ruff check", "commitments against their schema"} <= set(failed), unsound.stdout
