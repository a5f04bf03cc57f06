"""The paths that a ledger holds: what may be put where, and by whom.

`check` looks at the files of a work tree, `audit` and `guard` at every path that a commit adds or changes. A path that no pattern here
names is foreign: only an admin may put it into a ledger.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal

CONFIG = "data/ledger.yaml"
SIGNERS = "keys/allowed_signers"
REGULAR = "100644"
PROGRESS = re.compile(r"data/progress/(?P<year>[0-9]{4})/(?P<department>[^/]+)/(?P<number>[0-9]{2})\.yaml")
TARGETS = re.compile(r"data/targets/(?P<year>[0-9]{4})/(?P<department>[^/]+)/(?P<number>[0-9]{2})\.yaml")
DRAFTS = re.compile(r"data/drafts/(?P<year>[0-9]{4})/(?P<department>[^/]+)/(?P<number>[0-9]{2})\.yaml")
EVIDENCE = re.compile(r"data/evidence/(?P<year>[0-9]{4})/(?P<sha256>[0-9a-f]{64})-(?P<name>[^/]+)")
EVIDENCE_FOLDER = "data/evidence/"
POLICY = re.compile(
    r"data/ledger\.yaml|(.*/)?\.gitattributes|(.*/)?\.gitmodules|(.*/)?\.gitignore|schemas/.*|keys/allowed_signers|templates/.*"
)
"""Files that change what other files mean, how they are shown or who may do what."""

PathKind = Literal["progress", "targets", "drafts", "evidence", "policy", "foreign"]

MAX_DEPTH = 12
"""Folders in folders of one path; the ledger's own have five parts."""
MAX_NAME = 200
"""Bytes of one part of a path: file systems take 255."""
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f\\:*?"<>|\ud800-\udfff]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def kind_of(path: str) -> PathKind:
    """Return what a path of a ledger holds; `foreign` for one that no command reads."""
    if PROGRESS.fullmatch(path):
        return "progress"
    if TARGETS.fullmatch(path):
        return "targets"
    if DRAFTS.fullmatch(path):
        return "drafts"
    if EVIDENCE.fullmatch(path):
        return "evidence"
    return "policy" if POLICY.fullmatch(path) else "foreign"


def department_of(path: str) -> str | None:
    """Return the department whose folder a file of the ledger lies in."""
    match = PROGRESS.fullmatch(path) or TARGETS.fullmatch(path) or DRAFTS.fullmatch(path)
    return match["department"] if match else None


def commitment_of(path: str) -> str:
    """Return the id of the commitment whose entries a progress file holds."""
    match = PROGRESS.fullmatch(path)
    assert match, path
    return f"{match['department']}-{match['number']}"


def name_fault(path: str) -> str | None:
    """Return why a path cannot stand in a ledger, None for a good one.

    Names must be the same file on Linux, Windows and macOS: in normal form C, without characters or endings that a file system
    drops or refuses.
    """
    parts = path.split("/")
    if len(parts) > MAX_DEPTH:
        return f"文件夹套了 {len(parts) - 1} 层，最多 {MAX_DEPTH - 1} 层"
    for part in parts:
        if part in {"", ".", ".."} or _FORBIDDEN.search(part):
            return "名字里有不能用的字符"
        if len(part.encode("utf-8")) > MAX_NAME:
            return f"名字太长（{len(part.encode('utf-8'))} 字节，最多 {MAX_NAME} 字节）"
        if part != unicodedata.normalize("NFC", part):
            return "名字里有看上去一样、编码不同的字（不是 NFC 形式）"
        if part[-1] in {" ", "."} or part[0] == " " or _RESERVED.fullmatch(part):
            return "这个名字在有的电脑上用不了"
    return None


class PathIndex:
    """The paths of one version of a ledger, for finding those that look alike.

    Two paths collide when they differ and become equal by case folding and compatibility normalisation (NFKC): on another file
    system, or to a reader, they are one. Folders count as well as files.
    """

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._names: dict[str, Counter[str]] = {}
        for path in paths:
            self.add(path)

    def add(self, path: str) -> str | None:
        """Add a file, and return the path of a file or folder that it collides with."""
        other = None
        for part in _prefixes(path):
            names = self._names.setdefault(_folded(part), Counter())
            other = other or next((name for name in names if name != part), None)
            names[part] += 1
        return other

    def remove(self, path: str) -> None:
        """Take a file away; one that was never added is passed over."""
        for part in _prefixes(path):
            names = self._names.get(_folded(part))
            if names is not None and names[part] > 1:
                names[part] -= 1
            elif names is not None:
                del names[part]


def _prefixes(path: str) -> Iterator[str]:
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)
    yield path


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
