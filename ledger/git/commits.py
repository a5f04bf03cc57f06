"""A commit as data, with what it changed; nothing here runs git."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import ClassVar

from ledger.core.structs import FrozenStruct

SHORT = 8
"""Hex digits shown to people: enough for some 100,000 objects, short enough to be read out on the telephone."""
_LAST_SECOND = 253402300799  # 9999-12-31T23:59:59Z, the end of Python's calendar
_NO_MODE = "000000"
_DAY = 86400
_MOST_DIGITS = 20
_ZONE = re.compile(r"[+-][0-9]{4}")


class FileChange(FrozenStruct):
    """One file in one commit: git's letter, modes and blob ids; a mode or blob of zeros means the file is absent on that side."""

    path: str
    letter: str
    old_mode: str
    new_mode: str
    old: str
    new: str

    @property
    def added(self) -> bool:
        """Whether the file is new."""
        return self.old_mode == _NO_MODE

    @property
    def removed(self) -> bool:
        """Whether the file is gone."""
        return self.new_mode == _NO_MODE


class Commit(FrozenStruct):
    """One commit. Times are seconds since 1970 as the machines of author and committer had them, `zone` is the author's (`+0800`).

    `changes` is filled by a walk that was asked for changes.
    """

    # To be used with --date=raw: git dies of formatting a time before 1970, which a zone of -9959 is enough to make.
    FORMAT: ClassVar[str] = "%H%x00%an%x00%ae%x00%ad%x00%cn%x00%ce%x00%cd%x00%B"

    id: str
    message: str
    parents: tuple[str, ...] = ()
    author: str = ""
    email: str = ""
    authored: int = 0
    zone: str = ""
    committer: str = ""
    committer_email: str = ""
    committed: int = 0
    changes: tuple[FileChange, ...] = ()

    @property
    def short(self) -> str:
        """The first digits of the id, for people."""
        return self.id[:SHORT]

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]

    @property
    def when(self) -> datetime:
        """The author's time in the author's zone."""
        return read_time(self.authored, self.zone)

    @property
    def date(self) -> str:
        """The author's time, ISO 8601; empty where it is unknown."""
        return self.when.isoformat() if self.zone else ""

    @property
    def trailers(self) -> Mapping[str, tuple[str, ...]]:
        """The trailers of the message, by key."""
        return parse_trailers(self.message)

    def trailer(self, key: str) -> tuple[str, ...]:
        """Return the values of one trailer."""
        return self.trailers.get(key, ())


def parse_trailers(message: str) -> dict[str, tuple[str, ...]]:
    """Return the lines `Key: value` behind the subject, by key.

    They are read in any paragraph: a hook may append a paragraph of its own below ours.
    """
    trailers: dict[str, list[str]] = {}
    for line in message.partition("\n")[2].splitlines():
        key, colon, value = line.partition(": ")
        if colon and key.replace("-", "").isalnum() and key.isascii():
            trailers.setdefault(key, []).append(value.strip())
    return {key: tuple(values) for key, values in trailers.items()}


def read_time(seconds: int, zone: str = "") -> datetime:
    """Return the moment `seconds` after 1970 in `zone` (`+0800`), in UTC where that is no zone.

    A commit's time is free text to whoever makes it: a year beyond 9999 or a zone of +9900 must not stop a reader. What lies
    beyond Python's calendar becomes its end.
    """
    seconds = min(max(seconds, _DAY), _LAST_SECOND - _DAY)
    minutes = int(zone[1:3]) * 60 + int(zone[3:5]) if _ZONE.fullmatch(zone) else 0
    if minutes >= _DAY // 60:
        minutes = 0
    return datetime.fromtimestamp(
        seconds, timezone(timedelta(minutes=-minutes if zone[:1] == "-" else minutes))
    )


def read_raw_time(text: str) -> tuple[int, str]:
    """Return seconds and zone of a time in git's raw form (`1680000000 +0800`); 0 where there is none."""
    seconds, _, zone = text.partition(" ")
    return (int(seconds) if seconds.isdecimal() and len(seconds) < _MOST_DIGITS else 0), zone


def committed_at(content: bytes) -> int:
    """Return the committer's time of a raw commit object, seconds since 1970; 0 where it has none."""
    for line in content.partition(b"\n\n")[0].split(b"\n"):
        if line.startswith(b"committer "):
            return read_raw_time(line.rpartition(b"> ")[2].decode("ascii", "replace"))[0]
    return 0
