"""Tab in the real shells: installed as the documentation says, then a whole `log` typed in initials and run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from ledger.cli import shells
from tests.conftest import World

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")

START = {"bash": ["-i"], "zsh": ["-i"], "fish": ["-i"]}
READY = "READY> "
PROMPT = {
    "bash": f"PS1='{READY}'\nbind 'set enable-bracketed-paste off'\n",
    "zsh": f"PS1='{READY}'\nunsetopt zle_bracketed_paste prompt_cr prompt_sp\n",
    "fish": f"function fish_prompt\n    echo -n '{READY}'\nend\nfunction fish_title\nend\nset -U fish_greeting\n",
}
FILES = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}

Shell = Callable[[], "pexpect.spawn[str]"]


@pytest.fixture(params=["bash", "zsh", "fish"])
def name(request: pytest.FixtureRequest) -> str:
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    return str(request.param)


@pytest.fixture
def shell(name: str, world: World) -> Iterator[Shell]:
    """Starts the shell in the ledger with the home of the test, as a new terminal window would."""
    home = Path(os.environ["HOME"])
    file = home / FILES[name]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(PROMPT[name], "utf-8")
    environ = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm",
        "SHELL": name,
    }
    environ.pop("XDG_CONFIG_HOME", None)
    started = []

    def start() -> pexpect.spawn[str]:
        running = pexpect.spawn(
            name,
            START[name],
            cwd=str(world.root),
            env=environ,
            encoding="utf-8",
            timeout=20,
            dimensions=(40, 200),
        )
        running.expect_exact(READY)
        started.append(running)
        return running

    yield start
    for item in started:
        item.close(force=True)


def test_a_whole_line_in_initials(name: str, shell: Shell) -> None:
    """gzw ⇥ xzhg ⇥ 2 ⇥ is 国资委 新增混改企业 2家, and the program understands it."""
    first = shell()
    first.sendline("ledger --install-completion")
    first.expect_exact(f"{name} 的自动补全已装好")
    running = shell()
    running.send("ledger log gzw\t")
    running.expect_exact("国资委")
    running.send("xzhg\t")
    running.expect_exact("新增混改企业")
    running.send("2\t")
    running.expect_exact("2家")
    running.sendline("--dry-run")
    running.expect_exact("国资委-01/mixed  新增混改企业")
    running.expect_exact("只是预览，没有写入")


def test_several_are_listed_and_files_are_still_found(name: str, shell: Shell, world: World) -> None:
    shells.install_completion(name, Path(os.environ["HOME"]))
    world.write("填好的表.csv", "目标,数量\n")
    running = shell()
    running.send("ledger log 国资委 g" + "\t" * {"bash": 3, "zsh": 1, "fish": 1}[name])
    running.expect("制挂牌.*革走在全省前列|革走在全省前列.*制挂牌")  # fish colours what they share
    running.send("\x03\x03")
    running.expect_exact(READY)
    running.send("ledger sheet import 填\t")
    running.expect_exact("填好的表.csv")


def test_installing_twice_adds_one_line(tmp_path: Path) -> None:
    for shell, file in (("bash", ".bashrc"), ("zsh", ".zshrc")):
        (tmp_path / file).write_bytes("# 我的设置".encode("gbk"))  # no line end, and not UTF-8
        place = shells.install_completion(shell, tmp_path)
        once = (tmp_path / file).read_bytes()
        assert shells.install_completion(shell, tmp_path) == place
        assert (tmp_path / file).read_bytes() == once
        assert once.startswith("# 我的设置\n".encode("gbk"))
        assert len(once.splitlines()) == 2


def test_powershell_is_asked_for_its_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no PowerShell here: a stand-in says where the profile is, and the script is looked at, not run."""
    profile = tmp_path / "文档" / "PowerShell" / "profile.ps1"
    stand_in = tmp_path / "pwsh"
    stand_in.write_text(f"#!/bin/sh\necho '{profile}'\n", "utf-8")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    place = shells.install_completion("pwsh", tmp_path)
    assert place == profile.with_name("ledger-completion.ps1")
    assert profile.read_text("utf-8") == f'. "{place}"\n'
    assert place.read_text("utf-8").isascii()  # PowerShell 5.1 reads a script without a mark as GBK
    stand_in.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    with pytest.raises(shells.NoProfileError):
        shells.install_completion("pwsh", tmp_path)


def test_as_powershell_asks(world: World) -> None:
    """What the script of PowerShell sends and takes: `=` before the word, no empty arguments, UTF-8, tabs."""
    for word, before, offered in (
        ("gzw", ["log"], "国资委"),
        ("", ["log", "国资委"], "新增混改企业"),
        ("2", ["log", "国资委", "mixed"], "2家"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "ledger", *before],
            env=os.environ | {"LEDGER_COMPLETE": f"={word}", "PYTHONIOENCODING": "utf-8", "LC_ALL": "C"},
            capture_output=True,
            check=True,
        )
        value, about = done.stdout.decode("utf-8").splitlines()[0].split("\t")
        assert value == offered
        assert about


TYPERS = {
    "complete_bash": ({"COMP_WORDS": "ledger\nlog\ngzw", "COMP_CWORD": "2"}, "国资委"),
    "complete_zsh": ({"_TYPER_COMPLETE_ARGS": "ledger log gzw"}, '"国资委":"市国资委"'),
    "complete_fish": (
        {"_TYPER_COMPLETE_ARGS": "ledger log gzw", "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
        "国资委\t市国资委",
    ),
    "complete_powershell": (
        {"_TYPER_COMPLETE_ARGS": "ledger log gzw", "_TYPER_COMPLETE_WORD_TO_COMPLETE": "gzw"},
        "国资委:::市国资委",
    ),
}


@pytest.mark.parametrize("instruction", TYPERS)
def test_scripts_that_typer_made_are_answered_too(world: World, instruction: str) -> None:
    asked, offered = TYPERS[instruction]
    done = subprocess.run(
        [sys.executable, "-m", "ledger"],
        env=os.environ | asked | {"_LEDGER_COMPLETE": instruction, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == ""
    assert offered in done.stdout


def test_the_nearest_shell_that_has_a_script_is_the_one_running(world: World, tmp_path: Path) -> None:
    script = tmp_path / "ask.sh"
    script.write_text(f"{sys.executable} -m ledger --show-completion\ntrue\n", "utf-8")
    done = subprocess.run(
        ["bash", str(script)],
        env=os.environ | {"SHELL": "/bin/tcsh", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == shells.script("bash")


def test_the_script_is_shown_and_an_unknown_shell_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shells, "ancestors", lambda process: iter(("make", "zsh", "bash")))
    assert world("--show-completion").out == shells.script("zsh")
    monkeypatch.setattr(shells, "ancestors", lambda process: iter(("make",)))
    monkeypatch.setenv("SHELL", "/bin/fish")
    assert world("--show-completion").out == shells.script("fish")
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    refused = world("--install-completion")
    assert refused.code == 2
    assert "当前的命令行（tcsh）没有自动补全" in refused.err
