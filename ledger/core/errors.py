"""The failures a user can cause or meet, and the exit codes they end in; knows nothing of files, git or terminals."""

from __future__ import annotations

import errno
from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells the shell; part of the command-line contract."""

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
    """Say in Chinese why the system refused; in its own words where there are none."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


class LedgerError(Exception):
    """Something a user can mend: what happened, why, and what to type next.

    `message` says what was found and what was expected, `hint` the next command or edit (may be empty).
    Subclasses build their own message, so that the wording of one failure stands in one place.
    """

    exit_code: ExitCode = ExitCode.FINDINGS

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(LedgerError):
    """The command line itself was wrong: exit code 2."""

    exit_code = ExitCode.USAGE


class ExternalError(LedgerError):
    """Git, the disk or the machine refused: exit code 3."""

    exit_code = ExitCode.ENVIRONMENT
