"""`status` from the cache: what has not changed since it was judged is not read again; the answer is the same without it.

Of each commitment the cache keeps the marks of its two files and its status on one day. When all marks hold, nothing is
opened but the cache; when one does not, that commitment alone is read and judged. Whatever is unusual (another
department's name, a year without a plan, a faulty file) is left to the plain way, which then says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from time import time_ns
from typing import TYPE_CHECKING, Any

from ledger.commands.report import CommitmentStatus, Query, StatusReport, assembled
from ledger.commands.stored import Owner, decode, encode
from ledger.core.progress.lights import Light
from ledger.files import layout, listing
from ledger.files.fingerprint import Mark, Stat, mark_of, same_stat, stat_of
from ledger.files.parallel import shared

if TYPE_CHECKING:
    from ledger.commands.status import Entries
    from ledger.core.progress import Policy
    from ledger.files.cache import Cache
    from ledger.files.ledger import Ledger


@dataclass(frozen=True)
class Asked:
    """What the user asked for, in the user's words: no year is the ledger's current one, no department is all."""

    as_of: date
    year: int | None = None
    departments: tuple[str, ...] = ()
    lights: frozenset[Light] = frozenset()


Understand = Callable[["Ledger", Asked], Query]
"""Finds the year and the departments meant; raises LedgerError where there are none."""


def status(
    root: Path,
    asked: Asked,
    *,
    open_ledger: Callable[[], Ledger],
    understand: Understand,
    cache: Cache | None,
    clock: Callable[[], int] = time_ns,
) -> StatusReport:
    """Judge every commitment asked for; with a cache only those whose files changed.

    Raises:
        LedgerNotFoundError, InvalidLedgerError: as for the plain way.
        LedgerError: of `understand`.
    """
    if cache is None:
        return _plain(open_ledger(), asked, understand)
    memory = _Memory(root, clock())
    memory.load(cache.read(_name(asked)), asked.as_of)
    report = _recalled(memory, asked)
    if report is None:
        ledger = open_ledger()
        query = understand(ledger, asked)
        report = _renewed(memory, ledger, query)
        if report is None:
            return _plain(ledger, asked, understand)
    if memory.changed:
        cache.write(_name(asked), memory.stored(asked.as_of))
    return report


def _name(asked: Asked) -> str:
    return f"status-{asked.year or 'current'}"


def _plain(ledger: Ledger, asked: Asked, understand: Understand) -> StatusReport:
    from ledger.commands.status import status as judge_all

    return judge_all(ledger, understand(ledger, asked))


@dataclass
class _Rules:
    """What the answer needs of `data/ledger.yaml`."""

    mark: Mark
    name: str
    year: int
    simulated: bool
    owners: tuple[Owner, ...]


class _Memory:
    """What the cache holds of one ledger, and what is put into it."""

    def __init__(self, root: Path, now: int) -> None:
        self.root = root
        self.base = f"{root}/"
        self.now = now
        self.rules: _Rules | None = None
        self.files: dict[str, list[Any]] = {}  # target file → its mark, progress file, its mark, the status
        self.fresh: set[str] = set()  # what other processes have just judged
        self.changed = False

    def load(self, stored: Any, as_of: date) -> None:
        """Take over what was stored, as far as the rules are the same and the day is the one asked for."""
        if not stored:
            return
        mark, name, year, simulated, owners = stored["rules"]
        found = [Owner(one[0], one[1], tuple(one[2])) for one in owners]
        self.rules = _Rules(mark, name, year, simulated, tuple(found))
        self.rules.mark = self.still(str(layout.CONFIG), mark) or []
        if not self.rules.mark:
            self.rules = None
        elif stored["as_of"] == str(as_of):
            self.files = stored["files"]

    def still(self, path: str, mark: Mark | None) -> Mark | None:
        """Return the mark of a file that holds what it held, by its stat or else its content; None when it does not."""
        stat = stat_of(self.base + path)
        if mark is None or stat is None:
            return None
        if same_stat(mark, stat):
            return mark
        found = self.read(path, stat)
        if found is None or found[0][1] != mark[1]:
            return None
        self.changed = True
        return found[0]

    def read(self, path: str, stat: Stat | None = None) -> tuple[Mark, bytes] | None:
        """Return the content of a file with its mark; None when there is none."""
        if stat is None:
            stat = stat_of(self.base + path)
        if stat is None:
            return None
        try:
            raw = (self.root / path).read_bytes()
        except OSError:
            return None
        return mark_of(stat, raw, self.now), raw

    def status_of(self, path: str) -> CommitmentStatus | None:
        """Return the remembered status of a commitment whose two files hold what they held."""
        kept = self.files.get(path)
        if kept is None:
            return None
        own = self.still(path, kept[0])
        if own is None:
            return None
        kept[0] = own
        if kept[2] is None:
            if stat_of(self.base + kept[1]) is not None:
                return None
        else:
            entries = self.still(kept[1], kept[2])
            if entries is None:
                return None
            kept[2] = entries
        return decode(kept[3])

    def judge(self, ledger: Ledger, path: str, as_of: date, policy: Policy) -> CommitmentStatus | None:
        """Read and judge one commitment and remember it; None when there is anything to complain of."""
        from ledger.commands.status import entries_of, judge
        from ledger.files.ledger import Source

        found = self.read(path)
        source = None if found is None else ledger.read_commitment(PurePosixPath(path), found[1])
        if found is None or not isinstance(source, Source):
            return None
        commitment = source.commitment
        place = str(layout.progress_file(commitment.year, commitment.id))
        entries: Entries = ()
        mark, stat = None, stat_of(self.base + place)
        if stat is not None:
            read = self.read(place, stat)
            found_entries = None if read is None else entries_of(place, read[1])
            if read is None or found_entries is None:
                return None
            entries, mark = found_entries, read[0]
        judged = judge(ledger, source, as_of, policy, entries)
        self.files[path] = [found[0], place, mark, encode(judged)]
        self.changed = True
        return judged

    def judge_together(self, ledger: Ledger, paths: Sequence[str], as_of: date, policy: Policy) -> None:
        """Read and judge many commitments in several processes; those with something to complain of are left out."""

        def work(some: Sequence[str]) -> dict[str, Any]:
            return {path: self.files[path] for path in some if self.judge(ledger, path, as_of, policy)}

        found = shared(paths, work)
        self.files.update(found)
        self.fresh = set(found)

    def learn(self, ledger: Ledger) -> bool:
        """Take over the ledger's rules; False when they changed since it was opened."""
        found = self.read(str(layout.CONFIG))
        if found is None or found[1] != ledger.raw:
            return False
        config = ledger.config
        if self.rules is None or self.rules.mark[1] != found[0][1]:
            self.files = {}
        owners = tuple(Owner(one.name, one.inferred, one.aliases) for one in config.departments)
        self.rules = _Rules(found[0], config.name, config.year, config.simulated, owners)
        return True

    def forget(self, listed: Sequence[str]) -> None:
        """Drop what is no longer in the plan."""
        if len(self.files) != len(listed):
            self.files = {path: self.files[path] for path in listed if path in self.files}
            self.changed = True

    def stored(self, as_of: date) -> dict[str, Any]:
        """Return everything in JSON types."""
        assert self.rules is not None
        rules = self.rules
        owners = [[one.name, one.inferred, list(one.aliases)] for one in rules.owners]
        return {
            "rules": [rules.mark, rules.name, rules.year, rules.simulated, owners],
            "as_of": str(as_of),
            "files": self.files,
        }


def _recalled(memory: _Memory, asked: Asked) -> StatusReport | None:
    """Answer from the cache alone; None when anything has to be read."""
    rules = memory.rules
    if rules is None or not memory.files:
        return None
    year = asked.year or rules.year
    names = {name: one.name for one in rules.owners for name in (one.name, *one.aliases)}
    if year not in listing.years(memory.root) or not names.keys() >= set(asked.departments):
        return None
    wanted = frozenset(names[one] for one in asked.departments) if asked.departments else None
    query = Query(year, asked.as_of, wanted, asked.lights)
    judged = []
    for path in listing.target_files(memory.root, year, [one.name for one in rules.owners], wanted):
        one = memory.status_of(path)
        if one is None:
            return None
        judged.append(one)
    return assembled(rules.name, rules.simulated, rules.owners, judged, query)


def _renewed(memory: _Memory, ledger: Ledger, query: Query) -> StatusReport | None:
    """Read what changed and remember it; None when something is wrong with a file."""
    from ledger.core.progress import Policy

    if not memory.learn(ledger):
        return None
    config = ledger.config
    policy = Policy.of(config, ledger.units)
    order = [one.name for one in config.departments]
    listed = list(listing.target_files(memory.root, query.year, order, query.departments))
    known = {path: memory.status_of(path) for path in listed}
    missing = [path for path, one in known.items() if one is None]
    if listing.worth_sharing(memory.root, query.year, missing):
        memory.judge_together(ledger, missing, query.as_of, policy)
        known |= {path: decode(memory.files[path][3]) for path in missing if path in memory.fresh}
    judged = []
    for path, remembered in known.items():
        one = remembered or memory.judge(ledger, path, query.as_of, policy)
        if one is None:
            return None
        judged.append(one)
    if query.departments is None:
        memory.forget(listed)
    return assembled(config.name, config.simulated, config.departments, judged, query)
