"""Puts answers on a stream in the format asked for; the only place that knows how things look."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from io import StringIO

from ledger.environment import Environment
from ledger.render.view import Table, View

RICH_ROWS = 400
"""Beyond this many rows rich takes noticeable time (2.7 s for 8,000) and nobody reads: the plain writer takes over."""


class Format(StrEnum):
    """The formats of every listing."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def _table(view: View, env: Environment) -> None:
    from ledger.render import plain

    if not env.stdout.isatty():
        plain.write(view, env.stdout)
        return
    from ledger.render import pager, terminal  # rich takes five times as long to import as Python to start
    from ledger.render.width import certain, doubtful

    if doubtful(env.stdout.encoding):
        view = View(
            tuple(one.changed(certain) if isinstance(one, Table) else one for one in view.blocks), None
        )
    long = sum(len(block.rows) for block in view.blocks if isinstance(block, Table)) > RICH_ROWS
    columns, rows = terminal.size(env.stdout)
    paging = pager.command(env)
    kept = StringIO()
    out = env.stdout if paging is None else kept
    if long:
        plain.write(view, out)
    else:
        terminal.write(view, out, columns=columns, like=env.stdout)
    if paging is not None:
        pager.show(kept.getvalue(), env, paging, rows)


def _json(view: View, env: Environment) -> None:
    json.dump(view.data, env.stdout, ensure_ascii=False, indent=2)
    env.stdout.write("\n")


def _csv(view: View, env: Environment) -> None:
    from ledger.render import csvfile

    csvfile.write(view, env.stdout)


RENDERERS: dict[Format, Callable[[View, Environment], None]] = {
    Format.TABLE: _table,
    Format.JSON: _json,
    Format.CSV: _csv,
}


def render(view: View, env: Environment, form: Format = Format.TABLE) -> None:
    """Write `view` to the standard output in the format asked for."""
    RENDERERS[form](view, env)
