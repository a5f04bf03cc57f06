"""A ledger under a locale whose encoding is not UTF-8: file names are found, what is typed is understood, output keeps the encoding."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import World

ENCODING = "gb18030"
MONTH = ["金融办", "新增上市公司", "2家", "--on", "2023-06-30"]

pytestmark = pytest.mark.skipif(shutil.which("localedef") is None, reason="localedef is not installed")


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a real GB18030 locale."""
    folder = tmp_path_factory.mktemp("locales")
    made = subprocess.run(
        ["localedef", "--no-archive", "-i", "zh_CN", "-f", "GB18030", folder / "zh_CN.GB18030"],
        check=False,
        capture_output=True,
    )
    if not (folder / "zh_CN.GB18030").is_dir():
        pytest.skip(f"no source of the locale zh_CN: {made.stderr.decode(errors='replace')}")
    return folder


def environment(locales: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if name not in {"PYTHONUTF8", "PYTHONIOENCODING"}
    }
    return {**kept, "LOCPATH": str(locales), "LC_ALL": "zh_CN.GB18030"}


def run(world: World, locales: Path, *arguments: str) -> tuple[int, str]:
    """Run the program in a process of that locale, its arguments typed in the locale's encoding."""
    done = subprocess.run(
        [os.fsencode(sys.executable), b"-m", b"ledger", *(word.encode(ENCODING) for word in arguments)],
        cwd=world.root,
        env=environment(locales),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).decode(ENCODING)


def test_the_locale_is_one_whose_file_names_are_not_utf8(world: World, locales: Path) -> None:
    code = "import sys; print(sys.getfilesystemencoding())"
    environ = environment(locales)
    assert (
        subprocess.run(
            [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True
        ).stdout.strip()
        == ENCODING
    )


@pytest.mark.parametrize(
    "command",
    [
        ["status"],
        ["status", "--no-cache"],
        ["status", "--dept", "金融办"],
        ["due"],
        ["check"],
        ["targets", "上市"],
        ["show", "金融办-01"],
        ["history", "金融办-01/listed"],
    ],
)
def test_every_answer_is_that_of_a_utf8_locale(world: World, locales: Path, command: list[str]) -> None:
    assert world("log", *MONTH).code == 0
    expected = world(*command)
    assert run(world, locales, *command) == (expected.code, expected.out + expected.err)


def test_what_is_typed_and_written(world: World, locales: Path) -> None:
    code, text = run(world, locales, "log", *MONTH, "--note", "含1家转板")
    assert (code, "新增上市公司" in text) == (0, True)
    assert '"note": "含1家转板"' in world.read("data/progress/2023/金融办/01.yaml")


def test_a_folder_named_by_an_environment_variable(world: World, locales: Path) -> None:
    here = world.root.parent
    done = subprocess.run(
        [sys.executable, "-m", "ledger", "status"],
        cwd=here,
        env={
            **{os.fsencode(name): os.fsencode(value) for name, value in environment(locales).items()},
            b"LEDGER_ROOT": world.root.name.encode(ENCODING),
        },
        capture_output=True,
        check=False,
    )
    assert (done.returncode, "金融办" in done.stdout.decode(ENCODING)) == (0, True)
