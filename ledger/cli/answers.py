"""Answers of reading commands, kept: while nothing that an answer can depend on has changed, it is shown again as it is.

An answer depends on the words given, the day, the terminal's width, the time zone, the program, and the ledger: every file under `data`, and
of the repository HEAD, branches, tags, receipts, settings, the boundary of a shallow clone and what the program itself keeps there.
All of these are compared by stat, as git compares its work tree: size, times of content and inode, inode. A file that changed in the
last two seconds proves nothing (`files.fingerprint`), so that no answer is kept until the ledger has rested.

Only tables and JSON on the standard output are kept, with the notices beside them and the exit code; errors are not.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from stat import S_ISLNK
from typing import TYPE_CHECKING, Any

from ledger.core.errors import LedgerError
from ledger.files.fingerprint import REST

if TYPE_CHECKING:
    from ledger.cli.command import Command
    from ledger.cli.context import AppContext
    from ledger.files.cache import Cache
    from ledger.render.view import View

_SLOTS = 64
"""Answers kept for one ledger; a new one takes the place of another with the same hash."""
_GIT_FILES = ("HEAD", "packed-refs", "shallow", "config", "config.worktree", "info/grafts")
_GIT_FOLDERS = ("refs", "reftable", "ledger")


def run(command: Command, context: AppContext) -> int:
    """Run a reading command, or show again what it answered, and return its exit code.

    Raises:
        LedgerError: as the command does.
    """
    cache, state = _find_cache(command, context), None
    if cache is not None and (state := _state_of(context.folder())) is not None:
        key = _key_of(command, context)
        name = f"answer-{int(_digest(key), 16) % _SLOTS}"
        if (stored := cache.read(name)) and stored["key"] == key and stored["state"] == state:
            _show(stored["parts"], context)
            return int(stored["code"])
    if cache is None or state is None:
        return int(command.run(context) or 0)
    answer = _Answer(context)
    code = int(command.run(context) or 0)
    if answer.parts is not None:
        cache.write(name, {"key": key, "state": state, "parts": answer.parts, "code": code})
    return code


class _Answer:
    """The parts of an answer as they are shown, in order; None once one of them cannot be kept."""

    def __init__(self, context: AppContext) -> None:
        self.parts: list[Any] | None = []
        context.env = context.env._replace(on_view=self._take_view)
        context.on_notice = lambda notice: self._take(["notice", notice])

    def _take(self, part: list[Any]) -> None:
        if self.parts is not None:
            self.parts.append(part)

    def _take_view(self, view: View, form: str) -> None:
        if form == "table":
            self._take(["table", [[type(block).__name__, *block] for block in view.blocks]])
        elif form == "json":
            self._take(["json", view.data])
        else:
            self.parts = None


def _show(parts: list[Any], context: AppContext) -> None:
    from ledger.render import render
    from ledger.render.view import Heading, Lines, Marked, Table, View

    for form, content in parts:
        if form == "notice":
            context.notify(content)
        elif form == "json":
            render(View((), content), context.env, form)
        else:
            blocks: list[Table | Lines | Marked] = []
            for kind, *fields in content:
                if kind == "Table":
                    columns, rows, title = fields
                    blocks.append(Table(tuple(Heading(*column) for column in columns), rows, title))
                elif kind == "Lines":
                    blocks.append(Lines(tuple(fields[0]), fields[1]))
                else:
                    blocks.append(Marked(fields[0], tuple((start, end) for start, end in fields[1])))
            render(View(tuple(blocks)), context.env, form)


def _find_cache(command: Command, context: AppContext) -> Cache | None:
    """Return the ledger's cache; None where the answer goes to a file, the user wants none, or there is no ledger or cache."""
    given = (getattr(command, name) for name in command.parameters)
    if getattr(command, "no_cache", False) or any(isinstance(value, Path) for value in given):
        return None
    try:
        return context.cache(context.folder())
    except LedgerError:
        return None  # the command says what is wrong


def _key_of(command: Command, context: AppContext) -> str:
    """Return everything but the ledger that the answer depends on."""
    from ledger.render import columns_of

    env = context.env
    values = {name: repr(getattr(command, name)) for name in command.parameters if name != "root"}
    world = [str(env.today), env.stdout.isatty(), columns_of(env), env.environ.get("TZ"), time.timezone]
    return json.dumps([command.words, values, context.year, context.known, world], ensure_ascii=False)


def _state_of(root: Path) -> str | None:
    """Return a digest of the stat of everything in a ledger that an answer can depend on; None while it cannot be relied on."""
    now = time.time_ns()
    lines = []
    try:
        for path, stat in _stats(root):
            if stat is None:
                lines.append(f"{path}/")
                continue
            if max(stat.st_mtime_ns, stat.st_ctime_ns) + REST > now or S_ISLNK(stat.st_mode):
                return None
            lines.append(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0{stat.st_ctime_ns}\0{stat.st_ino}")
    except OSError:
        return None
    return _digest("\n".join(lines))


def _stats(root: Path) -> Iterator[tuple[str, os.stat_result | None]]:
    from ledger.git.discovery import common_dir_of, find_git_dir

    yield from _walk(f"{root}/data")
    git_dir = find_git_dir(root.resolve())
    if git_dir is None:
        return
    for folder in sorted({git_dir[1], common_dir_of(git_dir[1])}):
        for name in _GIT_FILES:
            with suppress(FileNotFoundError, NotADirectoryError):
                yield f"{folder}/{name}", os.lstat(f"{folder}/{name}")
        for name in _GIT_FOLDERS:
            yield from _walk(f"{folder}/{name}")


def _walk(folder: str) -> Iterator[tuple[str, os.stat_result | None]]:
    """Yield every file below a folder with its stat, and every folder with None, in order; links are not followed."""
    try:
        with os.scandir(folder) as entries:
            inside = sorted(entries, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in inside:
        if entry.is_dir(follow_symlinks=False):
            yield entry.path, None
            yield from _walk(entry.path)
        else:
            yield entry.path, entry.stat(follow_symlinks=False)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
