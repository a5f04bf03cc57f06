"""One call of the program: its environment, its ledger, its year."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.core.dates import month_end
from ledger.core.errors import UsageError
from ledger.environment import Environment

if TYPE_CHECKING:
    from ledger.core.models import Commitment
    from ledger.core.progress.report import Query
    from ledger.files.cache import Cache
    from ledger.files.ledger import Ledger
    from ledger.files.status_cache import StatusRequest
    from ledger.git import Repo
    from ledger.render.view import View
    from ledger.rules.known import Known


class Reading(NamedTuple):
    """From where the ledger is read: `folder` holds the data, `home` is the ledger itself; `known` is None for the work tree."""

    folder: Path
    home: Path
    known: Known | None


_SHOWN = 10


def _may_be_sealed(home: Path) -> bool:
    """Tell without starting git whether the ledger can have seals; False is certain."""
    from ledger.git.discovery import common_dir_of, find_git_dir, may_have_tags

    git_dir = find_git_dir(home.resolve())
    return git_dir is not None and may_have_tags(common_dir_of(git_dir[1]), "seal")


class AppContext:
    """One call of the program: its environment, and the ledger and year that `--root` and `--year` name.

    `known` is the time at which the ledger is read, as typed for `--known`; `reading` that time once the ledger is open.
    `keeps_answer` is False once the answer depends on what lies outside of the ledger, as on a server.
    `on_notice` is called with every notice, `on_document` with every document, beside its being written.
    """

    def __init__(
        self, env: Environment, root: Path | None = None, year: int | None = None, known: str | None = None
    ) -> None:
        self.env, self.root, self.year, self.known = env, root, year, known
        self.reading: Reading | None = None
        self.on_notice: Callable[[str], None] | None = None
        self.on_document: Callable[[bytes], None] | None = None
        self.keeps_answer = True
        self._caches: dict[Path, Cache] = {}
        self._temporary: Path | None = None  # the copies, where the user has no place for a cache

    def disable_pager(self) -> None:
        """Show every answer whole, however long."""
        self.env = self.env._replace(environ={**self.env.environ, "LEDGER_PAGER": ""})

    def notify(self, notice: object) -> None:
        """Write a notice to stderr, beside the answer; a stderr that takes nothing stops no command."""
        if self.on_notice is not None:
            self.on_notice(str(notice))
        with suppress(OSError):
            print(f"提示：{notice}", file=self.env.stderr)

    @contextmanager
    def after_write(self, *, dry_run: bool = False) -> Iterator[None]:
        """Show what was written. It cannot be taken back by now: what keeps it from being shown is a notice, and exit code 0.

        Every command that writes to the ledger renders its answer in this block. With `dry_run` nothing was written, and errors stay errors.

        Raises:
            WriteInterruptedError: when the user stops it; it says that the write is done.
        """
        try:
            yield
            self.env.stdout.flush()
        except KeyboardInterrupt:
            if dry_run:
                raise
            from ledger.files.signals import WriteInterruptedError

            raise WriteInterruptedError(done=True) from None
        except BrokenPipeError:
            raise  # the reader left, which is no failure
        except Exception as error:
            if dry_run:
                raise
            from ledger.files.notices import failure_line

            self.env.discard_output()
            self.notify(
                f"已经记下，不用重做；只是结果没有显示完（{failure_line(error)}）；ledger history 查看"
            )

    def write_document(self, path: Path, content: bytes, *, dry_run: bool) -> None:
        """Put a finished document at `path`, as `render.outfile.write_file` does.

        Raises:
            OutputFileError: when the disk refuses.
        """
        from ledger.render.outfile import write_file

        write_file(path, content, dry_run=dry_run)
        if self.on_document is not None:
            self.on_document(content)

    def notify_uncommitted(self, paths: Sequence[str]) -> None:
        """Name the files that count in an answer although they are not committed as they are."""
        if paths:
            shown = "、".join(paths[:_SHOWN]) + (f" 等 {len(paths)} 个" if len(paths) > _SHOWN else "")
            self.notify(f"有文件尚未提交，其内容已计入：{shown}")

    def notify_shallow(self, earlier: Iterable[bool]) -> None:
        """Say that this is a shallow clone, where the commits of entries that were shown lie beyond its end."""
        if any(earlier):
            self.notify("这是浅克隆，标“较早”的记录由谁提交，这里查不到；补全历史：git fetch --unshallow")

    def ledger(self, day: date | None = None) -> Ledger:
        """Open the ledger: `--root`, else `LEDGER_ROOT`, else the nearest parent with `data/ledger.yaml`.

        It is read as `--known` says; for a `day` in a sealed month, as it was sealed. Departments are those of `day`, else of today.

        Raises:
            LedgerNotFoundError, InvalidLedgerError: as `Ledger.open` does.
            UnknownTimeError, GitFailedError: when it cannot be read at that time.
        """
        from ledger.files.ledger import Ledger

        reading = self.read_at(day)
        on = day or self.env.today
        if reading.known is None:
            return Ledger.open(reading.folder, day=on)
        return Ledger.open(reading.folder, reading.home, reading.known.commit, day=on)

    def ledger_on(self, day: date) -> Ledger:
        """Open the ledger for one of several days, each read as `--known` or its seal says.

        Raises:
            LedgerError: as `ledger` does.
        """
        self.reading = None
        return self.ledger(day)

    def read_at(self, day: date | None = None) -> Reading:
        """Find the folder from which the ledger is read: the work tree, or a copy of it as `--known` or a seal over `day` has it.

        Raises:
            LedgerNotFoundError: when there is none here or above.
            UnknownTimeError, GitFailedError: when it cannot be read at that time.
        """
        if self.reading is None:
            home = self.folder()
            known = self._known(home, day)
            self.reading = Reading(home if known is None else self._copy(home, known), home, known)
        return self.reading

    def _known(self, home: Path, day: date | None) -> Known | None:
        if self.known is None and (day is None or month_end(day) >= self.env.today):
            return None  # a month is sealed after it is over
        if self.known is None and not _may_be_sealed(home):
            return None
        from ledger.git import NotARepositoryError, Repo
        from ledger.rules.known import find_known, sealed_as_of

        try:
            repo = Repo.open(home)
        except NotARepositoryError:
            if self.known is not None:
                raise
            return None
        if self.known is not None:
            return find_known(repo, self.known, self.env.today)
        return None if day is None else sealed_as_of(repo, day)

    def _copy(self, home: Path, known: Known) -> Path:
        from ledger.files.checkout import check_out
        from ledger.git import Repo

        cache = self.cache(home)
        if cache is None:
            from tempfile import mkdtemp

            base = Path(mkdtemp(prefix="ledger-"))
        else:
            base = cache.folder / "commits"
        self._temporary = base if cache is None else None
        return check_out(Repo.open(home), home, known.commit, base)

    def clean_up(self) -> None:
        """Remove what was only needed for this call."""
        if self._temporary is not None:
            import shutil

            shutil.rmtree(self._temporary, ignore_errors=True)

    def tell_known(self, year: int, folders: Iterable[str], as_of: date) -> None:
        """Notify that the answer is of an earlier time, and of what came after a seal in some folders of the plan."""
        reading = self.reading
        if reading is None or reading.known is None:
            return
        from ledger.git import Repo
        from ledger.rules.known import count_later

        known = reading.known
        if known.seal is None:
            self.notify(f"按 {known.label} 时的账")
            return
        repo = Repo.open(reading.home)
        later = count_later(repo, reading.home, reading.folder, known, year, folders, as_of)
        since = f"；封账后另有{later.text}，--known 今天 计入" if later.text else ""
        self.notify(f"按 {known.label}时的账{since}")

    def tell_known_of(self, ledger: Ledger, query: Query) -> None:
        """Notify as `tell_known` does, of the departments asked for."""
        from ledger.files import listing

        names = ledger.folders(query.year, query.departments)
        self.tell_known(query.year, names or listing.listed_departments(ledger.root, query.year), query.as_of)

    def marked(self, view: View) -> View:
        """Return a view whose JSON says at which commit the ledger was read: null for the work tree."""
        from ledger.render.view import View

        known = self.reading.known.commit if self.reading and self.reading.known else None

        def data() -> object:
            if not isinstance(view.data, dict):
                return view.data
            items = list(view.data.items())
            place = next((n for n, (key, _) in enumerate(items, start=1) if key == "as_of"), len(items))
            return dict([*items[:place], ("known", known), *items[place:]])

        return View(lambda: view.blocks, data, lambda: view.records)

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
        if not ledger.years:
            self.notify(
                f"账本里还没有计划，也就没有可看的；从原件导入：ledger plan import 计划文件 --year {chosen or ledger.config.year}"
            )
        if chosen is None:
            return ledger.config.year
        if chosen not in ledger.years:
            have = "、".join(map(str, ledger.years)) or "（没有）"
            raise UsageError(f"账本里没有 {chosen} 年的计划", f"现有年度：{have}")
        return chosen

    def plan_year(
        self, ledger: Ledger, first: date, last: date, departments: Collection[str] | None = None
    ) -> int:
        """Return `--year`, else the year of the plan whose period has a day from `first` to `last`, else the year of `last`.

        Raises:
            UsageError: when the ledger has no plan for that year.
        """
        from ledger.files import lookup

        plan_year = None if self.year else lookup.find_plan_year(ledger, first, last, departments)
        return self.year_of(ledger, plan_year or last.year)

    def departments_of(self, ledger: Ledger, names: Sequence[str]) -> frozenset[str] | None:
        """Return the departments that names or aliases mean; None, which is all of them, for no name.

        Raises:
            UnknownDepartmentError: when a name means none.
        """
        from ledger.files import lookup

        return lookup.departments(ledger, names)

    def query(self, ledger: Ledger, as_of: date | None, departments: Sequence[str] = ()) -> Query:
        """Return what to look at: the year, the departments, and everything up to a day, by default today.

        Raises:
            UsageError, UnknownDepartmentError: when there are none.
        """
        query = self.query_one(ledger, as_of, departments)
        self.notify_differences(ledger, query.year, query.departments)
        return query

    def query_one(self, ledger: Ledger, as_of: date | None, departments: Sequence[str] = ()) -> Query:
        """Return what to look at as `query` does, for a command that reads one commitment and then calls `notify_changed`.

        Raises:
            UsageError, UnknownDepartmentError: when there are none.
        """
        from ledger.core.progress.report import Query

        names = self.departments_of(ledger, departments)
        return Query(self.year_of(ledger), as_of or self.env.today, names)

    def notify_changed(self, ledger: Ledger, commitment: Commitment) -> None:
        """Name the files of a commitment that an answer takes from the folder and not from a commit."""
        if ledger.commit is not None:
            return
        from ledger.files.worktree import find_uncommitted

        self.notify_uncommitted(find_uncommitted(ledger.root, commitment))

    def notify_differences(
        self, ledger: Ledger, year: int, departments: Collection[str] | None = None
    ) -> None:
        """Name the files of a year that an answer takes from the folder and not from a commit."""
        if ledger.commit is not None:
            return
        from ledger.files.worktree import find_differences

        self.notify_uncommitted(
            find_differences(ledger.root, year, ledger.folders(year, departments)).uncommitted
        )

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
        from ledger.files.exclusive import recover_only
        from ledger.git import Repo

        repo = Repo.open(ledger.root)
        if not dry_run:
            recover_only(repo, self.notify)
        return repo

    def cache(self, folder: Path) -> Cache | None:
        """Return the cache of the ledger in `folder`; None where the user has no place for one."""
        from ledger.files.cache import Cache, user_cache_folder

        base = user_cache_folder(self.env.environ)
        if base is not None and folder not in self._caches:
            self._caches[folder] = Cache(base, folder)
        return self._caches.get(folder)
