"""Paths of the files of a ledger."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

CONFIG = PurePosixPath("data/ledger.yaml")
TARGETS = PurePosixPath("data/targets")
DRAFTS = PurePosixPath("data/drafts")
PROGRESS = PurePosixPath("data/progress")
EVIDENCE = PurePosixPath("data/evidence")


def targets_file(year: int, department: str, number: str) -> PurePosixPath:
    """Return the path of one commitment's targets, relative to the root."""
    return TARGETS / str(year) / department / f"{number}.yaml"


def draft_file(year: int, department: str, number: str) -> PurePosixPath:
    """Return the path of the draft of one commitment, relative to the root."""
    return DRAFTS / str(year) / department / f"{number}.yaml"


def progress_file(year: int, commitment_id: str) -> PurePosixPath:
    """Return the path of one commitment's entries, relative to the root."""
    department, number = commitment_id.rsplit("-", 1)
    return PROGRESS / str(year) / department / f"{number}.yaml"


def folder_of(commitment_id: str) -> str:
    """Return the folder of a commitment's files: the department that signed it, whoever is in charge now."""
    return commitment_id.rpartition("-")[0]


def find_root(start: Path) -> Path | None:
    """Return the nearest parent of `start` (or itself) that holds `data/ledger.yaml`."""
    return next((folder for folder in (start, *start.parents) if (folder / CONFIG).is_file()), None)
