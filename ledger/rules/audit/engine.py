"""Proves a range of history: walks it once, gives every commit to every rule, then looks at what lies beside it and at the tip.

`audit` proves all of a branch, `guard` what is being pushed onto it. Writes nothing and prints nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ledger.git import Commit, FileChange, Repo
from ledger.git.blobs import BlobReader, ObjectTooLargeError
from ledger.git.walk import Walk
from ledger.rules.audit import policy as policies
from ledger.rules.audit import seals as sealing
from ledger.rules.audit.breach import Breach
from ledger.rules.audit.commit_context import CONFIG, PROGRESS, REGULAR, CommitContext
from ledger.rules.audit.commit_rules import RULES
from ledger.rules.audit.head import Head, contents_are_sound
from ledger.rules.audit.lines import AppendDiff, FileProof, Slip
from ledger.rules.audit.policy import AccessPolicy, ServerPolicy


@dataclass(frozen=True)
class Range:
    """What to prove: the commits up to `tip` that `base` does not hold (None: all), in the folder `prefix` of the repository."""

    tip: str
    base: str | None = None
    prefix: str = ""
    signers: Path | None = None
    server: ServerPolicy | None = None
    """The policy that a server keeps outside of the repository."""
    now: int | None = None
    """The server's time, seconds since 1970."""


@dataclass
class Proof:
    """What was found, and which of the ledger's files the range touched."""

    breaches: list[Breach] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    commits: int = 0


def prove(
    archive: Repo, wanted: Range, today: date, seals: Sequence[sealing.Seal], *, whole: bool = True
) -> Proof:
    """Return everything wrong with a range of history and with the content at its end.

    With `whole` the content is checked throughout, otherwise only the files that the range touched.

    Raises:
        GitFailedError: when the repository cannot be read.
    """
    proof = Proof()
    if wanted.tip == wanted.base:
        return proof
    with _uncollected(), archive.open_blobs() as contents:
        walk = _Walk(archive, contents, wanted, seals)
        for context in walk.contexts():
            proof.commits += 1
            proof.touched.update(change.path for change in context.changes)
            for rule in RULES:
                proof.breaches += rule(context)
        touched = None if whole or CONFIG in proof.touched else frozenset(proof.touched)
        if touched is None or any(path.startswith("data/") for path in touched):
            tip = Head(wanted.tip, wanted.prefix, today, touched, walk.proofs, walk.files)
            proof.breaches += contents_are_sound(archive, contents, tip)
    return proof


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python from searching for cycles, of which a walk makes none: over 20,000 commits the search takes a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Walk:
    """Turns commits into contexts: keeps, for each commit, the policy and the seal that hold after it."""

    def __init__(
        self, archive: Repo, contents: BlobReader, wanted: Range, seals: Sequence[sealing.Seal]
    ) -> None:
        self._archive = archive
        self._contents = contents
        self._wanted = wanted
        self._policies: dict[str, AccessPolicy | None] = {}
        self._times: dict[str, int] = {}
        self._sealed: dict[str, date | None] = {}
        self._months = _by_commit(seals)
        self._proofs: dict[str, FileProof] = {}
        self.files = {
            path.removeprefix(wanted.prefix): facts
            for path, facts in archive.tree(wanted.tip, f"{wanted.prefix}data").items()
        }
        """Mode, blob and size of every file of the ledger at the tip."""
        if wanted.base is not None:
            self._start(wanted.base, seals)

    def contexts(self) -> Iterator[CommitContext]:
        """Yield each commit of the range with its context, parents first."""
        wanted = self._wanted
        tip_policy = self._read_policy(self.files[CONFIG][1]) if CONFIG in self.files else None
        known_policies = (tip_policy, *self._policies.values(), AccessPolicy(None, wanted.server))
        signed = any(policy.signed for policy in known_policies if policy)
        walk = Walk(wanted.tip, wanted.base, signed=signed, signers=wanted.signers)
        for step in self._archive.walk(walk):
            yield self._context(step)

    @property
    def proofs(self) -> dict[str, FileProof]:
        """The proofs of the files that the tip still has, by path."""
        return {path: proof for path, proof in self._proofs.items() if self._at_tip(path)}

    def _start(self, base: str, seals: Sequence[sealing.Seal]) -> None:
        self._policies[base] = self._policy_at(base)
        self._times[base] = int(
            self._archive.git.text("show", "--no-patch", "--format=%ct", "--end-of-options", base, "--")
        )
        held = [one.month for one in seals if self._archive.is_ancestor(one.commit, base)]
        self._sealed[base] = max(held, default=None)

    def _policy_at(self, commit: str) -> AccessPolicy | None:
        found = self._archive.tree(commit, f"{self._wanted.prefix}{CONFIG}")
        return self._read_policy(next(iter(found.values()))[1]) if found else None

    def _read_policy(self, blob: str) -> AccessPolicy | None:
        config = policies.read(self._contents(blob))
        return None if config is None else AccessPolicy(config, self._wanted.server)

    def _context(self, step: Commit) -> CommitContext:
        parents = [one for one in step.parents if one in self._times]
        policy = next((self._policies[one] for one in parents if self._policies[one]), None)
        known = [sealed for one in parents if (sealed := self._sealed[one])]
        sealed = max(known, default=None)
        after = max((self._times[one] for one in parents), default=None)
        changes = tuple(self._inside(step.changes))
        self._remember(step, changes, policy, sealed)
        return CommitContext(
            step=step,
            changes=changes,
            growth=self._growth(changes),
            policy=policy or self._policies[step.id] or AccessPolicy(None, self._wanted.server),
            blob=self._contents,
            after=after,
            sealed=sealed,
            now=self._wanted.now,
            started=policy is not None,
        )

    def _remember(
        self, step: Commit, changes: Sequence[FileChange], policy: AccessPolicy | None, sealed: date | None
    ) -> None:
        for change in changes:
            if change.path == CONFIG and change.new_mode == REGULAR:
                policy = self._read_policy(change.new) or policy
        here = self._months.get(step.id)
        self._policies[step.id] = policy
        self._times[step.id] = step.committed
        self._sealed[step.id] = max((one for one in (sealed, here) if one), default=None)

    def _inside(self, changes: Sequence[FileChange]) -> Iterator[FileChange]:
        """Yield the changes with paths relative to the ledger; what lies above it keeps its name, for it may set attributes."""
        prefix = self._wanted.prefix
        for change in changes:
            if not prefix:
                yield change
            elif change.path.startswith(prefix):
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

    def _growth(self, changes: Sequence[FileChange]) -> Mapping[str, AppendDiff]:
        found = {}
        for change in changes:
            if (
                PROGRESS.fullmatch(change.path)
                and change.new_mode in {REGULAR, "100755"}
                and change.old != change.new
            ):
                old = change.old if change.old_mode in {REGULAR, "100755"} else None
                try:
                    found[change.path] = self._proof(change.path, len(change.new)).step(old, change.new)
                except ObjectTooLargeError as error:
                    found[change.path] = AppendDiff((), (Slip("file", 0, error.reason),))
        return found

    def _proof(self, path: str, digits: int) -> FileProof:
        if path not in self._proofs:
            blob = self._at_tip(path)
            tip = self._contents(blob) if blob else b""
            self._proofs[path] = FileProof(path, tip, self._contents, digits)
        return self._proofs[path]

    def _at_tip(self, path: str) -> str | None:
        """Return the blob of a progress file that the tip still has as a plain file."""
        mode, blob, _ = self.files.get(path, ("", "", 0))
        return blob if mode == REGULAR else None


def _by_commit(seals: Sequence[sealing.Seal]) -> dict[str, date]:
    found: dict[str, date] = {}
    for seal in seals:
        found[seal.commit] = max(seal.month, found.get(seal.commit, seal.month))
    return found
