"""What the shell offers for a department or a target; reads folder and key names only, and is silent outside a ledger."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from ledger.cli.call import Call

_KEY = re.compile(r"^ *(?:- )?key: *['\"]?([\w.-]+)", re.MULTILINE)


def departments(context: typer.Context, incomplete: str) -> list[str]:
    """Return the departments of the latest plan whose names begin with the word."""
    plan = _plan(context)
    names = sorted(one.name for one in plan.iterdir() if one.is_dir()) if plan else []
    return [name for name in names if name.startswith(incomplete)]


def targets(context: typer.Context, incomplete: str) -> list[str]:
    """Return the targets, as `国资委-01/key`, of the department already typed; of an alias none are known here."""
    plan, department = _plan(context), context.params.get("department")
    if plan is None or not department or not (plan / department).is_dir():
        return []
    refs = [
        f"{department}-{path.stem}/{key}"
        for path in sorted((plan / department).glob("*.yaml"))
        for key in _KEY.findall(path.read_text("utf-8", errors="replace"))
    ]
    return [ref for ref in refs if ref.startswith(incomplete)]


def _plan(context: typer.Context) -> Path | None:
    """Return the folder of the year's plan: the one named by --year, else the latest."""
    from ledger.store import layout

    call = context.find_object(Call)
    if call is None:
        return None
    given = {
        **(context.parent.params if context.parent else {}),
        **{k: v for k, v in context.params.items() if v},
    }
    named = given.get("root") or call.env.environ.get("LEDGER_ROOT")
    root = call.env.cwd / named if named else layout.find_root(call.env.cwd)
    plans = root / "data" / "targets" if root else None
    if plans is None or not plans.is_dir():
        return None
    years = sorted(
        one for one in plans.iterdir() if one.is_dir() and one.name == str(given.get("year") or one.name)
    )
    return years[-1] if years else None
