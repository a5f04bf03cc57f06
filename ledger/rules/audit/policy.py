"""Permissions by the `data/ledger.yaml` of the parent commit: a right granted by a commit does not hold for that commit."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from ledger.core.findings import Finding
from ledger.core.models import DepartmentHistory, LedgerConfig
from ledger.core.models.base import ValidationError, read_model
from ledger.core.structs import FrozenStruct
from ledger.core.units import UnitDefinitionError, UnitTable, default_units
from ledger.files.yaml_reader import parse
from ledger.rules import permissions


class ServerPolicy(FrozenStruct):
    """What a server holds against the repository itself, in a file beside it. E-mails are folded for comparison."""

    admins: frozenset[str] = frozenset()
    signed: bool = False


class AccessPolicy(FrozenStruct, dict=True):
    """The rules of one moment; without a config nothing is restricted yet, except by the server."""

    config: LedgerConfig | None = None
    server: ServerPolicy | None = None

    @cached_property
    def admins(self) -> frozenset[str]:
        """Who may change the rules; on a server those named outside of the repository."""
        if self.server is not None:
            return self.server.admins
        return comparable_email(self.config.admins) if self.config else frozenset()

    @property
    def signed(self) -> bool:
        """Whether every commit must be signed."""
        required = self.config is not None and self.config.signatures == "required"
        return required or bool(self.server and self.server.signed)

    @property
    def simulated(self) -> bool:
        """Whether all is made up for demonstration, commit times included."""
        return self.config is not None and self.config.simulated

    @property
    def late_days(self) -> int | None:
        """Within how many days after its date an entry must be recorded."""
        return self.config.late_days if self.config else None

    @property
    def lowering_from(self) -> tuple[int, int]:
        """Month and day from which a goal must not be lowered any more."""
        month, _, day = (self.config.lowering_from if self.config else "10-01").partition("-")
        return int(month), int(day)

    @cached_property
    def units(self) -> UnitTable:
        """The common units and the ledger's own."""
        units = self.config.units if self.config else {}
        try:
            return default_units().extended(units) if units else default_units()
        except UnitDefinitionError:  # `check` says so; figures in such a unit cannot be compared
            return default_units()

    @cached_property
    def departments(self) -> frozenset[str]:
        """The names of the departments."""
        return (
            frozenset(department.name for department in self.config.departments)
            if self.config
            else frozenset()
        )

    @cached_property
    def history(self) -> DepartmentHistory:
        """What the departments are called on any day."""
        return self.config.history if self.config else DepartmentHistory((), ())

    def may(self, email: str, department: str, action: permissions.Action) -> bool:
        """Return whether `email` may do this for a department."""
        if self.config is None:
            return True
        key = (email, department, action)
        if key not in self._answers:
            self._answers[key] = permissions.may_write(self.config, department, email, action)
        return self._answers[key]

    @cached_property
    def _answers(self) -> dict[tuple[str, str, permissions.Action], bool]:
        return {}

    def may_rule(self, email: str) -> bool:
        """Return whether `email` may change the rules themselves; where no admin is named, nobody may."""
        return email.strip().casefold() in self.admins

    def days_late(self, on: date, logged: date) -> int:
        """Return how many days too late an entry dated `on` was recorded; 0 when in time or without a limit."""
        if self.late_days is None:
            return 0
        return max(0, (logged - on).days - self.late_days)


def read_policy(raw: bytes) -> LedgerConfig | None:
    """Read a version of `data/ledger.yaml`, `None` when it cannot be read."""
    document = parse(raw)
    if isinstance(document, Finding):
        return None
    try:
        return read_model(LedgerConfig, document.data)
    except ValidationError:
        return None


def comparable_email(emails: tuple[str, ...]) -> frozenset[str]:
    """Return e-mails as they are compared."""
    return frozenset(email.strip().casefold() for email in emails)
