"""Cached statuses of commitments: what has not changed since it was judged is not read again; the answer is the same without it.

Of each commitment the cache keeps the fingerprints of its two files and its status on one day. When all fingerprints hold,
nothing is opened but the cache; when one does not, that commitment alone is read and judged. Whatever is unusual (another
department's name, a year without a plan, a faulty file) is left to the way without a cache, which then reports it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from ledger.core.progress.lights import Light
from ledger.core.progress.report import CommitmentStatus, Query, StatusReport, assemble_report
from ledger.core.progress.reporting import settled_month
from ledger.core.structs import FrozenStruct, replace
from ledger.files import layout, listing, worktree
from ledger.files.fingerprint import Mark, Stat, mark_of, same_stat, stat_of
from ledger.files.parallel import map_commitments
from ledger.files.status_codec import CachedDepartment, decode, encode

if TYPE_CHECKING:
    from ledger.core.progress import Policy
    from ledger.files.assessment import Entries
    from ledger.files.ledger import Ledger


class StatusRequest(FrozenStruct):
    """What the user asked for, in the user's words: no year is the ledger's current one, no department is all."""

    as_of: date
    year: int | None = None
    departments: tuple[str, ...] = ()
    lights: frozenset[Light] = frozenset()


class _Config(FrozenStruct):
    """What the answer needs of `data/ledger.yaml`."""

    mark: Mark
    name: str
    year: int
    simulated: bool
    departments: tuple[CachedDepartment, ...]
    reorganised: bool  # whether a department's name depends on the day
    due_day: int | None  # None: pace is judged by the day

    def pace_on(self, as_of: date) -> date:
        return as_of if self.due_day is None else settled_month(as_of, self.due_day)


class StatusCache:
    """The statuses cached for one ledger on one day.

    `root` is the ledger's folder, `now` the time in nanoseconds since the epoch, by which a file changed just now is told
    from one whose time can be trusted.
    """

    def __init__(self, root: Path, now: int) -> None:
        self.root = root
        self.base = f"{root}/"
        self.now = now
        self.config: _Config | None = None
        self.files: dict[str, list[Any]] = {}  # target file → its mark, progress file, its mark, the status
        self.judged_elsewhere: set[str] = set()  # paths that other processes have just judged
        self.head: tuple[str, dict[str, str]] | None = (
            None  # HEAD's commit, and the ledger's files there: path → blob id
        )
        self.changed = False

    def load(self, stored: Any, as_of: date) -> None:
        """Take over what was stored, as far as the configuration is the same and the day is the one asked for."""
        if not stored:
            return
        mark, name, year, simulated, rows, reorganised, due_day = stored["config"]
        departments = tuple(CachedDepartment(row[0], row[1], tuple(row[2])) for row in rows)
        current = self._current_mark(str(layout.CONFIG), mark)
        if current is None:
            return
        self.config = _Config(current, name, year, simulated, departments, reorganised, due_day)
        if stored["head"]:
            self.head = (stored["head"][0], stored["head"][1])
        if stored["as_of"] == str(as_of):
            self.files = stored["files"]

    def to_json(self, as_of: date) -> dict[str, Any]:
        """Return everything in JSON types."""
        assert self.config is not None
        config = self.config
        departments = [[row.name, row.inferred, list(row.aliases)] for row in config.departments]
        return {
            "config": [
                config.mark,
                config.name,
                config.year,
                config.simulated,
                departments,
                config.reorganised,
                config.due_day,
            ],
            "as_of": str(as_of),
            "head": self.head,
            "files": self.files,
        }

    def recall(self, request: StatusRequest) -> StatusReport | None:
        """Answer from the cache alone; None when anything has to be read."""
        config = self.config
        if config is None or not self.files or (config.reorganised and request.departments):
            return None
        year = request.year or config.year
        names = {name: row.name for row in config.departments for name in (row.name, *row.aliases)}
        if year not in listing.years(self.root) or not names.keys() >= set(request.departments):
            return None
        departments = frozenset(names[name] for name in request.departments) if request.departments else None
        query = Query(year, request.as_of, departments, request.lights)
        order = [row.name for row in config.departments]
        if not names.keys() >= set(listing.listed_departments(self.root, year)):
            return None
        paths = list(listing.target_files(self.root, year, order, departments))
        statuses = []
        for path in paths:
            status = self._cached_status(path)
            if status is None:
                return None
            statuses.append(status)
        self._require_complete(query.year, departments)
        return self._report(statuses, query, departments)

    def renew(self, ledger: Ledger, query: Query) -> StatusReport | None:
        """Read and judge what changed, and cache it; None when something is wrong with a file."""
        from ledger.core.progress import Policy

        if not self._take_config(ledger):
            return None
        config = ledger.config
        listed = {department.name for department in config.departments}
        if not listed.issuperset(listing.listed_departments(self.root, query.year)):
            return None
        policy = Policy.of(config, ledger.units)
        order = [department.name for department in config.departments]
        folders = ledger.folders(query.year, query.departments)
        paths = list(listing.target_files(self.root, query.year, order, folders))
        cached = {path: self._cached_status(path) for path in paths}
        missing = [path for path, status in cached.items() if status is None]
        self._judge_in_parallel(ledger, query.year, missing, query.as_of, policy)
        cached |= {path: decode(self.files[path][3]) for path in missing if path in self.judged_elsewhere}
        self._require_complete(query.year, folders)
        statuses = []
        for path, cached_status in cached.items():
            status = cached_status or self._judge(ledger, path, query.as_of, policy)
            if status is None:
                return None
            statuses.append(status)
        if query.departments is None:
            self._keep_only(paths)
        concerned = [
            status
            for status in statuses
            if ledger.counts_for(status.commitment.department, query.departments)
        ]
        return self._report(concerned, query, folders)

    def _report(
        self, statuses: Sequence[CommitmentStatus], query: Query, folders: Collection[str] | None
    ) -> StatusReport:
        config = self.config
        assert config is not None
        pace_on = config.pace_on(query.as_of)
        if config.reorganised:
            order = {row.name: number for number, row in enumerate(config.departments)}
            statuses = sorted(
                statuses, key=lambda status: order.get(status.commitment.department, len(order))
            )
        report = assemble_report(config.name, config.simulated, config.departments, statuses, query, pace_on)
        return replace(report, uncommitted=self._uncommitted(query.year, folders))

    def _uncommitted(self, year: int, folders: Collection[str] | None) -> tuple[str, ...]:
        """Return the files that count and differ from HEAD or are not in it, in order."""
        if self.head is None or self.config is None:
            return ()
        marks = {str(layout.CONFIG): self.config.mark}
        for path, (plan_mark, progress_path, progress_mark, _) in self.files.items():
            marks |= {path: plan_mark, progress_path: progress_mark}
        return tuple(
            path
            for path, mark in sorted(marks.items())
            if mark is not None
            and worktree.concerns(path, year, folders)
            and mark[1] != (blob := self.head[1].get(path))
            and (blob is None or not worktree.holds_blob((self.root / path).read_bytes(), blob))
        )

    def _require_complete(self, year: int, folders: Collection[str] | None) -> None:
        """Check that every file that HEAD has is in the work tree; git is started only where HEAD has moved since.

        Raises:
            MissingFilesError, ExternalError: as `worktree.require_complete` does.
        """
        commit = worktree.head_commit(self.root)
        if commit is None or self.head is None or self.head[0] != commit:
            files = worktree.read_head_files(self.root)
            self.head = None if files is None else (commit or "", dict(files))
            self.changed = True
        else:
            files = self.head[1]
        worktree.require_present(self.root, files or (), year, folders)

    def _current_mark(self, path: str, mark: Mark | None) -> Mark | None:
        """Return the mark of a file whose content is unchanged, by its stat or else its content; None when it changed."""
        stat = stat_of(self.base + path)
        if mark is None or stat is None:
            return None
        if same_stat(mark, stat):
            return mark
        current = self._read(path, stat)
        if current is None or current[0][1] != mark[1]:
            return None
        self.changed = True
        return current[0]

    def _read(self, path: str, stat: Stat | None = None) -> tuple[Mark, bytes] | None:
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

    def _cached_status(self, path: str) -> CommitmentStatus | None:
        """Return the cached status of a commitment whose two files are unchanged."""
        row = self.files.get(path)
        if row is None:
            return None
        plan_mark = self._current_mark(path, row[0])
        if plan_mark is None:
            return None
        row[0] = plan_mark
        if row[2] is None:
            if stat_of(self.base + row[1]) is not None:
                return None
        else:
            entries_mark = self._current_mark(row[1], row[2])
            if entries_mark is None:
                return None
            row[2] = entries_mark
        return decode(row[3])

    def _judge(self, ledger: Ledger, path: str, as_of: date, policy: Policy) -> CommitmentStatus | None:
        """Read and judge one commitment and cache it; None when there is anything to complain of."""
        from ledger.files.assessment import assess_commitment, entries_of
        from ledger.files.ledger import Source

        plan = self._read(path)
        source = None if plan is None else ledger.read_commitment(PurePosixPath(path), plan[1])
        if plan is None or not isinstance(source, Source):
            return None
        commitment = source.commitment
        progress_path = str(layout.progress_file(commitment.year, commitment.id))
        entries: Entries = ()
        mark, stat = None, stat_of(self.base + progress_path)
        if stat is not None:
            progress = self._read(progress_path, stat)
            read_entries = None if progress is None else entries_of(progress_path, progress[1])
            if progress is None or read_entries is None:
                return None
            entries, mark = read_entries, progress[0]
        status = assess_commitment(ledger, source, as_of, policy, entries)
        self.files[path] = [plan[0], progress_path, mark, encode(status)]
        self.changed = True
        return status

    def _judge_in_parallel(
        self, ledger: Ledger, year: int, paths: Sequence[str], as_of: date, policy: Policy
    ) -> None:
        """Read and judge many commitments in several processes where that pays; faulty ones are left out."""

        def judge_some(some: Sequence[str]) -> dict[str, Any]:
            return {path: self.files[path] for path in some if self._judge(ledger, path, as_of, policy)}

        rows = map_commitments(self.root, year, paths, judge_some)
        self.files.update(rows)
        self.judged_elsewhere = set(rows)

    def _take_config(self, ledger: Ledger) -> bool:
        """Take over the ledger's configuration; False when it changed since the ledger was opened."""
        current = self._read(str(layout.CONFIG))
        if current is None or current[1] != ledger.raw:
            return False
        config = ledger.config
        if self.config is None or self.config.mark[1] != current[0][1]:
            self.files = {}
        departments = tuple(
            CachedDepartment(row.name, row.inferred, row.aliases) for row in config.departments
        )
        by_day = config.pace == "day" or (config.pace is None and config.rules == 2023)
        due_day = None if by_day else config.due_day
        reorganised = bool(config.reorganisations)
        self.config = _Config(
            current[0], config.name, config.year, config.simulated, departments, reorganised, due_day
        )
        return True

    def _keep_only(self, paths: Sequence[str]) -> None:
        """Drop what is no longer in the plan."""
        if len(self.files) != len(paths):
            self.files = {path: self.files[path] for path in paths if path in self.files}
            self.changed = True
