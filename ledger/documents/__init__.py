"""Readers of plans in office files, tables or text, within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.documents.model import Material, Row
    from ledger.documents.read import read_file, read_text
else:
    from ledger.core.lazy_exports import lazily

    # A sheet's columns are named beside its cells (`form`); who writes a sheet reads no plan.
    __getattr__ = lazily(__name__, {"model": ("Material", "Row"), "read": ("read_file", "read_text")})

__all__ = ["Material", "Row", "read_file", "read_text"]
