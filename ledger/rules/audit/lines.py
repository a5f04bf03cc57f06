"""The proof that a progress file only grows at its end, by lines and by entries.

By lines: a blob's id is the hash of its content, so a version that is a line-prefix of the tip's content has one of the ids computed
here, and nothing else has (as far as the repository's hash holds). No old version is read while the history is honest; where
a version is no prefix, both versions are read and compared.

By entries: each line must be one canonical JSON entry, so that no later line can change the meaning of an earlier one. A file that
holds other lines (written by hand in an old ledger) is read before and after each commit, and its entries are compared.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from ledger.core.findings import Finding, Place
from ledger.core.models import Entry
from ledger.files import entryfile
from ledger.files.ledger import ProgressFile
from ledger.rules.audit.authors import Author

_TRIES = 4
"""Prefixes hashed ahead before the version itself is read: most commits bring one line; reading costs as much as ten hashes."""
_ID = re.compile(rb'"id": ?"([0-9A-Z]{26})"')
_SHOWN = 60


class AppendedLine(NamedTuple):
    """One line that a commit put at the end of a file; `entry` is None where it could not be read."""

    number: int
    entry: Entry | None


class AppendDiff(NamedTuple):
    """What one commit did to one progress file; `findings` say where it did anything but append canonical lines."""

    added: tuple[AppendedLine, ...]
    findings: tuple[Finding, ...] = ()


class FileProof:
    """Follows one progress file through history, from its first version to its content at the tip."""

    def __init__(self, path: str, tip: bytes, blob: Callable[[str], bytes], digits: int = 40) -> None:
        """`blob` returns the content of a blob by its id; ids have `digits` hex digits."""
        self._path = path
        self._tip = memoryview(tip)
        self._blob = blob
        self._hash = hashlib.sha1 if digits == 40 else hashlib.sha256
        self._ends = _ends(tip)
        self._ids: list[str] = [""] * len(self._ends)
        self._places: dict[str, int] = {}
        self._start: int | None = None
        self._grown: list[int] = []
        self._authors: list[Author] = []

    @cached_property
    def whole(self) -> ProgressFile:
        """All entries at the tip, as every command reads them."""
        return self._part(0)

    @cached_property
    def added(self) -> ProgressFile:
        """The entries at the tip from the first version that was followed on; those before it were proven before."""
        return self._part(self._start or 0)

    def _part(self, start: int) -> ProgressFile:
        """Return the entries behind line `start`."""
        numbers = range(start, len(self._ends) - 1)
        entries = tuple(entry for entry in self._entries[start:] if entry)
        if self._canonical and entries and len(self._tip) <= entryfile.MAX_BYTES:
            return ProgressFile(self._path, entries, tuple(number + 1 for number in numbers), ())
        progress = entryfile.read_progress(self._path, bytes(self._tip))
        kept = [
            (entry, line)
            for entry, line in zip(progress.entries, progress.lines, strict=True)
            if line > start
        ]
        return ProgressFile(
            self._path,
            tuple(entry for entry, _ in kept),
            tuple(line for _, line in kept),
            tuple(
                finding
                for finding in progress.findings
                if not finding.place.line or finding.place.line > start
            ),
        )

    @cached_property
    def _entries(self) -> Sequence[Entry | None]:
        """The entry of each line of the tip; None where one is not canonical."""
        content = bytes(self._tip)
        entries = entryfile.read_all_canonical(content)
        return [*map(entryfile.read_canonical, _split(content))] if entries is None else entries

    @property
    def size(self) -> int:
        """The bytes of the content at the tip."""
        return len(self._tip)

    @property
    def before(self) -> bytes:
        """The content at the tip that was proven before."""
        return bytes(self._tip[: self._ends[self._start or 0]])

    def author_of(self, line: int) -> Author | None:
        """Return who appended a line of the tip, None where the walk did not see it."""
        if line <= (self._start or 0) or not self._grown or line > self._grown[-1]:
            return None
        return self._authors[bisect_left(self._grown, line)]

    def step(self, old: str | None, new: str, author: Author) -> AppendDiff:
        """Return what changed from version `old` (None: there was none) to `new`, both blob ids; `author` made the change."""
        start = 0 if old is None else self._place(old, 0)
        if self._start is None:
            self._start = start or 0
        # Another blob than `old` has another number of lines of the tip, which are hashed from the next one on.
        end = None if start is None else self._place(new, start if old is None else start + 1)
        if start is None or end is None:
            return self._compared(b"" if old is None else self._blob(old), self._blob(new))
        if end > (self._grown[-1] if self._grown else 0):
            self._grown.append(end)
            self._authors.append(author)
        return self._appended(start, end)

    def _appended(self, start: int, end: int) -> AppendDiff:
        ends = self._ends
        added, findings = [], []
        for number in range(start, end):
            entry = self._entries[number]
            if entry is None:
                line = bytes(self._tip[ends[number] : ends[number + 1]])
                findings.append(_form(self._path, number + 1, line))
            added.append(AppendedLine(number + 1, entry))
        if findings or (start and not self._canonical):
            findings += _reread(self._path, bytes(self._tip[: ends[start]]), bytes(self._tip[: ends[end]]))
        return AppendDiff(tuple(added), tuple(findings))

    def _compared(self, before: bytes, after: bytes) -> AppendDiff:
        """Return what changed between two versions that are no prefixes of the tip."""
        if is_append(before, after):
            known = before.count(b"\n") + (not before.endswith(b"\n") and before != b"")
            appended, findings = [], []
            for number, line in enumerate(_split(after)[known:], start=known + 1):
                entry = entryfile.read_canonical(line)
                if entry is None:
                    findings.append(_form(self._path, number, line))
                appended.append(AppendedLine(number, entry))
            if findings or not _is_canonical(before):
                findings += _reread(self._path, before, after)
            return AppendDiff(tuple(appended), tuple(findings))
        if _is_canonical(after) and not _is_canonical(before) and _same_entries(self._path, before, after):
            return AppendDiff(())  # rewritten in the canonical form: every entry says what it said
        known_lines = Counter(before.split(b"\n"))
        added = tuple(
            _line(number, line)
            for number, line in enumerate(after.split(b"\n"), start=1)
            if line and not known_lines[line]
        )
        return AppendDiff(added, tuple(compare_entries(self._path, before, after)))

    @cached_property
    def _canonical(self) -> bool:
        """Whether every line at the tip is canonical, so that none takes its meaning from another."""
        return all(self._entries)

    def _place(self, blob: str, start: int) -> int | None:
        """Return how many lines of the tip's content a version holds, at least `start`; None when it is no such prefix of it."""
        known = self._places.get(blob)
        if known is not None:
            return known if known >= start else None
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
        name = self._ids[place]
        if not name:
            end = self._ends[place]
            digest = self._hash(b"blob %d\0" % end, usedforsecurity=False)
            digest.update(self._tip[:end])
            name = self._ids[place] = digest.hexdigest()
        return name


def read_audited_entries(path: str, raw: bytes) -> ProgressFile:
    """Read the entries of a progress file: line by line where all lines are canonical, else as every command reads it."""
    lines = _split(raw) if len(raw) <= entryfile.MAX_BYTES else []
    entries: list[Entry] = []
    for line in lines:
        entry = entryfile.read_canonical(line)
        if entry is None:
            return entryfile.read_progress(path, raw)
        entries.append(entry)
    if not entries:
        return entryfile.read_progress(path, raw)
    return ProgressFile(path, tuple(entries), tuple(range(1, len(entries) + 1)), ())


def is_append(before: bytes, after: bytes) -> bool:
    """Whether `after` is `before` with whole lines put at its end."""
    if not after.startswith(before):
        return False
    return not before or before.endswith(b"\n") or after[len(before) :].startswith(b"\n") or before == after


def compare_entries(path: str, before: bytes, after: bytes) -> Iterator[Finding]:
    """Say, line by line, how `after` is not `before` with lines put at its end."""
    if before.replace(b"\r\n", b"\n") == after.replace(b"\r\n", b"\n"):
        yield _slip(path, "edited", 1, "整个文件的行尾被改了（LF 与 CRLF 互换），每一行都不再是原来的行")
        return
    old, new = before.removesuffix(b"\n").split(b"\n"), after.removesuffix(b"\n").split(b"\n")
    lost = _without(old, Counter(new))
    fresh = _without(new, Counter(old))
    paired = _pairs(old, new, lost, fresh)
    for number in lost:
        if number in paired:
            yield _slip(
                path,
                "edited",
                paired[number] + 1,
                f"第 {number + 1} 行被改：{_change(old[number], new[paired[number]])}",
            )
        else:
            yield _slip(path, "deleted", number + 1, f"第 {number + 1} 行被删：{_short(old[number])}")
    kept = Counter(old)
    last = max((number for number, line in enumerate(new) if kept[line]), default=-1)
    taken = set(paired.values())
    middle = [number for number in fresh if number < last and number not in taken]
    for number in middle:
        yield _slip(
            path, "inserted", number + 1, f"第 {number + 1} 行是插进来的，不在末尾：{_short(new[number])}"
        )
    if not lost and not middle:
        moved = next(
            (number for number, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(old) - 1
        )
        yield _slip(path, "reordered", moved + 1, f"从第 {moved + 1} 行起，各行的先后被调换")


def _without(lines: Sequence[bytes], others: Counter[bytes]) -> list[int]:
    remaining = Counter(others)
    numbers = []
    for number, line in enumerate(lines):
        if remaining[line] > 0:
            remaining[line] -= 1
        else:
            numbers.append(number)
    return numbers


def _pairs(old: Sequence[bytes], new: Sequence[bytes], lost: list[int], fresh: list[int]) -> dict[int, int]:
    """Pair each lost line with the fresh one that took its place: the same entry id, else the same place in the file."""
    ids = {match[1]: number for number in fresh if (match := _ID.search(new[number]))}
    paired: dict[int, int] = {}
    for number in lost:
        match = _ID.search(old[number])
        if match and match[1] in ids:
            paired[number] = ids.pop(match[1])
    taken = set(paired.values())
    same_length = len(old) == len(new)
    for number in lost:
        if number not in paired and same_length and number in fresh and number not in taken:
            paired[number] = number
    return paired


def _slip(path: str, code: str, line: int, message: str) -> Finding:
    return Finding(code, message, place=Place(path, line))


def _form(path: str, number: int, line: bytes) -> Finding:
    text = _short(line.removesuffix(b"\n"))
    message = (
        "这一行不是程序写下的一条记录，下面再添一行，就可能改变它的意思"
        if text.strip()
        else "空行不是一条记录"
    )
    if text and not line.endswith(b"\n"):
        message = "末尾没有换行，下面再添一条就会与它连在一起"
    return Finding("form", message, entryfile.REWRITE, Place(path, number), excerpt=text)


def _reread(path: str, before: bytes, after: bytes) -> list[Finding]:
    """Compare the entries of two versions of a file that holds lines of another form: the first ones must say what they said."""
    old, new = entryfile.read_progress(path, before), entryfile.read_progress(path, after)
    for number, entry in enumerate(old.entries):
        if number >= len(new.entries) or new.entries[number] != entry:
            line = old.lines[number]
            return [_slip(path, "edited", line, f"第 {line} 行的记录 {entry.id} 被后面添加的行改变或取消了")]
    return []


def _same_entries(path: str, before: bytes, after: bytes) -> bool:
    old, new = entryfile.read_progress(path, before), entryfile.read_progress(path, after)
    return not old.findings and not new.findings and old.entries == new.entries


def _is_canonical(content: bytes) -> bool:
    return all(entryfile.read_canonical(line) is not None for line in _split(content))


def _split(content: bytes) -> list[bytes]:
    """Return the lines, each with its newline; a carriage return ends none."""
    lines = [line + b"\n" for line in content.split(b"\n")]
    if lines[-1] == b"\n":
        return lines[:-1]
    return [*lines[:-1], lines[-1][:-1]]


def _line(number: int, line: bytes) -> AppendedLine:
    return AppendedLine(number, entryfile.read_canonical(line + b"\n"))


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
