"""Base classes of the errors that end a command, and the exit codes of the process."""

from __future__ import annotations

import errno
import re
from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """Exit codes of the process, part of the command-line contract."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    ENVIRONMENT = 3
    INTERRUPTED = 130


_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘满了",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EBUSY: "文件正被别的程序使用",
    errno.ENAMETOOLONG: "文件名太长",
}


def reason_of(error: OSError) -> str:
    """Return in Chinese why the operating system refused; its own words where no translation is known."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def _kebab_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()


class LedgerError(Exception):
    """Base of the errors that a user can mend.

    `message` says what was found and what was expected, `hint` the next command or edit (may be empty).
    Subclasses build their own message, so that each failure is worded in one place.
    """

    exit_code: ExitCode = ExitCode.FINDINGS
    code: ClassVar[str] = "ledger"
    """Stable name of the failure for programs: the class name in kebab case without `Error`, unless the class gives another."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in vars(cls):
            cls.code = _kebab_case(cls.__name__.removesuffix("Error"))

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(LedgerError):
    """Wrong use of the command line (exit code 2)."""

    exit_code = ExitCode.USAGE


class ExternalError(LedgerError):
    """Failure of git, the disk or the machine (exit code 3)."""

    exit_code = ExitCode.ENVIRONMENT
