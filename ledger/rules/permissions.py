"""Who may write what: one pure rule for `log` and its kin (as a courtesy), for `audit` and for `guard` (in truth).

Call `may_write(config, department, email, action)` with `action_of(entry, named)` for a line of a progress file, and with `amend`,
`rate` or `close` for a changed commitment file. It must not know git, disk or terminal.
"""

from __future__ import annotations

from typing import Literal

from ledger.core.errors import LedgerError
from ledger.core.models import Entry, LedgerConfig

Action = Literal["log", "judge", "close", "amend", "rate"]

WORDS: dict[Action, str] = {
    "log": "记账、更正、作废",
    "judge": "评定",
    "close": "销号",
    "amend": "改动承诺",
    "rate": "评定难度",
}


class PermissionDeniedError(LedgerError):
    """Somebody who is not named for it."""

    def __init__(self, config: LedgerConfig, department: str, email: str, action: Action) -> None:
        named = "、".join(writers(config, department, action) or ())
        super().__init__(
            f"{email} 不能为 {department} {WORDS[action]}；可以的人：{named}",
            "请上面的人来做；名单有误时，请管理员改 data/ledger.yaml；邮箱写错了：git config user.email 自己的邮箱",
        )


def may_write(config: LedgerConfig, department: str, email: str, action: Action) -> bool:
    """Whether the person with this e-mail may do this for this department (its name, not an alias).

    Reporting is open to all unless the department names reporters; judging, unless it names reviewers; changing, rating or
    closing a commitment, unless it names reviewers or the ledger names admins. Admins may do all.
    """
    named = writers(config, department, action)
    return named is None or _folded(email) in map(_folded, named)


def writers(config: LedgerConfig, department: str, action: Action) -> tuple[str, ...] | None:
    """Return the e-mails of those who may do it, admins last; None where anybody may."""
    found = next((one for one in config.departments if one.name == department), None)
    reporters, reviewers = (found.reporters, found.reviewers) if found else ((), ())
    own = reporters if action == "log" else reviewers
    if own or (action in {"amend", "rate", "close"} and config.admins):
        return (*own, *config.admins)
    return None


def action_of(entry: Entry, named: Entry | None = None) -> Action:
    """Return what writing this line is: a verdict, or the withdrawal of one, is a reviewer's act.

    `named` is the entry that this one corrects or voids, where it is known.
    """
    verdict = entry.verdict is not None or (named is not None and named.verdict is not None)
    return "judge" if verdict else "log"


def require_permission(config: LedgerConfig, department: str, email: str, action: Action) -> None:
    """Stop somebody who may not.

    Raises:
        PermissionDeniedError: with those who may.
    """
    if not may_write(config, department, email, action):
        raise PermissionDeniedError(config, department, email, action)


def _folded(email: str) -> str:
    return email.strip().casefold()
