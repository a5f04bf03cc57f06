"""Header of one ledger's export: origin, day, rules and checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self

from ledger.export.division import Division
from ledger.export.exact import ExportRow


@dataclass(frozen=True, slots=True)
class Header:
    """Origin of the rows, their day, the rules applied, and the checks and seals behind them."""

    ledger: str  # identity: the id of the root commit
    name: str
    place: Division
    year: int
    as_of: date
    simulated: bool
    departments: tuple[tuple[str, bool], ...]  # in their order; whether inferred and not yet confirmed
    rules: str  # lights and tolerance as JSON: two ledgers with the same text judge alike
    commit: str
    clean: bool
    sealed: str | None  # last sealed month, `2023-06`
    audited: str | None  # result of the last audit: "complete", "findings", or None
    audited_to: str | None  # the commit up to which it went
    sound: bool  # `check` found nothing
    program: str
    known: str | None = None

    def columns(self) -> ExportRow:
        """Return the values of `schema.ORIGIN`."""
        return {
            "ledger": self.ledger,
            "year": self.year,
            "as_of": self.as_of.isoformat(),
            "known": self.known,
            "code": self.place.code or None,
            "city": self.place.city,
            "county": self.place.county,
            "source_commit": self.commit,
            "clean": self.clean,
            "sealed": self.sealed,
            "audited": self.audited,
            "sound": self.sound,
            "program": self.program,
            "simulated": self.simulated,
        }

    def to_json(self) -> dict[str, Any]:
        """Return the header in JSON types."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            **plain,
            "place": {"city": self.place.city, "county": self.place.county, "code": self.place.code},
            "as_of": self.as_of.isoformat(),
            "departments": [{"name": name, "inferred": inferred} for name, inferred in self.departments],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        plain = {field.name: content[field.name] for field in fields(cls)}
        place = content["place"]
        return cls(
            **{
                **plain,
                "place": Division(str(place["city"]), str(place["county"]), str(place["code"])),
                "as_of": date.fromisoformat(content["as_of"]),
                "departments": tuple(
                    (str(row["name"]), row["inferred"] is True) for row in content["departments"]
                ),
            }
        )

    @property
    def file_stem(self) -> str:
        """Return the ASCII name of this ledger's files in a store."""
        return self.ledger[:16]
