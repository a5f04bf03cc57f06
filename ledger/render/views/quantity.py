"""Shows how quantities were read, or why they were not."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.core.quantity import QuantityError, as_json, explain, parse
from ledger.core.units import UnitTable
from ledger.render.view import Block, Column, Table, View, lines, strings


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
    keys = ("text", "valid", "op", "value", "value2", "unit", "error")
    return View(
        tuple(blocks),
        data,
        Table(tuple(map(Column, keys)), [strings(one[key] for key in keys) for one in data]),
    )
