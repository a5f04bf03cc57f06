"""The note of a seal that is being made: a killed `ledger seal` leaves a tag here of which nobody knows whether the server has it.

The next command takes the tag back. If the server has it, the next fetch brings it again, the same object under the same name.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from ledger.git import Repo


def pending_seal(repo: Repo) -> str | None:
    """Return the ref of the seal that a command is making, or was making when it was killed; None where there is none."""
    try:
        return str(json.loads(_path(repo).read_bytes())["ref"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def begin_seal(repo: Repo, ref: str) -> None:
    """Write down that a seal is being made, before there is one."""
    file = _path(repo)
    file.parent.mkdir(exist_ok=True)
    with file.open("wb") as stream:
        stream.write(json.dumps({"ref": ref}).encode("ascii") + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def end_seal(repo: Repo) -> None:
    """Remove the note: the server has the seal, or the seal is taken back."""
    _path(repo).unlink(missing_ok=True)


def undo_seal(repo: Repo) -> str | None:
    """Take back what a killed command made, and return the seal's name; None where there was nothing.

    To be called under the ledger's lock.

    Raises:
        GitFailedError: when the tag cannot be removed; the note then stays.
    """
    ref = pending_seal(repo)
    made = None
    if ref is not None and repo.refs(ref):
        repo.git.run("update-ref", "-d", ref)
        made = ref.removeprefix("refs/tags/")
    with suppress(FileNotFoundError):
        end_seal(repo)
    return made


def _path(repo: Repo) -> Path:
    return repo.git_dir / "ledger" / "sealing"
