"""Readers of plans in office files, tables or text, within bounds."""

from __future__ import annotations

from ledger.documents.model import Material, Row
from ledger.documents.read import read_file, read_text

__all__ = ["Material", "Row", "read_file", "read_text"]
