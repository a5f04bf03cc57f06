"""Who may do what, as `data/ledger.yaml` said before a commit was made: nobody grants himself a right in the commit that uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic import ValidationError

from ledger.models import LedgerConfig
from ledger.yamlfile import YamlProblem, parse


@dataclass(frozen=True)
class Law:
    """The rules of one moment. E-mails are compared without regard to case; an empty set restricts nobody."""

    admins: frozenset[str] = frozenset()
    reporters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reviewers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    late_days: int | None = None
    lowering_from: tuple[int, int] = (10, 1)
    signed: bool = False
    simulated: bool = False
    outside: bool = False
    """Whether the admins are named outside of the repository, and so an empty set means nobody."""

    @classmethod
    def of(cls, config: LedgerConfig, outer: Law | None = None) -> Law:
        """Return the law of a ledger's rules, under the law that a server keeps outside of it."""
        return cls(
            admins=outer.admins if outer else fold(config.admins),
            reporters={one.name: fold(one.reporters) for one in config.departments},
            reviewers={one.name: fold(one.reviewers) for one in config.departments},
            late_days=config.late_days,
            lowering_from=_month_day(config.lowering_from),
            signed=config.signatures == "required" or bool(outer and outer.signed),
            simulated=config.simulated,
            outside=outer is not None,
        )

    def may_report(self, email: str, department: str) -> bool:
        """Whether `email` may record figures of a department."""
        own = self.reporters.get(department, frozenset())
        return not own or email.casefold() in own | self.admins

    def may_judge(self, email: str, department: str) -> bool:
        """Whether `email` may record a verdict on a department's target."""
        own = self.reviewers.get(department, frozenset())
        return not own or email.casefold() in own | self.admins

    def may_plan(self, email: str, department: str) -> bool:
        """Whether `email` may change a department's commitments: its reporters, its reviewers and the admins."""
        own = self.reporters.get(department, frozenset()) | self.reviewers.get(department, frozenset())
        return not own or email.casefold() in own | self.admins

    def may_rule(self, email: str) -> bool:
        """Whether `email` may change the rules themselves."""
        if not self.admins:
            return not self.outside
        return email.casefold() in self.admins

    def late(self, on: date, logged: date) -> int:
        """Return how many days too late an entry dated `on` was recorded; 0 when in time or without a limit."""
        if self.late_days is None:
            return 0
        return max(0, (logged - on).days - self.late_days)


def read(raw: bytes) -> LedgerConfig | None:
    """Read a version of `data/ledger.yaml`, `None` when it cannot be read."""
    document = parse(raw)
    if isinstance(document, YamlProblem):
        return None
    try:
        return LedgerConfig.model_validate(document.data, context={"units": None})
    except ValidationError:
        return None


def fold(emails: tuple[str, ...]) -> frozenset[str]:
    """Return e-mails as they are compared."""
    return frozenset(email.casefold() for email in emails)


def _month_day(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    return int(month), int(day)
