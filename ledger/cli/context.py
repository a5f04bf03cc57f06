"""One call of the program: its environment, its ledger, its year."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.core.errors import UsageError
from ledger.environment import Environment

if TYPE_CHECKING:
    from ledger.core.progress.report import Query
    from ledger.files.cache import Cache
    from ledger.files.ledger import Ledger
    from ledger.files.status_cache import StatusRequest
    from ledger.git import Repo

_SHOWN = 10


@dataclass
class AppContext:
    """One call of the program: its environment, and the ledger and year that `--root` and `--year` name."""

    env: Environment
    root: Path | None = None
    year: int | None = None

    def disable_pager(self) -> None:
        """Show every answer whole, however long."""
        self.env = replace(self.env, environ={**self.env.environ, "LEDGER_PAGER": ""})

    def notify(self, notice: object) -> None:
        """Write a notice to stderr, beside the answer."""
        print(f"提示：{notice}", file=self.env.stderr)

    def notify_uncommitted(self, paths: Sequence[str]) -> None:
        """Name the files that count in an answer although they are not committed as they are."""
        if paths:
            shown = "、".join(paths[:_SHOWN]) + (f" 等 {len(paths)} 个" if len(paths) > _SHOWN else "")
            self.notify(f"有文件尚未提交，其内容已计入：{shown}")

    def ledger(self) -> Ledger:
        """Open the ledger: `--root`, else `LEDGER_ROOT`, else the nearest parent with `data/ledger.yaml`.

        Raises:
            LedgerNotFoundError, InvalidLedgerError: as `Ledger.open` does.
        """
        from ledger.files.ledger import Ledger

        return Ledger.open(self.folder())

    def folder(self) -> Path:
        """Return the folder of the ledger this call is about.

        Raises:
            LedgerNotFoundError: when there is none here or above.
        """
        from ledger.files import layout

        named = self.root or self.env.environ.get("LEDGER_ROOT")
        folder = self.env.cwd / named if named else layout.find_root(self.env.cwd)
        if folder is None:
            from ledger.files.ledger import LedgerNotFoundError

            raise LedgerNotFoundError(self.env.cwd)
        return folder

    def year_of(self, ledger: Ledger, year: int | None = None) -> int:
        """Return `--year`, else `year`, else the ledger's current one.

        Raises:
            UsageError: when the ledger has no plan for that year.
        """
        chosen = self.year or year
        if chosen is None:
            return ledger.config.year
        if chosen not in ledger.years:
            have = "、".join(map(str, ledger.years)) or "（没有）"
            raise UsageError(f"账本里没有 {chosen} 年的计划", f"现有年度：{have}")
        return chosen

    def departments_of(self, ledger: Ledger, names: Sequence[str]) -> frozenset[str] | None:
        """Return the departments that names or aliases mean; None, which is all of them, for no name.

        Raises:
            UnknownDepartmentError: when a name means none.
        """
        from ledger.files import lookup

        return frozenset(lookup.department(ledger.config, name).name for name in names) or None

    def query(self, ledger: Ledger, as_of: date | None, departments: Sequence[str] = ()) -> Query:
        """Return what to look at: the year, the departments, and everything up to a day, by default today.

        Raises:
            UsageError, UnknownDepartmentError: when there are none.
        """
        from ledger.core.progress.report import Query

        names = self.departments_of(ledger, departments)
        query = Query(self.year_of(ledger), as_of or self.env.today, names)
        self.notify_differences(ledger, query.year, names)
        return query

    def notify_differences(
        self, ledger: Ledger, year: int, departments: Collection[str] | None = None
    ) -> None:
        """Name the files of a year that an answer takes from the folder and not from a commit."""
        from ledger.files.worktree import find_differences

        self.notify_uncommitted(find_differences(ledger.root, year, departments).uncommitted)

    def resolve_query(self, ledger: Ledger, request: StatusRequest) -> Query:
        """Find the year and the departments that a request for a status means.

        Raises:
            UsageError, UnknownDepartmentError: when there are none.
        """
        from ledger.core.progress.report import Query

        names = self.departments_of(ledger, request.departments)
        return Query(self.year_of(ledger, request.year), request.as_of, names, request.lights)

    def repository(self, ledger: Ledger, *, dry_run: bool) -> Repo:
        """Open the ledger's repository; before a write, finish what a killed command left.

        Raises:
            LedgerError: when there is no repository, or its journal cannot be recovered.
        """
        from ledger.files.write import recover_only
        from ledger.git import Repo

        repo = Repo.open(ledger.root)
        if not dry_run:
            recover_only(repo, self.notify)
        return repo

    def cache(self, folder: Path) -> Cache | None:
        """Return the cache of the ledger in `folder`; None where the user has no place for one."""
        from ledger.files.cache import Cache, folder_of

        base = folder_of(self.env.environ)
        return Cache(base, folder) if base is not None else None
