"""`quantity`: how quantities were read, or why they were not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledger.core.quantity import QuantityError, as_json, explain, parse
from ledger.core.units import UnitTable
from ledger.render.columns import Column, Columns
from ledger.render.view import Block, View, lines


def _column(key: str) -> Column[Mapping[str, object]]:
    return Column(key, key, lambda reading: reading[key])


READING: Columns[Mapping[str, object]] = Columns(
    *map(_column, ("text", "valid", "op", "value", "value2", "unit", "error"))
)


def quantity_view(texts: Sequence[str], units: UnitTable) -> View:
    """Return the view of each text's reading, in the order given."""
    blocks: list[Block] = []
    for text in texts:
        try:
            blocks.append(lines(*explain(parse(text, units))))
        except QuantityError as error:
            readings = [f"  可能的读法：{'、'.join(error.readings)}"] if error.readings else []
            hint = [f"  → {error.hint}"] if error.hint else []
            blocks.append(lines(f"{text}：{error.message}", *readings, *hint, style="warning"))
    data = [as_json(text, units) for text in texts]
    return View(tuple(blocks), READING.all_data(data), READING.records(data))
