"""Detection of the shell and installation of its completion script; the scripts are in `completion`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
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
    """Raised when the program was not started from a shell that it has a script for."""

    def __init__(self, shell: str) -> None:
        where = f"当前的命令行（{shell}）没有自动补全" if shell else "认不出当前是哪一种命令行"
        super().__init__(where, "在 bash、zsh、fish 或 PowerShell 里再执行一次 ledger --install-completion")


class NoProfileError(ExternalError):
    """Raised when PowerShell does not tell the path of its profile."""

    def __init__(self, shell: str) -> None:
        super().__init__(
            f"问不出 {shell} 的配置文件在哪里，没有装",
            "ledger --show-completion 显示脚本，贴进 $PROFILE 所指的文件",
        )


def running_shell() -> str:
    """Return the shell that the program was started from: the nearest one among its ancestors, else the one in `SHELL`.

    On Windows the variables that a shell sets for itself tell it.

    Raises:
        UnknownShellError: when there is no script for it.
    """
    if sys.platform == "win32":
        names = [
            shell
            for variable, shell in (("MSYSTEM", "bash"), ("PROMPT", "cmd"), ("PSModulePath", "powershell"))
            if variable in os.environ
        ]
    else:
        names = [name for name in ancestors(os.getppid()) if name in NAMES]
        names.append(Path(os.environ.get("SHELL", "")).name)
    if not names or names[0] not in NAMES:
        raise UnknownShellError(names[0] if names else "")
    return names[0]


def ancestors(process: int) -> Iterator[str]:
    """Yield the names of a process and of those that started it, as far as `ps` tells; a login shell's dash is left out."""
    while process > 1:
        try:
            done = subprocess.run(
                ["ps", "-o", "ppid=,comm=", "-p", str(process)], check=True, capture_output=True, text=True
            )
            parent, name = done.stdout.split(maxsplit=1)
        except (OSError, subprocess.CalledProcessError, ValueError):
            return
        yield Path(name.strip().removeprefix("-")).name
        process = int(parent)


def script(shell: str) -> str:
    """Return the script for a shell."""
    return (FOLDER / NAMES[shell]).read_text(encoding="utf-8")


def install_completion(shell: str, home: Path) -> Path:
    """Write the script where the shell looks for it, have the shell's start file load it, and return its path.

    Installing again writes the script again and adds no second line to the start file.

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
    """Format the message after an installation."""
    return f"{shell} 的自动补全已装好：{place}\n重新打开命令行窗口后，按 Tab 键补全"


def _put(place: Path, shell: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(script(shell), encoding="utf-8", newline="\n")
    return place


def _add(file: Path, line: str) -> None:
    """Append a line to a shell's start file, unless it has it; works on bytes, for the file may be in any encoding."""
    content = file.read_bytes() if file.is_file() else b""
    encoded = line.encode(sys.getfilesystemencoding())
    if encoded in content.splitlines():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    gap = b"\n" if content and not content.endswith(b"\n") else b""
    with file.open("ab") as stream:
        stream.write(gap + encoded + b"\n")


def _profile(shell: str) -> Path:
    ask = "[Console]::OutputEncoding = [Text.UTF8Encoding]::new($false); $PROFILE"
    try:
        profile = subprocess.run(
            [shell, "-NoProfile", "-Command", ask], check=True, capture_output=True, encoding="utf-8"
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError, UnicodeDecodeError):
        profile = ""
    if not profile:
        raise NoProfileError(shell)
    return Path(profile)
