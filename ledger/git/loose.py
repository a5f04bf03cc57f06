"""Reads loose objects from their files: those that git has just written are loose, and a process costs more than these few files."""

from __future__ import annotations

import zlib
from pathlib import Path


def read_loose(common_dir: Path, name: str) -> bytes | None:
    """Return the content of an object by its id; None where it is not loose, or cannot be read."""
    try:
        raw = zlib.decompress((common_dir / "objects" / name[:2] / name[2:]).read_bytes())
    except (OSError, zlib.error):
        return None
    return raw.partition(b"\0")[2]
