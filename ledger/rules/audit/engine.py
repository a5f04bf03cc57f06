"""Proves a range of history: walks it once, applies every rule to every commit, then checks the content at its end.

`audit` proves all of a branch, `guard` what is pushed onto it. Nothing is written.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ledger.core.findings import Finding
from ledger.core.models import Entry
from ledger.core.structs import FrozenStruct, MutableStruct, field
from ledger.git import Commit, FileChange, Repo
from ledger.git.blobs import BlobReader, ObjectTooLargeError
from ledger.git.commits import committed_at
from ledger.git.signatures import Verification, Verifier, open_verifier
from ledger.git.trees import TreeEntry, list_files, tree_of
from ledger.git.walk import Walk
from ledger.rules.audit import policy as policies
from ledger.rules.audit.authors import Author, Authors, author_of
from ledger.rules.audit.commit_context import CommitContext
from ledger.rules.audit.commit_rules import rules_for
from ledger.rules.audit.head import HeadContent, check_head
from ledger.rules.audit.lines import AppendDiff, FileProof, read_audited_entries
from ledger.rules.audit.policy import AccessPolicy, ServerPolicy
from ledger.rules.audit.seals import Seal
from ledger.rules.audit.seals import states as sealed_states
from ledger.rules.paths import CONFIG, EVIDENCE_FOLDER, PROGRESS, REGULAR, PathIndex

_PLAIN_MODES = frozenset((REGULAR, "100755"))


class Range(FrozenStruct):
    """What to prove: the commits up to `tip` that `base` does not hold (None: all), in the folder `prefix` of the repository."""

    tip: str
    base: str | None = None
    prefix: str = ""
    signers: Path | None = None
    """A file of allowed signers."""
    server: ServerPolicy | None = None
    """The policy that a server keeps outside of the repository."""
    now: int | None = None
    """The server's time, seconds since 1970."""
    clock: int | None = None
    """The auditor's time, seconds since 1970, where there is no server's."""
    received: Mapping[str, int] = field(default_factory=dict)
    """By commit, when the server received it, as its receipts say."""


class Proof(MutableStruct):
    """What was found and how much was looked at: `history` about commits, `content` about files as they are at the tip."""

    history: list[Finding] = field(default_factory=list)
    content: list[Finding] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    whole: bool = False
    """Whether all content was checked, not only the files that the range touched."""
    commits: int = 0
    entries: int = 0
    """Entries that the range appended."""
    by_others: int = 0
    """Of the entries, those that name another person than the author of their commit."""
    signatures: int = 0
    by_keyring: int = 0
    """Of the signatures, those that GnuPG verified against the keys of this machine."""
    signed: bool = False
    """Whether signatures were required at any time of the range."""
    files: int = 0
    """Files of the ledger at the tip."""
    simulated: bool = False
    """Whether the ledger is a demonstration at the tip, so that no time was checked."""

    @property
    def findings(self) -> list[Finding]:
        """All findings."""
        return [*self.history, *self.content]


def prove(
    repo: Repo,
    scope: Range,
    today: date,
    seals: Sequence[Seal],
    *,
    whole: bool = True,
    commits: Iterator[Commit] | None = None,
    on_commit: Callable[[Commit, Iterable[str]], None] | None = None,
) -> Proof:
    """Return everything wrong with a range of history and with the content at its end.

    With `whole` all content is checked, otherwise only the files that the range touched. `commits` are those of the range, parents
    before children, where somebody reads them already. `on_commit` is called with each of them and the files it changed.

    Raises:
        GitFailedError: when the repository cannot be read, or not all of it.
    """
    proof = Proof()
    with (
        _no_garbage_collection(),
        repo.open_blobs() as blobs,
        open_verifier(repo.git, scope.signers) as verifier,
    ):
        walk = _HistoryWalk(repo, blobs, verifier, scope, seals)
        proof.simulated, proof.files = walk.simulated, len(walk.files)
        if scope.tip == scope.base:
            return proof
        for context in walk.contexts(repo.walk(Walk(scope.tip, scope.base)) if commits is None else commits):
            proof.commits += 1
            proof.entries += sum(len(diff.added) for diff in context.appended.values())
            proof.by_others += sum(
                line.entry is not None and not context.is_author(line.entry.by)
                for diff in context.appended.values()
                for line in diff.added
            )
            proof.touched.update(change.path for change in context.changes)
            for rule in rules_for(context):
                proof.history += rule(context)
            if on_commit is not None:
                on_commit(context.commit, (change.path for change in context.changes))
        proof.whole = whole or CONFIG in proof.touched
        touched = None if proof.whole else frozenset(proof.touched)
        if touched is None or any(path.startswith("data/") for path in touched):
            head = HeadContent(scope.tip, today, touched, walk.proofs, walk.files, walk.authors)
            proof.content += check_head(blobs, head)
        proof.signatures, proof.by_keyring = verifier.verified, verifier.by_keyring
        proof.signed = walk.signed
    return proof


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Suspend the search for reference cycles: a walk makes none, and over 20,000 commits the search takes a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _State(NamedTuple):
    """What holds after a commit."""

    policy: AccessPolicy | None
    time: int
    sealed: date | None


class _HistoryWalk:
    """Turns commits into contexts: keeps, for each commit, the policy and the seal that hold after it."""

    def __init__(
        self, repo: Repo, blobs: BlobReader, verifier: Verifier, scope: Range, seals: Sequence[Seal]
    ) -> None:
        self._repo = repo
        self._blobs = blobs
        self._verifier = verifier
        self._scope = scope
        self._states: dict[str, _State] = {}
        self._months = sealed_states(seals)
        self._proofs: dict[str, FileProof] = {}
        self._policies: dict[str, AccessPolicy | None] = {}
        self._index: PathIndex | None = None if scope.base else PathIndex()
        self._latest: AccessPolicy | None = None
        self.authors = Authors()
        self.signed = bool(scope.server and scope.server.signed)
        self.files = self._list(scope.tip, "data")
        """Every file of the ledger at the tip, by path."""
        self._evidence: set[str] = set()
        if scope.base is not None:
            self._start(scope.base, seals)
        else:
            self._read_ahead({})

    def _list(self, commit: str, folder: str) -> dict[str, TreeEntry]:
        """Return the files of the ledger at a commit below a folder, read from the trees themselves, whose ends are known."""
        prefix = self._scope.prefix
        tree = tree_of(self._blobs(commit))
        files = list_files(self._blobs.read_many, tree, f"{prefix}{folder}")
        return {path.removeprefix(prefix): file for path, file in files.items()}

    def contexts(self, commits: Iterator[Commit]) -> Iterator[CommitContext]:
        """Yield each of the range's commits with its context, parents first."""
        for commit in commits:
            yield self._context(commit)

    @property
    def proofs(self) -> dict[str, FileProof]:
        """The proofs of the files that the tip still has, by path."""
        return {path: proof for path, proof in self._proofs.items() if self._blob_at_tip(path)}

    @property
    def simulated(self) -> bool:
        """Whether the ledger at the tip is a demonstration."""
        file = self.files.get(CONFIG)
        policy = self._read_policy(file.id) if file else None
        return policy is not None and policy.simulated

    def _start(self, base: str, seals: Sequence[Seal]) -> None:
        repo = self._repo
        time = committed_at(self._blobs(base))
        last = next((seal for seal in reversed(seals) if repo.is_ancestor(seal.commit, base)), None)
        files = self._list(base, "data")
        policy = self._read_policy(files[CONFIG].id) if CONFIG in files else None
        self._latest = policy
        self._read_ahead(files)
        self._evidence = {path for path in files if path.startswith(EVIDENCE_FOLDER)}
        self._states[base] = _State(policy, time, self._months[last.commit] if last else None)

    def _read_ahead(self, before: Mapping[str, TreeEntry]) -> None:
        """Read at once what the proofs of the progress files will ask for: their content at the tip and `before` the range."""
        self._blobs.read_ahead(
            version.id
            for path, file in self.files.items()
            if file != before.get(path) and PROGRESS.fullmatch(path)
            for version in (file, before.get(path))
            if version is not None and version.mode in _PLAIN_MODES
        )

    def _read_policy(self, blob: str) -> AccessPolicy | None:
        if blob not in self._policies:
            config = policies.read_policy(self._blobs(blob))
            self._policies[blob] = None if config is None else AccessPolicy(config, self._scope.server)
        return self._policies[blob]

    def _context(self, commit: Commit) -> CommitContext:
        parents = [self._states[parent] for parent in commit.parents if parent in self._states]
        before = next((parent.policy for parent in parents if parent.policy), None)
        if (
            not commit.parents
        ):  # a second root is judged by what held before, not as the beginning of a ledger
            before = self._latest
        sealed = max((parent.sealed for parent in parents if parent.sealed), default=None)
        changes = list(self._inside(commit.changes)) if self._scope.prefix else commit.changes
        author = author_of(commit)
        self.authors.add(author, changes)
        after = self._remember(commit, changes, before, sealed)
        for change in changes:
            if change.path.startswith(EVIDENCE_FOLDER):
                (self._evidence.discard if change.removed else self._evidence.add)(change.path)
        self._latest = after or self._latest
        policy = before or after or AccessPolicy(None, self._scope.server)
        self.signed = self.signed or policy.signed
        return CommitContext(
            commit=commit,
            changes=changes,
            appended=self._appended(author, changes),
            policy=policy,
            blob=self._blobs,
            entries=lambda path: self._entries(path, changes),
            after=max((parent.time for parent in parents), default=None),
            sealed=sealed,
            now=self._when_received(commit),
            started=before is not None,
            clock=self._scope.clock,
            collisions=self._collisions(changes),
            evidence=self._evidence,
            signature=self._verdict(commit) if policy.signed else None,
        )

    def _remember(
        self, commit: Commit, changes: Sequence[FileChange], policy: AccessPolicy | None, sealed: date | None
    ) -> AccessPolicy | None:
        for change in changes:
            if change.path == CONFIG and change.new_mode == REGULAR:
                policy = self._read_policy(change.new) or policy
        sealed = self._months.get(commit.id, sealed)
        self._states[commit.id] = _State(policy, commit.committed, sealed)
        return policy

    def _when_received(self, commit: Commit) -> int | None:
        return self._scope.received.get(commit.id) if self._scope.now is None else self._scope.now

    def _verdict(self, commit: Commit) -> Verification:
        received = self._when_received(commit)
        when = commit.committed if received is None else received
        return self._verifier.verify("commit", commit.id, self._blobs(commit.id), commit.email, when)

    def _inside(self, changes: Sequence[FileChange]) -> Iterator[FileChange]:
        """Yield the changes with paths relative to the ledger; what lies above it keeps its name, for it may set attributes."""
        prefix = self._scope.prefix
        for change in changes:
            if change.path.startswith(prefix):
                yield FileChange(
                    change.path.removeprefix(prefix),
                    change.letter,
                    change.old_mode,
                    change.new_mode,
                    change.old,
                    change.new,
                )
            elif change.path in {".gitattributes", ".mailmap", ".gitmodules"}:
                yield change

    def _collisions(self, changes: Sequence[FileChange]) -> Mapping[str, str]:
        """Return the added paths that look like another one of the ledger, with that one."""
        moved = [change for change in changes if change.added or change.removed]
        if not moved:
            return {}
        if self._index is None:
            assert self._scope.base
            prefix = self._scope.prefix
            files = self._repo.tree(self._scope.base, prefix)
            self._index = PathIndex(path.removeprefix(prefix) for path in files)
        collisions = {}
        for change in moved:
            if change.removed:
                self._index.remove(change.path)
        for change in moved:
            other = self._index.add(change.path) if change.added else None
            if other:
                collisions[change.path] = other
        return collisions

    def _appended(self, author: Author, changes: Sequence[FileChange]) -> Mapping[str, AppendDiff]:
        diffs = {}
        for change in changes:
            if change.new_mode not in _PLAIN_MODES or change.old == change.new:
                continue
            if not PROGRESS.fullmatch(change.path):
                continue
            old = change.old if change.old_mode in _PLAIN_MODES else None
            try:
                proof = self._proof(change.path, len(change.new))
                diffs[change.path] = proof.step(old, change.new, author)
            except ObjectTooLargeError as error:
                diffs[change.path] = AppendDiff((), (Finding("file", error.message),))
        return diffs

    def _entries(self, path: str, changes: Sequence[FileChange]) -> Mapping[str, Entry]:
        blob = next(change.new for change in changes if change.path == path)
        return {entry.id: entry for entry in read_audited_entries(path, self._blobs(blob)).entries}

    def _proof(self, path: str, digits: int) -> FileProof:
        if path not in self._proofs:
            blob = self._blob_at_tip(path)
            tip = self._blobs(blob) if blob else b""
            self._proofs[path] = FileProof(path, tip, self._blobs, digits)
        return self._proofs[path]

    def _blob_at_tip(self, path: str) -> str | None:
        """Return the blob of a progress file that the tip still has as a plain file."""
        file = self.files.get(path)
        return file.id if file and file.mode == REGULAR else None
