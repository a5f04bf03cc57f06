"""Reads for completion what a ledger holds: plain YAML, without models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from ledger.cli.context import AppContext


@dataclass(frozen=True)
class LineInLedger:
    """What is typed already, and the ledger it is about."""

    root: Path
    typed: Mapping[str, Any]
    today: date

    @classmethod
    def of(cls, typed: Mapping[str, Any], context: AppContext) -> LineInLedger:
        """Find the ledger by the options given so far, else as every command does."""
        if typed.get("root"):
            context.root = Path(typed["root"])
        return cls(context.folder(), typed, context.env.today)

    @cached_property
    def config(self) -> dict[str, Any]:
        """`data/ledger.yaml` as plain data."""
        return _read_mapping(self.root / "data" / "ledger.yaml")

    @cached_property
    def departments(self) -> dict[str, tuple[str, ...]]:
        """The aliases of each department, in the ledger's order."""
        return {
            department["name"]: tuple(department.get("aliases", ()))
            for department in self.config.get("departments", ())
        }

    def commitments(self, department: str) -> list[dict[str, Any]]:
        """Return the commitments, in the year asked for, of a department that is given by name or alias."""
        names = [name for name, aliases in self.departments.items() if department in (name, *aliases)]
        year = int(self.typed.get("year") or self.config.get("year") or 0)
        if self.config.get("reorganisations") and names:
            return self._commitments_in_charge(names[0], year)
        folders = [self.root / "data/targets" / str(year) / name for name in names[:1]]
        return [_read_mapping(file) for folder in folders for file in sorted(folder.glob("*.yaml"))]

    def _commitments_in_charge(self, name: str, year: int) -> list[dict[str, Any]]:
        """Return the commitments for which a department, named as at any time, is in charge today."""
        from ledger.files.ledger import Ledger

        ledger = Ledger.open(self.root, day=self.today)
        charged = {row.name for row in ledger.find_departments(name)}
        files = [self.root / path for path in ledger.target_files(year, charged)]
        history, day = ledger.history, self.today
        return [
            _read_mapping(file)
            for file in files
            if history.in_charge(year, f"{file.parent.name}-{file.stem}", day) in charged
        ]

    def targets(self, department: str) -> dict[str, dict[str, Any]]:
        """Return a department's targets by their references: `金融办-03/listed`."""
        return {
            f"{commitment['id']}/{target['key']}": target
            for commitment in self.commitments(department)
            for target in commitment["targets"]
        }


def _read_mapping(file: Path) -> dict[str, Any]:
    """Return the content of a YAML file; empty where it cannot be read."""
    from ledger.files.yaml_reader import Document, parse

    document = parse(file.read_bytes())
    return document.data if isinstance(document, Document) and isinstance(document.data, dict) else {}
