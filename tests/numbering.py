"""Replaces what differs between two runs in a text by numbers, so that the whole of it can be compared and references still show."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

_IDS = re.compile(r"\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b")
_OBJECTS = re.compile(r"\b[0-9a-f]{40}\b")
_SHORT = re.compile(r"\b[0-9a-f]{7,12}\b")
_TIME = re.compile(
    r"\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?: ?[+-]\d\d:?\d\d|Z)?|\b\d{9,10} [+-]\d{4}|\b20\d{6}T\d{6}|\b1\d{18}\b"
)
_KEY = re.compile(r"SHA256:[A-Za-z0-9+/]{43}|\b[0-9A-F]{40}\b|AAAA[A-Za-z0-9+/]{60,}")


def numbered(
    text: str,
    folders: Mapping[str, str],
    *,
    ids: Iterable[str] = (),
    objects: Iterable[str] = (),
    known: Iterable[str] = (),
) -> str:
    """Return a text with entries and git's objects by number: those given first, then in the order in which the text names them.

    Times and the days around today become words, and so do folders, keys of SSH and what looks like the beginning of an object, or is
    that of one that is `known`.
    """
    for folder, name in folders.items():
        text = text.replace(folder, name)
    text = _KEY.sub("<key>", _TIME.sub("<time>", text))
    now = datetime.now(UTC)
    for days in (-1, 0, 1):
        text = text.replace(f"{now + timedelta(days):%Y-%m-%d}", "<today>")
    for number, entry in enumerate(dict.fromkeys([*ids, *_IDS.findall(text)]), 1):
        for length, mark in ((26, ""), (6, " short"), (5, " shorter")):
            text = re.sub(rf"\b{entry[-length:]}\b", f"<entry {number}{mark}>", text)
    for number, full in enumerate(dict.fromkeys([*objects, *_OBJECTS.findall(text)]), 1):
        text = re.sub(rf"\b{full[:8]}({full[8:]})?\b", f"<object {number}>", text)
    beginnings = tuple(known)

    def shortened(match: re.Match[str]) -> str:
        word = match[0]
        is_object = not (word.isdecimal() or word.isalpha()) or any(
            name.startswith(word) for name in beginnings
        )
        return "<other object>" if is_object else word

    return _SHORT.sub(shortened, text)


def objects_in(repository: Path) -> list[str]:
    """The names of all objects of a repository."""
    command = ("git", "cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True)
    return done.stdout.split()
