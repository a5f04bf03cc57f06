"""One call of the program: its world, its ledger, its year. Loads no typer, for the daily commands do without."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.core.errors import UsageError
from ledger.environment import Environment

if TYPE_CHECKING:
    from ledger.core.progress.report import Query
    from ledger.files.cache import Cache
    from ledger.files.ledger import Ledger
    from ledger.files.status_cache import StatusRequest


@dataclass
class AppContext:
    """One call of the program: the world it runs in and the options given before the command."""

    env: Environment
    root: Path | None = None
    year: int | None = None

    def page_nothing(self) -> None:
        """Show every answer whole, however long."""
        self.env = replace(self.env, environ={**self.env.environ, "LEDGER_PAGER": ""})

    def tell(self, notice: object) -> None:
        """Tell the user something that is no part of the answer."""
        print(f"提示：{notice}", file=self.env.stderr)

    def ledger(self, root: Path | None = None) -> Ledger:
        """Open the ledger: `--root`, else `LEDGER_ROOT`, else the nearest parent with `data/ledger.yaml`.

        Raises:
            LedgerNotFoundError, InvalidLedgerError: as `Ledger.open` does.
        """
        from ledger.files.ledger import Ledger

        return Ledger.open(self.root_of(root))

    def root_of(self, root: Path | None = None) -> Path:
        """Return the folder of the ledger this call is about.

        Raises:
            LedgerNotFoundError: when there is none here or above.
        """
        from ledger.files import layout

        named = root or self.root or self.env.environ.get("LEDGER_ROOT")
        folder = self.env.cwd / named if named else layout.find_root(self.env.cwd)
        if folder is None:
            from ledger.files.ledger import LedgerNotFoundError

            raise LedgerNotFoundError(self.env.cwd)
        return folder

    def year_of(self, ledger: Ledger, year: int | None = None) -> int:
        """Return the year asked for, or the ledger's current one.

        Raises:
            UsageError: when the ledger has no plan for the year asked for.
        """
        wanted = year or self.year
        if wanted is None:
            return ledger.config.year
        if wanted not in ledger.years:
            have = "、".join(map(str, ledger.years)) or "（没有）"
            raise UsageError(f"账本里没有 {wanted} 年的计划", f"现有年度：{have}")
        return wanted

    def resolve_query(self, ledger: Ledger, request: StatusRequest) -> Query:
        """Find the year and the departments that the user means.

        Raises:
            UsageError, UnknownDepartmentError: when there are none.
        """
        from ledger.core.progress.report import Query
        from ledger.files import lookup

        names = frozenset(lookup.department(ledger.config, one).name for one in request.departments)
        return Query(self.year_of(ledger, request.year), request.as_of, names or None, request.lights)

    def cache(self, folder: Path) -> Cache | None:
        """Return the cache of the ledger in `folder`; None where the user has no place for one."""
        from ledger.files.cache import Cache, folder_of

        base = folder_of(self.env.environ)
        return Cache(base, folder) if base is not None else None
