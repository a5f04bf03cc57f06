"""Lists the files of a plan, in the departments' order, without opening them."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from ledger.files import layout


def years(root: Path) -> tuple[int, ...]:
    """Return the years that have a plan, in order."""
    folder = root / layout.TARGETS
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(int(entry.name) for entry in folder.iterdir() if entry.is_dir() and entry.name.isdigit())
    )


def listed_departments(root: Path, year: int) -> tuple[str, ...]:
    """Return the departments that have a folder in the plan of a year, by name."""
    folder = root / layout.TARGETS / str(year)
    if not folder.is_dir():
        return ()
    with os.scandir(folder) as items:
        return tuple(sorted(nfc(entry.name) for entry in items if entry.is_dir()))


def target_files(
    root: Path, year: int, order: Sequence[str], departments: Collection[str] | None = None
) -> Iterator[str]:
    """Yield the commitment files of a year, of all departments or of some, as paths relative to `root`.

    Departments come in the given order, those not in it by name after them.
    """
    base = layout.TARGETS / str(year)
    folder = root / base
    if not folder.is_dir():
        return
    places = {name: number for number, name in enumerate(order)}
    with os.scandir(folder) as items:
        names = [(nfc(entry.name), entry.name) for entry in items if entry.is_dir()]
    for name, written in sorted(names, key=lambda pair: (places.get(pair[0], len(places)), pair[0])):
        if departments is None or name in departments:
            with os.scandir(folder / written) as items:
                files = sorted(entry.name for entry in items if entry.name.endswith(".yaml"))
            for file in files:
                yield f"{base}/{written}/{file}"


def walk(root: str, folder: str) -> Iterator[tuple[str, str]]:
    """Yield every file below a folder, as a path relative to `root`, and in words what it is where it is no plain file.

    Links are not followed.
    """
    with os.scandir(f"{root}/{folder}") as entries:
        inside = sorted(entries, key=lambda entry: entry.name)
    for entry in inside:
        path = f"{folder}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from walk(root, path)
        else:
            yield path, "" if entry.is_file(follow_symlinks=False) else _kind_of(entry)


def _kind_of(entry: os.DirEntry[str]) -> str:
    return "符号链接" if entry.is_symlink() else "管道、套接字或设备"


def drafts(root: Path, year: int, department: str = "") -> int:
    """Return how many drafts of a year, or of one department in it, nobody has confirmed."""
    folder = root / layout.DRAFTS / str(year)
    if not folder.is_dir():
        return 0
    owners = [entry for entry in folder.iterdir() if not department or nfc(entry.name) == department]
    return sum(1 for owner in owners for _ in owner.glob("*.yaml"))


def nfc(name: str) -> str:
    """Fold a file name that macOS may have decomposed."""
    return unicodedata.normalize("NFC", name)
