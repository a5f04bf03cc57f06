"""Finished documents written to files of the user's choice, whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import quote

from ledger.core.errors import ExternalError, reason_of


class OutputFileError(ExternalError):
    """The file could not be written."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(
            f"{path} 写不进去：{reason_of(error)}", "换一个文件名或文件夹；若文件正开着，先关上它"
        )


def address_from(folder: Path, other: Path) -> str:
    """Return the address of a folder as seen from a page in `folder`: relative, or absolute where they are on different drives."""
    try:
        return quote(Path(os.path.relpath(other.resolve(), folder.resolve())).as_posix())
    except ValueError:
        return other.resolve().as_uri()


def write_file(path: Path, content: bytes, *, dry_run: bool = False) -> None:
    """Put `content` at `path`; a document that is there already is replaced at once. `dry_run` only sees whether it could be.

    Raises:
        OutputFileError: when the disk refuses.
    """
    if dry_run:
        if fault := _obstacle(path):
            raise OutputFileError(path, OSError(fault, os.strerror(fault)))
        return
    temporary: Path | None = None
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
            temporary = Path(stream.name)
            stream.write(content)
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise OutputFileError(path, error) from None


def write_files(folder: Path, contents: Mapping[str, bytes], *, dry_run: bool = False) -> None:
    """Put each content under its name in `folder`, which is made where it is missing. `dry_run` only sees whether it could be.

    Raises:
        OutputFileError: when the disk refuses.
    """
    if dry_run:
        if folder.exists() and not folder.is_dir():
            raise OutputFileError(folder, OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)))
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputFileError(folder, error) from None
    for name, content in contents.items():
        write_file(folder / name.replace("/", "_").replace("\\", "_"), content)


def _obstacle(path: Path) -> int:
    """Return the number of the error that writing would meet, as far as can be told without writing; 0 for none."""
    if path.is_dir():
        return errno.EISDIR
    if not path.parent.exists():
        return errno.ENOENT
    if not path.parent.is_dir():
        return errno.ENOTDIR
    return 0 if os.access(path.parent, os.W_OK) else errno.EACCES
