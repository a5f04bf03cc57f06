"""Says which document was written, how large it is and of which day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ledger.render.view import View, day, lines


def written_view(what: str, path: Path, as_of: date) -> View:
    """Return the view of a document just written."""
    size = path.stat().st_size
    said = lines(f"{what}已写好：{path}（{size / 1024:,.0f} KB，截至 {day(as_of)}）")
    return View((said,), {"path": str(path), "bytes": size, "as_of": day(as_of)})
