"""What was known: the commit that a seal, a day or a commit's id means, and what came after it.

Valid time (`--as-of`) says on which day a figure held, transaction time (`--known`) when it was in the ledger. git keeps the second:
a ledger as it was known is the ledger of a commit. A day that a seal covers is answered as it was sealed unless the user says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.core.dates import AmbiguousDateError, DateError, read_date, read_month
from ledger.core.errors import LedgerError
from ledger.core.progress.entries import is_report, named_by
from ledger.files import layout
from ledger.files.cache import Cache
from ledger.files.checkout import check_out
from ledger.git import SHORT, NotARepositoryError, Repo
from ledger.git.errors import ShallowCloneError

if TYPE_CHECKING:
    from ledger.core.models import Entry
    from ledger.files.ledger import Ledger

NOW = {"今天", "现在", "today", "now"}
_SEAL = re.compile(r"\d{4}-\d{2}")
_COMMIT = re.compile(r"[0-9a-f]{4,64}")


class UnknownTimeError(LedgerError):
    """Raised when `--known` names no time at which the ledger can be read."""


class Known(NamedTuple):
    """A time at which the ledger is read: its commit, and its label. `seal` is the month of the seal, if it was named."""

    commit: str
    label: str
    seal: str | None = None


class Moment(NamedTuple):
    """A day as of which the ledger is judged, and `known` as `find_known` takes it; None for as sealed, or as it is now."""

    as_of: date
    known: str | None


class Later(NamedTuple):
    """How many entries dated in the time asked for came after it was known."""

    reports: int = 0
    corrections: int = 0
    withdrawals: int = 0
    reviews: int = 0

    @property
    def text(self) -> str:
        """`补报 1 笔、更正 2 笔`; empty when nothing came."""
        words = ("补报", "更正", "作废", "核定或退回")
        counts = zip(words, self, strict=True)
        return "、".join(f"{word} {count} 笔" for word, count in counts if count)


def find_known(repo: Repo, text: str, today: date) -> Known | None:
    """Return the time that `text` names: a sealed month (2023-06), a date, a commit; None for 今天, which is the work tree.

    Raises:
        UnknownTimeError: when there is no such seal or commit, or the ledger is younger.
    """
    text = text.strip()
    if text in NOW:
        return None
    if _SEAL.fullmatch(text):
        seals = sealed_months(repo)
        if text not in seals:
            have = "、".join(sorted(seals)) or "（还没有封过账）"
            raise UnknownTimeError(
                f"没有 {text} 的封账", f"已有的封账：{have}；按日期看写 --known 2023-06-30"
            )
        return Known(seals[text], f"{text} 封账", text)
    try:
        day = read_date(text, today)
    except AmbiguousDateError as error:
        raise UnknownTimeError(error.message, error.hint) from None
    except DateError:
        return _of_commit(repo, text)
    return Known(commit_on(repo, day), f"{day}")


def find_moment(repo: Repo, text: str, today: date) -> Moment:
    """Return the day and the time of knowledge that `text` names: a month, a day, or a commit (its day, and what it holds).

    A month that is sealed, and a day in one, is read as sealed.

    Raises:
        UnknownTimeError: when it names none, or a day to come.
    """
    for parse in (read_month, read_date):
        try:
            day = min(parse(text, today), today)
        except AmbiguousDateError as error:
            raise UnknownTimeError(error.message, error.hint) from None
        except DateError:
            continue
        return Moment(day, None)
    known = _of_commit(repo, text)
    written = repo.git.text("log", "-1", "--format=%cs", "--end-of-options", known.commit)
    return Moment(min(date.fromisoformat(written), today), known.commit)


def sealed_as_of(repo: Repo, day: date) -> Known | None:
    """Return the first seal that covers a day; None where the day is not sealed."""
    if not repo.may_have_tags("seal"):
        return None
    label = f"{day:%Y-%m}"
    covering = {month: commit for month, commit in sealed_months(repo).items() if month >= label}
    month = min(covering, default=None)
    return None if month is None else Known(covering[month], f"{month} 封账", month)


def base_of_copies(cache: Cache | None, stack: ExitStack) -> Path:
    """Return the folder for copies of sealed commits: in the cache, or a temporary one that goes with `stack`."""
    if cache is not None:
        return cache.folder / "commits"
    from tempfile import TemporaryDirectory  # three milliseconds, for those without a cache

    return Path(stack.enter_context(TemporaryDirectory(prefix="ledger-")))


def open_as_sealed(home: Path, day: date, base: Path) -> Ledger:
    """Open the ledger at `home` as it was sealed where a seal covers `day`, else its work tree; copies are kept below `base`.

    Raises:
        LedgerNotFoundError, InvalidLedgerError: as `Ledger.open` does.
        GitFailedError: when the sealed commit cannot be read.
    """
    from ledger.files.ledger import Ledger

    try:
        repo = Repo.open(home)
    except NotARepositoryError:
        return Ledger.open(home, day=day)
    known = sealed_as_of(repo, day)
    if known is None:
        return Ledger.open(home, day=day)
    return Ledger.open(check_out(repo, home, known.commit, base), home, known.commit, day=day)


def commit_on(repo: Repo, day: date) -> str:
    """Return the commit that was the ledger's newest at the end of a day.

    By the server's receipts where it keeps them, for they have the server's clock; else by the commits' own times.

    Raises:
        UnknownTimeError: when the ledger is younger.
        ShallowCloneError: in a shallow clone, which does not have the commits of that time.
    """
    end = int(datetime.combine(day, time.max).astimezone().timestamp())
    commit = _received_by(repo, end) or repo.git.text("rev-list", "-1", f"--before={end}", "HEAD")
    if not commit:
        _require_history(repo)
        first = repo.git.text("log", "--reverse", "--format=%cs", "HEAD").partition("\n")[0]
        raise UnknownTimeError(f"{day} 时还没有这个账本", f"账本从 {first} 起有记录")
    return commit


def count_later(
    repo: Repo, root: Path, copy: Path, known: Known, year: int, departments: Iterable[str], as_of: date
) -> Later:
    """Count the entries dated up to `as_of` that the ledger at `root` has and its copy at `known` has not.

    A correction or withdrawal counts when it, or the entry that it names, is dated up to `as_of`.
    """
    folders = [root / layout.PROGRESS / str(year) / name for name in departments]
    specs = [f":(top,literal){repo.relative(folder)}" for folder in folders]
    if not specs:
        return Later()
    changed = repo.git.records(
        "--no-optional-locks", "diff", "--name-only", "--no-renames", "-z", known.commit, "--", *specs
    )
    later = Later()
    for name in changed:
        path = (repo.top / name).relative_to(root.resolve())
        later = _add(later, _entries(root / path), _entries(copy / path), as_of)
    return later


def _add(later: Later, now: tuple[Entry, ...], then: tuple[Entry, ...], as_of: date) -> Later:
    known = {entry.id for entry in then}
    dated = {entry.id: entry.on for entry in now}
    reports, corrections, withdrawals, reviews = later
    for entry in now:
        named = named_by(entry)
        day = min(entry.on, dated.get(named, entry.on)) if named else entry.on
        if entry.id in known or day > as_of:
            continue
        corrections += bool(entry.corrects)
        withdrawals += bool(entry.voids)
        reviews += bool(entry.verifies or entry.returns)
        reports += not named and is_report(entry)
    return Later(reports, corrections, withdrawals, reviews)


def _entries(file: Path) -> tuple[Entry, ...]:
    from ledger.files.ledger import read_progress  # needed only where something came later

    return read_progress(file.name, file.read_bytes()).entries if file.is_file() else ()


def sealed_months(repo: Repo) -> dict[str, str]:
    """Return the commit of each month that is sealed now, without one that was opened again."""
    from ledger.rules.audit.seals import standing
    from ledger.rules.sealed import confirmed_seals

    return {seal.label: seal.commit for seal in standing(confirmed_seals(repo))}


def _received_by(repo: Repo, end: int) -> str | None:
    """Return the commit of the last branch update that the server received by a time, if this history holds it."""
    from ledger.rules.audit.receipts import REF, read_receipts

    if not (repo.common_dir / REF).exists() and repo.find_commit(REF) is None:
        return None
    receipts, _ = read_receipts(repo)
    commits = [
        receipt.new for receipt in receipts if receipt.time <= end and receipt.ref.startswith("refs/heads/")
    ]
    return commits[-1] if commits and repo.is_ancestor(commits[-1], "HEAD") else None


def _require_history(repo: Repo) -> None:
    if repo.shallow_commits():
        raise ShallowCloneError(repo.top)


def _of_commit(repo: Repo, text: str) -> Known:
    commit = repo.find_commit(text) if _COMMIT.fullmatch(text) or text == "HEAD" else None
    if commit is None:
        if _COMMIT.fullmatch(text):
            _require_history(repo)
        raise UnknownTimeError(
            f"--known 写得不对：{text}",
            "写封账的月份（2023-06）、日期、提交号，或 今天，如 --known 2023-06-30",
        )
    if not repo.is_ancestor(commit, "HEAD"):
        raise UnknownTimeError(f"提交 {text} 不在这个账本的历史里", "ledger history 编号 看记录所在的提交")
    return Known(commit, f"提交 {commit[:SHORT]}")
