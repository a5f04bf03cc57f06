"""History as data: each commit with the files it changed, read from one streaming `git log --raw -z`; runs nothing.

NUL ends every field, and neither a message nor a path can hold one, so no text of a commit can pass for a field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from ledger.git.faults import GitFailedError
from ledger.git.history import SHORT, parse_trailers

FORMAT = "%x01%H%x00%P%x00%an%x00%ae%x00%at%x00%aI%x00%cn%x00%ce%x00%ct%x00%B"
SIGNED_FORMAT = FORMAT + "%x00%G?%x00%GS%x00%GF"
_FIELDS = FORMAT.count("%x00")


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file in one commit: git's letter, modes and blob ids; a mode or blob of zeros means it is not there."""

    path: str
    letter: str
    old_mode: str
    new_mode: str
    old: str
    new: str

    @property
    def added(self) -> bool:
        """Whether the file was not there before."""
        return self.old_mode == "000000"

    @property
    def removed(self) -> bool:
        """Whether the file is not there any more."""
        return self.new_mode == "000000"


@dataclass(frozen=True, slots=True)
class Signature:
    """What git says of a commit's signature: its letter (`G` good … `N` none), whose key it is, and the key's fingerprint."""

    letter: str
    signer: str
    key: str


@dataclass(frozen=True, slots=True)
class Step:
    """One commit and what it did. Times are seconds since 1970, as the committer's machine had them."""

    id: str
    parents: tuple[str, ...]
    author: str
    email: str
    authored: int
    date: str
    committer: str
    committer_email: str
    committed: int
    message: str
    changes: tuple[FileChange, ...]
    signature: Signature | None = None

    @property
    def short(self) -> str:
        """The first digits of the id, for people."""
        return self.id[:SHORT]

    @property
    def when(self) -> datetime:
        """The author's time, in the author's zone."""
        return datetime.fromisoformat(self.date)

    def trailer(self, key: str) -> tuple[str, ...]:
        """Return the values of one trailer of the message."""
        return parse_trailers(self.message).get(key, ())


def parse_steps(chunks: Iterable[bytes], *, signed: bool = False) -> Iterator[Step]:
    """Read the output of `git log --raw -z --format=FORMAT` (or SIGNED_FORMAT) as it comes.

    Raises:
        GitFailedError: when it is not that output.
    """
    tokens = _tokens(chunks)
    count = _FIELDS + 3 * signed
    head: list[str] | None = None
    changes: list[FileChange] = []
    for token in tokens:
        if token.startswith("\x01"):
            if head is not None:
                yield _step(head, changes, signed)
            head, changes = [token[1:], *islice(tokens, count)], []
        elif token.startswith((":", "\n:")):
            old_mode, new_mode, old, new, letter = token.lstrip("\n")[1:].split(" ")
            changes.append(FileChange(next(tokens), letter[0], old_mode, new_mode, old, new))
        elif token.strip("\n"):
            raise GitFailedError("log", f"读不懂的输出：{token[:80]!r}")
    if head is not None:
        yield _step(head, changes, signed)


def _tokens(chunks: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        whole, nul, after = chunk.rpartition(b"\0")
        if nul:
            yield from (rest + whole).decode("utf-8", "surrogateescape").split("\0")
            rest = after
        else:
            rest += chunk
    yield rest.decode("utf-8", "surrogateescape")


def _step(head: list[str], changes: list[FileChange], signed: bool) -> Step:
    commit, parents, author, email, authored, date, committer, committer_email, committed, message = head[:10]
    return Step(
        commit,
        tuple(parents.split()),
        author,
        email,
        int(authored or 0),
        date,
        committer,
        committer_email,
        int(committed or 0),
        message,
        tuple(changes),
        Signature(*head[10:13]) if signed else None,
    )
