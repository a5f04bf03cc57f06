"""The proof that a progress file only ever is_append at its end, from hashes: no old version is read while all is honest.

A blob's id is the hash of its content, so a version that is a line-prefix of today's content has one of the ids computed
here, and nothing else has (as far as the repository's hash holds). Where a version is none, both are read and compared.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ledger.core.models import Entry
from ledger.files import entryfile
from ledger.files.ledger import ProgressFile

_TRIES = 4
"""Prefixes hashed ahead before the version itself is read: most commits bring one line; reading costs as much as ten hashes."""
_ID = re.compile(rb'"id": ?"([0-9A-Z]{26})"')
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class AppendedLine:
    """One line that a commit put at the end of a file; `entry` is None where it could not be read."""

    number: int
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Slip:
    """One way in which a version is not its predecessor with lines put at the end."""

    rule: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class AppendDiff:
    """What one commit did to one progress file."""

    added: tuple[AppendedLine, ...]
    slips: tuple[Slip, ...] = ()


class FileProof:
    """Follows one progress file through history, from its first version to its content at the tip."""

    def __init__(self, path: str, tip: bytes, blob: Callable[[str], bytes], digits: int = 40) -> None:
        self._path = path
        self._tip = memoryview(tip)
        self._blob = blob
        self._hash = hashlib.sha1 if digits == 40 else hashlib.sha256
        self._ends = _ends(tip)
        self._ids: list[str] = [""] * len(self._ends)
        self._places: dict[str, int] = {}
        self._entries: dict[int, Entry] | None = None
        self._start: int | None = None

    @cached_property
    def journal(self) -> ProgressFile:
        """The entries at the tip from the first version that was followed on; those before it were proven before."""
        start = self._start or 0
        if start and not _each_line_begins_an_entry(bytes(self._tip)):
            start = 0  # a line that the program did not write may take its meaning from those above it
        journal = entryfile.read(self._path, bytes(self._tip[self._ends[start] :]))
        return ProgressFile(
            self._path,
            journal.entries,
            tuple(line + start for line in journal.lines),
            tuple(
                one.at(one.place._replace(line=one.place.line + start)) if one.place.line else one
                for one in journal.findings
            ),
        )

    @property
    def before(self) -> bytes:
        """The content at the tip that was proven before."""
        return bytes(self._tip[: self._ends[self._start or 0]])

    def step(self, old: str | None, new: str) -> AppendDiff:
        """Return what changed from version `old` (None: there was none) to `new`, both blob ids."""
        start = 0 if old is None else self._place(old, 0)
        if self._start is None:
            self._start = start or 0
        end = None if start is None else self._place(new, start)
        if start is not None and end is not None and end >= start:
            return AppendDiff(tuple(self._lines(start, end)))
        before, after = (b"" if old is None else self._blob(old)), self._blob(new)
        if is_append(before, after):
            return AppendDiff(tuple(_lines(self._path, after, before.count(b"\n"))))
        slips = tuple(compare(before, after))
        known = Counter(before.split(b"\n"))
        fresh = {number for number, line in enumerate(after.split(b"\n"), start=1) if not known[line]}
        return AppendDiff(tuple(one for one in _lines(self._path, after, 0) if one.number in fresh), slips)

    def _place(self, blob: str, start: int) -> int | None:
        """Return how many lines of the tip's content a version holds, `None` when it is no line-prefix of it."""
        known = self._places.get(blob)
        if known is not None:
            return known
        for place in range(start, min(start + _TRIES, len(self._ends) - 1) + 1):
            if self._id(place) == blob:
                self._places[blob] = place
                return place
        content = self._blob(blob)
        if self._tip[: len(content)] == content and len(content) in self._ends[start:]:
            place = self._ends.index(len(content), start)
            self._places[blob] = place
            return place
        return None

    def _id(self, place: int) -> str:
        found = self._ids[place]
        if not found:
            end = self._ends[place]
            made = self._hash(b"blob %d\0" % end, usedforsecurity=False)
            made.update(self._tip[:end])
            found = self._ids[place] = made.hexdigest()
        return found

    def _lines(self, start: int, end: int) -> Iterator[AppendedLine]:
        if self._entries is None:
            self._entries = dict(zip(self.journal.lines, self.journal.entries, strict=True))
        for number in range(start + 1, end + 1):
            yield AppendedLine(number, self._entries.get(number))


def is_append(before: bytes, after: bytes) -> bool:
    """Whether `after` is `before` with whole lines put at its end."""
    if not after.startswith(before):
        return False
    return not before or before.endswith(b"\n") or after[len(before) :].startswith(b"\n") or before == after


def compare(before: bytes, after: bytes) -> Iterator[Slip]:
    """Say, line by line, how `after` is not `before` with lines put at its end."""
    if before.replace(b"\r\n", b"\n") == after.replace(b"\r\n", b"\n"):
        yield Slip("edited", 1, "整个文件的行尾被改了（LF 与 CRLF 互换），每一行都不再是原来的行")
        return
    old, new = before.removesuffix(b"\n").split(b"\n"), after.removesuffix(b"\n").split(b"\n")
    lost = _without(old, Counter(new))
    fresh = _without(new, Counter(old))
    paired = _pairs(old, new, lost, fresh)
    for number in lost:
        if number in paired:
            yield Slip(
                "edited",
                paired[number] + 1,
                f"第 {number + 1} 行被改：{_change(old[number], new[paired[number]])}",
            )
        else:
            yield Slip("deleted", number + 1, f"第 {number + 1} 行被删：{_short(old[number])}")
    kept = Counter(old)
    last = max((number for number, line in enumerate(new) if kept[line]), default=-1)
    taken = set(paired.values())
    middle = [number for number in fresh if number < last and number not in taken]
    for number in middle:
        yield Slip("inserted", number + 1, f"第 {number + 1} 行是插进来的，不在末尾：{_short(new[number])}")
    if not lost and not middle:
        moved = next(
            (number for number, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(old) - 1
        )
        yield Slip("reordered", moved + 1, f"从第 {moved + 1} 行起，各行的先后被调换")


def _without(lines: Sequence[bytes], others: Counter[bytes]) -> list[int]:
    left = Counter(others)
    found = []
    for number, line in enumerate(lines):
        if left[line] > 0:
            left[line] -= 1
        else:
            found.append(number)
    return found


def _pairs(old: Sequence[bytes], new: Sequence[bytes], lost: list[int], fresh: list[int]) -> dict[int, int]:
    """Pair each lost line with the fresh one that took its place: the same entry id, else the same place in the file."""
    ids = {found[1]: number for number in fresh if (found := _ID.search(new[number]))}
    paired: dict[int, int] = {}
    for number in lost:
        found = _ID.search(old[number])
        if found and found[1] in ids:
            paired[number] = ids.pop(found[1])
    taken = set(paired.values())
    same = len(old) == len(new)
    for number in lost:
        if number not in paired and same and number in fresh and number not in taken:
            paired[number] = number
    return paired


def _lines(path: str, content: bytes, start: int) -> Iterator[AppendedLine]:
    journal = entryfile.read(path, content)
    entries = dict(zip(journal.lines, journal.entries, strict=True))
    for number in range(start + 1, content.count(b"\n") + (not content.endswith(b"\n")) + 1):
        yield AppendedLine(number, entries.get(number))


def _each_line_begins_an_entry(content: bytes) -> bool:
    """Whether all lines begin as the program's own do, so that none takes its meaning from those above it."""
    if not content:
        return True
    begun = content.startswith(b"- {") + content.count(b"\n- {")
    return begun == content.count(b"\n") + (not content.endswith(b"\n"))


def _ends(content: bytes) -> list[int]:
    ends = [0]
    at = content.find(b"\n")
    while at >= 0:
        ends.append(at + 1)
        at = content.find(b"\n", at + 1)
    if content and not content.endswith(b"\n"):
        ends.append(len(content))
    return ends


def _change(old: bytes, new: bytes) -> str:
    """Show where two lines differ, with a little around it."""
    before, after = old.decode("utf-8", "replace"), new.decode("utf-8", "replace")
    at = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
        min(len(before), len(after)),
    )
    start = max(0, at - _SHOWN // 3)
    return f"原为 …{before[start : start + _SHOWN]}…，改成 …{after[start : start + _SHOWN]}…"


def _short(line: bytes) -> str:
    text = line.decode("utf-8", "replace")
    return text if len(text) <= 2 * _SHOWN else text[: 2 * _SHOWN] + "…"
