"""Puts the completion scripts where each shell looks for them; the scripts themselves lie in `completion`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ledger.core.errors import ExternalError, UsageError

FOLDER = Path(__file__).parent / "completion"
NAMES = {
    "bash": "ledger.bash",
    "zsh": "ledger.zsh",
    "fish": "ledger.fish",
    "powershell": "ledger.ps1",
    "pwsh": "ledger.ps1",
}
_ZSH = "fpath+=~/.zfunc; autoload -Uz compinit; compinit"


class UnknownShellError(UsageError):
    """The program was not started from a shell that it has a script for."""

    def __init__(self, shell: str) -> None:
        where = f"当前的命令行（{shell}）没有自动补全" if shell else "认不出当前是哪一种命令行"
        super().__init__(where, "在 bash、zsh、fish 或 PowerShell 里再执行一次 ledger --install-completion")


class NoProfileError(ExternalError):
    """PowerShell does not say where its profile is."""

    def __init__(self, shell: str) -> None:
        super().__init__(
            f"问不出 {shell} 的配置文件在哪里，没有装",
            "ledger --show-completion 显示脚本，贴进 $PROFILE 所指的文件",
        )


def running() -> str:
    """Return the shell that the program was started from.

    Raises:
        UnknownShellError: when it is none of ours.
    """
    import shellingham  # type: ignore[import-untyped]

    try:
        shell = shellingham.detect_shell()[0]
    except shellingham.ShellDetectionFailure:
        shell = Path(os.environ.get("SHELL", "")).name
    if shell not in NAMES:
        raise UnknownShellError(shell)
    return str(shell)


def script(shell: str) -> str:
    """Return the script for a shell."""
    return (FOLDER / NAMES[shell]).read_text(encoding="utf-8")


def install(shell: str, home: Path) -> Path:
    """Put the script in its place, have the shell load it from now on, and return the place.

    A second time it is put there anew, and the shell's own file gets no second line.

    Raises:
        NoProfileError: when PowerShell cannot be asked.
        OSError: when the disk refuses.
    """
    if shell == "bash":
        place = _put(home / ".bash_completions" / "ledger.sh", shell)
        _add(home / ".bashrc", f"source '{place}'")
    elif shell == "zsh":
        place = _put(home / ".zfunc" / "_ledger", shell)
        _add(home / ".zshrc", _ZSH)
    elif shell == "fish":
        place = _put(home / ".config" / "fish" / "conf.d" / "ledger.fish", shell)
    else:
        profile = _profile(shell)
        place = _put(profile.with_name("ledger-completion.ps1"), shell)
        _add(profile, f'. "{place}"')
    return place


def installed(shell: str, place: Path) -> str:
    """Say what was done and when it shows."""
    return f"{shell} 的自动补全已装好：{place}\n重新打开命令行窗口后，按 Tab 键补全"


def _put(place: Path, shell: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(script(shell), encoding="utf-8", newline="\n")
    return place


def _add(file: Path, line: str) -> None:
    """Add a line to a shell's own file, unless it is there; nothing else in it is touched, whatever its encoding."""
    there = file.read_bytes() if file.is_file() else b""
    wanted = line.encode(sys.getfilesystemencoding())
    if wanted in there.splitlines():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    gap = b"\n" if there and not there.endswith(b"\n") else b""
    with file.open("ab") as stream:
        stream.write(gap + wanted + b"\n")


def _profile(shell: str) -> Path:
    ask = "[Console]::OutputEncoding = [Text.UTF8Encoding]::new($false); $PROFILE"
    try:
        said = subprocess.run(
            [shell, "-NoProfileError", "-Command", ask], check=True, capture_output=True, encoding="utf-8"
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError, UnicodeDecodeError):
        said = ""
    if not said:
        raise NoProfileError(shell)
    return Path(said)
