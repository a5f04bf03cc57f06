"""Answers of reading commands, kept: while nothing that an answer can depend on has changed, it is shown again as it is.

An answer depends on the words given, the day, the terminal's width, the time zone, the program, and the state of the ledger
(`files.ledger_state`).
Tables and JSON on the standard output are kept, and the documents of `report` and `bulletin`, with the notices beside them and the exit
code; errors, other files, and documents for which a server was asked about its seals are not.
"""

from __future__ import annotations

import hashlib
import json
import time
import zlib
from base64 import b64decode, b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.core.errors import LedgerError
from ledger.files.ledger_state import state_of

if TYPE_CHECKING:
    from ledger.cli.command import Command
    from ledger.cli.context import AppContext
    from ledger.files.cache import Cache
    from ledger.render.view import View

_SLOTS = 64
"""Answers kept for one ledger; a new one takes the place of another with the same hash."""


def run_answered(command: Command, context: AppContext) -> int:
    """Run a reading command, or show again what it answered, and return its exit code.

    Raises:
        LedgerError: as the command does.
    """
    cache, state = _find_cache(command, context), None
    if cache is not None and (state := state_of(context.folder())) is not None:
        key = _key_of(command, context)
        name = f"answer-{int(_digest(key), 16) % _SLOTS}"
        if (stored := cache.read(name)) and stored["key"] == key and stored["state"] == state:
            _show(stored["parts"], command, context)
            return int(stored["code"])
    if cache is None or state is None:
        return int(command.run(context) or 0)
    answer = _Answer(context)
    code = int(command.run(context) or 0)
    if answer.parts is not None and context.keeps_answer:
        cache.write(name, {"key": key, "state": state, "parts": answer.parts, "code": code})
    return code


class _Answer:
    """The parts of an answer as they are shown, in order; None once one of them cannot be kept."""

    def __init__(self, context: AppContext) -> None:
        self.parts: list[Any] | None = []
        context.env = context.env._replace(on_view=self._take_view)
        context.on_notice = lambda notice: self._take(["notice", notice])
        context.on_document = lambda content: self._take(["document", _packed(content)])

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


def _packed(content: bytes) -> str:
    return b64encode(zlib.compress(content, 1)).decode("ascii")


def _show(parts: list[Any], command: Command, context: AppContext) -> None:
    from ledger.render import render
    from ledger.render.view import Heading, Lines, Marked, Table, View

    for form, content in parts:
        if form == "notice":
            context.notify(content)
        elif form == "document":
            path = context.env.cwd / getattr(command, command.document)
            dry_run = getattr(command, "dry_run", False)
            context.write_document(path, zlib.decompress(b64decode(content)), dry_run=dry_run)
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
    given = (getattr(command, name) for name in command.parameters if name not in {"root", command.document})
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
    folder = str(env.cwd) if command.document else ""
    world = [
        folder,
        str(env.today),
        env.stdout.isatty(),
        columns_of(env),
        env.environ.get("TZ"),
        time.timezone,
    ]
    return json.dumps([command.words, values, context.year, context.known, world], ensure_ascii=False)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
