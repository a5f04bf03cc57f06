"""What the export of one ledger says of itself besides its rows; knows no file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from ledger.export.place import Place


@dataclass(frozen=True, slots=True)
class Header:
    """Whose rows these are, of which year, as of which day, and by which rules they were judged."""

    ledger: str
    place: Place
    year: int
    as_of: date
    simulated: bool
    departments: tuple[tuple[str, bool], ...]  # in their order; whether inferred and not yet confirmed
    rules: str  # lights and tolerance: two ledgers with the same text judge alike

    def as_json(self) -> dict[str, Any]:
        """Return it in JSON types."""
        return {
            "ledger": self.ledger,
            "city": self.place.city,
            "county": self.place.county,
            "year": self.year,
            "as_of": self.as_of.isoformat(),
            "simulated": self.simulated,
            "departments": [{"name": name, "inferred": inferred} for name, inferred in self.departments],
            "rules": self.rules,
        }

    @classmethod
    def of_json(cls, content: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            str(content["ledger"]),
            Place(content["city"], content["county"]),
            int(content["year"]),
            date.fromisoformat(content["as_of"]),
            content["simulated"] is True,
            tuple((str(one["name"]), one["inferred"] is True) for one in content["departments"]),
            str(content["rules"]),
        )
