"""Evidence files: a file named as evidence is copied into the ledger under its SHA-256 and its name.

An entry names it by its path, `data/evidence/2023/<sha256>-<name>`, so that each proves the other unchanged. Any other text
(a document number, an address) stays a text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from ledger.core.errors import LedgerError
from ledger.core.evidence import STORED
from ledger.core.structs import FrozenStruct
from ledger.files.layout import EVIDENCE

_MIB = 1024 * 1024
_LONGEST_NAME = 120
"""Bytes of a name behind its hash: file systems take 255 for both."""
# Compiled on first use, which most commands do without.
_FILE = r"(?si:(?:~|\.{1,2}|[A-Za-z]:)?[/\\].*|.*\.(?:pdf|ofd|docx?|wps|xlsx?|et|pptx?|csv|txt|jpe?g|png|tiff?|bmp|gif|zip|rar|7z|mp4|eml|html?))"
_UNFIT = r'[\x00-\x1f\x7f-\x9f\\/:*?"<>|]'


class MissingEvidenceError(LedgerError):
    """A file named as evidence that is not there."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"佐证文件 {text} 不存在", "核对文件名和所在的文件夹；只写文号、网址的，不要带文件后缀"
        )


class EvidenceTooLargeError(LedgerError):
    """An evidence file beyond the limit of the ledger."""

    def __init__(self, text: str, size: int, limit: int) -> None:
        super().__init__(
            f"佐证文件 {text} 有 {size / _MIB:.1f} MiB，超过上限 {limit} MiB",
            "压缩、只留有关的几页，或写文号、网址；确要放大文件，由管理员改 data/ledger.yaml 的 evidence_limit",
        )


class Attachment(FrozenStruct):
    """A file to be copied into the ledger: where it is, and its path in the ledger."""

    source: Path
    path: PurePosixPath


def read_evidence(text: str, cwd: Path, year: int, limit: int) -> str | Attachment:
    """Return the file that a text names, or the text itself where it names none. `limit` is in MiB.

    Raises:
        MissingEvidenceError: for what is written as a file's name and is none.
        EvidenceTooLargeError: when the file is too large.
    """
    text = text.strip()
    if "://" in text or STORED.fullmatch(text):
        return text
    try:
        source = cwd / Path(text).expanduser()
        is_file = source.is_file()
    except (OSError, ValueError, RuntimeError):
        is_file = False
    if not is_file:
        if re.fullmatch(_FILE, text):
            raise MissingEvidenceError(text)
        return text
    size = source.stat().st_size
    if size > limit * _MIB:
        raise EvidenceTooLargeError(text, size, limit)
    return Attachment(source, EVIDENCE / str(year) / f"{sha256_of(source)}-{_name(source.name)}")


def store(root: Path, attachments: Sequence[Attachment]) -> list[Path]:
    """Copy files into the ledger; return those that were not there already.

    Raises:
        OSError: when one cannot be read or written; what was copied before it stays.
    """
    made = []
    for attachment in attachments:
        file = root / attachment.path
        if file.is_file() and sha256_of(file) == attachment.path.name[:64]:
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(attachment.source.read_bytes())
        made.append(file)
    return made


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file's content."""
    import hashlib  # two milliseconds, for those who attach a file

    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _name(name: str) -> str:
    """Return a file's name as every system can hold it, not too long."""
    stem, dot, ending = re.sub(_UNFIT, "_", name).strip(" .").rpartition(".")
    stem, ending = (stem, dot + ending) if dot and len(ending) <= 8 else (stem + dot + ending, "")
    while len((stem + ending).encode("utf-8")) > _LONGEST_NAME:
        stem = stem[:-1]
    return (stem.strip(" .") or "佐证") + ending
