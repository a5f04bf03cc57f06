"""A breach: one rule of the history broken by one commit, as data; how it is shown is decided elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.git import Commit


@dataclass(frozen=True, slots=True)
class Breach:
    """What was done, in which commit, where, by whom and when.

    `path` is relative to the ledger's root, `line` counts from 1 (0: the whole file). `commit` is empty for what lies outside of
    history, such as a replace ref. `author`, `email` and `date` (ISO 8601) are the commit's own claims.
    """

    rule: str
    commit: str
    path: str
    line: int
    message: str
    hint: str = ""
    author: str = ""
    email: str = ""
    date: str = ""


def breach(step: Commit, rule: str, path: str, line: int, message: str, hint: str = "") -> Breach:
    """Return a breach by the commit of `step`."""
    return Breach(rule, step.id, path, line, message, hint, step.author, step.email, step.date)
