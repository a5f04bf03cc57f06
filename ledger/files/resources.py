"""Locates package data: the plan and the schemas that come with the program, in a wheel or in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def bundled() -> Path:
    """Return the folder that holds `data/` and `schemas/` as they come with the program."""
    packed = _PACKAGE / "_bundled"
    return packed if packed.is_dir() else _PACKAGE.parent
