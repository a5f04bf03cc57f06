"""Permissions: who may write what, by the roles of `data/ledger.yaml`.

`log` and the other commands ask before they write; `audit` and `guard` ask for every commit. Each needs the action that a line or a
changed file amounts to: `action_of` for a line of a progress file, `amend`, `rate` or `close` for a commitment file, `reorganise` for
a change of departments in `data/ledger.yaml`. The department is the one in charge on the day of the commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from ledger.core.errors import LedgerError
from ledger.core.models import Entry, LedgerConfig

Action = Literal["log", "judge", "verify", "remark", "close", "amend", "rate", "reorganise"]

WORDS: dict[Action, str] = {
    "log": "记账、更正、作废",
    "judge": "评定",
    "verify": "核定、退回",
    "remark": "写原因和措施",
    "close": "销号",
    "amend": "改动承诺",
    "rate": "评定难度",
    "reorganise": "办理更名、合并、划转",
}
_REPORTERS_ACTIONS = frozenset(("log", "remark"))
"""What reporters do: open to all where a department names none, admins or not."""
_NO_ENTRIES: Mapping[str, Entry] = MappingProxyType({})


class PermissionDeniedError(LedgerError):
    """Somebody who is not named for an action."""

    code = "permission-denied"

    def __init__(self, config: LedgerConfig, department: str, email: str, action: Action) -> None:
        permitted = "、".join(writers(config, department, action) or ())
        super().__init__(
            f"{email} 不能为 {department} {WORDS[action]}；可以的人：{permitted}",
            "请上面的人来做；名单有误时，请管理员改 data/ledger.yaml；邮箱写错了：git config user.email 自己的邮箱",
        )


def may_write(config: LedgerConfig, department: str, email: str, action: Action) -> bool:
    """Return whether the person with this e-mail may do this for this department (its name, not an alias)."""
    permitted = writers(config, department, action)
    return permitted is None or _folded(email) in map(_folded, permitted)


def writers(config: LedgerConfig, department: str, action: Action) -> tuple[str, ...] | None:
    """Return the e-mails of those who may do it, admins last; None where the action's roles name nobody.

    Where a department names no reviewers of its own, judging and verifying its figures and changing, rating and closing its commitments
    is up to the reviewers that the ledger names for other departments, and to the admins: a clerk never becomes a reviewer because a
    list was forgotten.
    """
    holders = {
        "reporters": _named(config, department, "reporters"),
        "reviewers": _named(config, department, "reviewers"),
        "admins": config.admins,
    }
    if not holders["reviewers"] and action not in _REPORTERS_ACTIONS:
        holders["reviewers"] = _all_reviewers(config)
    roles = getattr(config.roles, action)
    permitted = [email for role in roles if role != "admins" for email in holders[role]]
    if not permitted and not ((action not in _REPORTERS_ACTIONS or "admins" in roles) and config.admins):
        return None
    return (*permitted, *config.admins)


def sealers(config: LedgerConfig, *, reopens: bool) -> tuple[str, ...] | None:
    """Return the e-mails of those who may seal a month, or open one again; None where nobody is named.

    Months are sealed by reviewers and admins and opened again by admins; where no admin is named, by those who may seal.
    """
    if reopens and config.admins:
        return config.admins
    return (*_all_reviewers(config), *config.admins) or None


def may_seal(config: LedgerConfig, email: str, *, reopens: bool) -> bool:
    """Return whether the person with this e-mail may seal a month, or open one again."""
    permitted = sealers(config, reopens=reopens)
    return permitted is None or _folded(email) in map(_folded, permitted)


def action_of(entry: Entry, entries: Mapping[str, Entry] = _NO_ENTRIES) -> Action:
    """Return what writing this line is: whatever gives, corrects or withdraws a verdict or a review is a reviewer's act.

    `entries` holds the entries that `corrects` and `voids` may name, by id. Chains are followed: withdrawing a withdrawal of a
    verdict brings the verdict back.
    """
    pending, seen = [entry], {entry.id}
    action: Action = "log"
    while pending:
        line = pending.pop()
        if line.verifies is not None or line.returns is not None:
            return "verify"
        if line.verdict is not None:
            return "judge"
        if line.cause is not None and action == "log":
            action = "remark"
        for name in (line.corrects, line.voids):
            if name is not None and name not in seen and name in entries:
                seen.add(name)
                pending.append(entries[name])
    return action


def require_permission(config: LedgerConfig, department: str, email: str, action: Action) -> None:
    """Refuse an action to somebody who may not do it.

    Raises:
        PermissionDeniedError: with those who may.
    """
    if not may_write(config, department, email, action):
        raise PermissionDeniedError(config, department, email, action)


def _all_reviewers(config: LedgerConfig) -> tuple[str, ...]:
    emails = (email for department in config.departments for email in department.reviewers)
    return tuple(dict.fromkeys(emails))


def _named(config: LedgerConfig, department: str, role: Literal["reporters", "reviewers"]) -> tuple[str, ...]:
    listed = next((item for item in config.departments if item.name == department), None)
    return () if listed is None else getattr(listed, role)


def _folded(email: str) -> str:
    return email.strip().casefold()
