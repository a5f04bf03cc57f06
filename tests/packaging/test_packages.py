"""What is shipped: wheel and sdist hold what they must, and a wheelhouse alone installs a program that works.

The wheelhouse is the one named by LEDGER_WHEELHOUSE (`.ci/run` builds it before the network goes), else it is built here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.paths import REPOSITORY

pytestmark = pytest.mark.slow


def run(
    *words: str | Path, cwd: Path, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*map(str, words)],
        cwd=cwd,
        env={**os.environ, **(environ or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, REPOSITORY, cwd=folder)
    assert done.returncode == 0, done.stdout
    return folder


def wheel(folder: Path) -> Path:
    (found,) = folder.glob("commitment_ledger-*.whl")
    return found


def test_the_wheel_holds_the_plan_and_the_schemas_and_no_tests(packages: Path) -> None:
    names = set(zipfile.ZipFile(wheel(packages)).namelist())
    ours = {name for name in names if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in ours} == {"ledger"}
    for kind in ("data", "schemas"):
        bundled = {name.partition(f"_bundled/{kind}/")[2] for name in ours if f"/_bundled/{kind}/" in name}
        assert bundled == {
            path.relative_to(REPOSITORY / kind).as_posix()
            for path in (REPOSITORY / kind).rglob("*")
            if path.is_file()
        }
    assert {"ledger/py.typed", "ledger/core/units/definitions.txt"} <= names
    assert any(name.endswith("zh_CN/LC_MESSAGES/messages.mo") for name in names)


def test_the_sdist_builds_the_same_wheel(packages: Path, tmp_path: Path) -> None:
    (archive,) = packages.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    (root,) = tmp_path.iterdir()
    done = run(
        sys.executable,
        "-m",
        "build",
        "--no-isolation",
        "--wheel",
        "--outdir",
        tmp_path / "again",
        root,
        cwd=root,
    )
    assert done.returncode == 0, done.stdout
    first, again = zipfile.ZipFile(wheel(packages)), zipfile.ZipFile(wheel(tmp_path / "again"))
    assert first.namelist() == again.namelist()
    assert all(first.read(name) == again.read(name) for name in first.namelist())
    assert {"tests", "docs", "CONTRIBUTING.md", "Makefile", "mkdocs.yml"} <= {
        path.name for path in root.iterdir()
    }


@pytest.fixture(scope="module")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if named := os.environ.get("LEDGER_WHEELHOUSE"):
        return Path(named)
    folder = tmp_path_factory.mktemp("wheelhouse")
    done = run(
        sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", folder, REPOSITORY,
        cwd=folder,
        environ={"LEDGER_TESTS_ONLINE": "1"},
    )  # fmt: skip
    if done.returncode and (
        "No matching distribution" in done.stdout or "Could not find a version" in done.stdout
    ):
        pytest.skip("no package registry can be reached, and LEDGER_WHEELHOUSE names no wheelhouse")
    assert done.returncode == 0, done.stdout
    return folder


def test_a_wheelhouse_alone_installs_a_program_that_works(
    wheelhouse: Path, identity: None, tmp_path: Path
) -> None:
    """No index, no configuration of pip, no source tree in reach: what an intranet machine has."""
    assert run(sys.executable, "-m", "venv", "env", cwd=tmp_path).returncode == 0
    binaries = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    alone = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": str(wheelhouse)}
    done = run(binaries / "pip", "install", "--quiet", "commitment-ledger", cwd=tmp_path, environ=alone)
    assert done.returncode == 0, done.stdout
    where = run(binaries / "python", "-c", "import ledger; print(ledger.__file__)", cwd=tmp_path).stdout
    assert where.startswith(str(tmp_path)), where
    ledger = binaries / "ledger"
    for words in (
        ("init", "账本"),
        ("--root", "账本", "log", "金融办", "新增上市公司", "2家", "--on", "2023-03-31"),
        ("--root", "账本", "check"),
        ("--root", "账本", "audit"),
        ("--root", "账本", "report", "--output", "页.html"),
        ("demo", "演示"),
    ):
        done = run(ledger, *words, cwd=tmp_path)
        assert done.returncode == 0, (words, done.stdout)
    assert "2家" in run(ledger, "--root", "账本", "status", "--dept", "金融办", cwd=tmp_path).stdout
    assert "模拟数据" in run(ledger, "--root", "演示", "status", cwd=tmp_path).stdout
