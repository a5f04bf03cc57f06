"""Commits as the rules of the audit see them, made without git."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from ledger.core.models import Entry, LedgerConfig
from ledger.core.models.base import read_model
from ledger.files.entryfile import encode
from ledger.files.ids import new_id
from ledger.files.yaml_reader import Document, parse
from ledger.git import Commit, FileChange
from ledger.rules.audit.authors import author_of
from ledger.rules.audit.commit_context import CommitContext
from ledger.rules.audit.lines import FileProof, read_audited_entries
from ledger.rules.audit.policy import AccessPolicy
from ledger.rules.paths import PROGRESS, PathIndex
from tests.conftest import CONFIG

NOW = datetime.now(UTC)
NOTHING = "0" * 40


def config(text: str = CONFIG) -> LedgerConfig:
    document = parse(text.encode())
    assert isinstance(document, Document)
    return read_model(LedgerConfig, document.data)


def entry(**fields: object) -> Entry:
    return read_model(
        Entry, {"id": new_id(), "on": "2023-06-15", "target": "listed", "by": "张三", "add": "1家", **fields}
    )


def lines(*entries: Entry) -> str:
    return "".join(map(encode, entries))


def blob_id(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


class Store(dict[str, bytes]):
    """Blobs by id."""

    def add(self, text: str | None) -> str:
        if text is None:
            return NOTHING
        content = text.encode()
        self[blob_id(content)] = content
        return blob_id(content)

    def __call__(self, name: str) -> bytes:
        return self[name]


def commit_of(
    changes: Sequence[FileChange], email: str, message: str, when: datetime, *, parent: bool = True
) -> Commit:
    seconds = int(when.timestamp())
    return Commit(
        "c" * 40,
        message,
        ("p" * 40,) if parent else (),
        "某人",
        email,
        seconds,
        "+0000",
        "某人",
        email,
        seconds,
        tuple(changes),
    )


def context_of(
    files: Mapping[str, tuple[str | None, str | None]],
    *,
    email: str = "anybody@x",
    message: str = "改动",
    policy: LedgerConfig | None = None,
    when: datetime = NOW,
    modes: tuple[str, str] = ("100644", "100644"),
    others: Sequence[str] = (),
    **more: object,
) -> CommitContext:
    """Return the context of a commit that changes files from one text to another; None for a file that is not there.

    `others` are paths that were there before.
    """
    store = Store()
    index = PathIndex(others)
    changes, appended, collisions = [], {}, {}
    for path, (old, new) in files.items():
        names = store.add(old), store.add(new)
        had = ("000000" if old is None else modes[0], "000000" if new is None else modes[1])
        changes.append(FileChange(path, "M", *had, *names))
        other = index.add(path) if old is None else None
        if other:
            collisions[path] = other
    commit = commit_of(changes, email, message, when)
    for change in changes:
        if PROGRESS.fullmatch(change.path) and not change.removed:
            old = None if change.added else change.old
            proof = FileProof(change.path, store(change.new), store)
            appended[change.path] = proof.step(old, change.new, author_of(commit))
    defaults: dict[str, object] = {"started": True, "collisions": collisions} | more
    return CommitContext(
        commit,
        changes,
        appended,
        AccessPolicy(policy or config()),
        store,
        lambda path: {
            entry.id: entry
            for entry in read_audited_entries(
                path, store(next(c.new for c in changes if c.path == path))
            ).entries
        },
        **defaults,  # type: ignore[arg-type]
    )
