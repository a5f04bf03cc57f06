"""Reads the plans that arrive from outside, table or text, within bounds; knows nothing of what the words mean."""

from __future__ import annotations

from ledger.documents.model import Material, Row
from ledger.documents.read import read_file, read_text

__all__ = ["Material", "Row", "read_file", "read_text"]
