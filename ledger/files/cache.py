"""On-disk cache in the user's cache directory; entries are versioned and checksummed.

Whatever is wrong with it (damaged, of another version, half written, not writable, writable by others) it is as if it were not
there. Files are JSON, never pickles, so that reading one can run nothing, and are put in place in one step, so that parallel readers
see the old one or the new one.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from ledger import __version__

FORMAT = 1
"""To be raised when what is stored changes its meaning without the program changing its version."""


def user_cache_folder(environ: Mapping[str, str]) -> Path | None:
    """Return the folder for the ledgers' caches by the platform's custom; None where the user has no home."""
    if named := environ.get("LEDGER_CACHE"):
        return Path(named)
    if sys.platform == "win32":
        base = environ.get("LOCALAPPDATA")
        return Path(base, "ledger", "cache") if base else None
    if (xdg := environ.get("XDG_CACHE_HOME")) and Path(xdg).is_absolute():
        return Path(xdg, "ledger")
    home = environ.get("HOME")
    if not home:
        return None
    return (
        Path(home, "Library", "Caches", "ledger")
        if sys.platform == "darwin"
        else Path(home, ".cache", "ledger")
    )


def program() -> str:
    """Return what tells one state of the program from another: version, format and its files."""
    return _digest(f"{__version__} {FORMAT} {sys.version_info[:2]} {_installation()}".encode())


@lru_cache(maxsize=1)
def _installation() -> str:
    """Return a digest of when the program was installed; of a checkout, of the stat of all its files."""
    package = Path(__file__).parent.parent
    stats = [_stat_of(package / "__main__.py")]
    if (package.parent / "pyproject.toml").exists():
        for folder, folders, files in os.walk(package):
            folders[:] = sorted(name for name in folders if name[0] not in "_.")
            stats += [_stat_of(f"{folder}/{name}") for name in sorted(files)]
    return _digest("\n".join(stats).encode("utf-8", "surrogateescape"))


def _stat_of(file: Path | str) -> str:
    status = os.stat(file)  # noqa: PTH116 - of a checkout four hundred of them at each start
    return f"{file} {status.st_size} {status.st_mtime_ns}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


class Cache:
    """The cached answers about one ledger, under `base`.

    A folder or a file that another user owns or may write to is not used: its checksum has no key, so that anybody who can write
    it can make one that fits.
    """

    def __init__(self, base: Path, root: Path) -> None:
        name = _digest(os.fsencode(os.path.realpath(root)))
        self.folder = base / name
        self._program = program()

    def read(self, name: str) -> Any:
        """Return what was stored under `name` by this very program; None when there is nothing that can be used."""
        try:
            if not is_private(os.lstat(self.folder)):
                return None
            with open(self.folder / f"{name}.json", "rb", opener=_open_no_link) as stream:
                if not is_private(os.fstat(stream.fileno())):
                    return None
                raw = stream.read()
            head, _, body = raw.partition(b"\n")
            if head.decode("ascii") != f"{self._program} {_digest(body)}":
                return None
            return json.loads(body)
        except (OSError, ValueError, RecursionError):
            return None

    def write(self, name: str, data: object) -> None:
        """Store `data`; a folder that cannot be written to, or is not the user's own, is left alone."""
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        file = self.folder / f"{name}.json"
        draft = self.folder / f"{name}.{os.getpid()}.tmp"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not is_private(os.lstat(self.folder)):
                return
            with open(draft, "xb", opener=_open_private) as stream:
                stream.write(f"{self._program} {_digest(body)}\n".encode("ascii") + body)
            draft.replace(file)
        except OSError:
            with suppress(OSError):
                draft.unlink()


def is_private(status: os.stat_result) -> bool:
    """Return whether only this user owns and may write to a folder or file; always True on Windows, whose user folders are private."""
    if sys.platform == "win32":
        return True
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _open_no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))
