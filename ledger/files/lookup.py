"""Finds what a user means by a department, a commitment or a target; an ambiguous word is refused with the candidates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from ledger.core.errors import LedgerError
from ledger.core.models import Commitment, Department, LedgerConfig, Target
from ledger.core.structs import FrozenStruct
from ledger.files import layout, lookup, worktree
from ledger.files.ledger import InvalidLedgerError, Ledger, Source

_FEW = 30
"""As many targets as a person looks through; a department has that many, a plan ten times more."""


def _close_matches(word: str, names: Iterable[str], n: int, cutoff: float) -> list[str]:
    from difflib import get_close_matches  # for mistakes alone

    return get_close_matches(word, list(names), n=n, cutoff=cutoff)


class UnknownDepartmentError(LedgerError):
    """No department of that name or alias."""

    def __init__(self, word: str, config: LedgerConfig) -> None:
        names = [name for department in config.departments for name in (department.name, *department.aliases)]
        close = (
            _close_matches(word, names, n=3, cutoff=0.4)
            or [name for name in names if set(word) & set(name)][:3]
        )
        hint = f"是不是 {'、'.join(close)}？" if close else ""
        super().__init__(
            f"没有叫“{word}”的部门",
            f"{hint}全部部门：{'、'.join(department.name for department in config.departments)}"
            if config.departments
            else "账本里还没有部门：从计划原件导入（ledger plan import 计划文件），或写进 data/ledger.yaml",
        )


class FutureDepartmentError(LedgerError):
    """A department that does not exist yet on the day asked for."""

    def __init__(self, word: str, ledger: Ledger, names: Sequence[str]) -> None:
        founded = ledger.history.founded(word)
        since = f"自 {founded.on} 起才有（{founded.text}）" if founded else "还没有成立"
        super().__init__(f"“{word}”{since}", f"{ledger.day} 时写 {' 或 '.join(names)}")


class UnknownCommitmentError(LedgerError):
    """No commitment of that id."""

    def __init__(self, word: str, ids: Sequence[str]) -> None:
        close = _close_matches(word, ids, n=3, cutoff=0.5)
        super().__init__(
            f"没有编号为“{word}”的承诺事项",
            (f"是不是 {'、'.join(close)}？" if close else "")
            + "编号写成 部门-序号，如 金融办-03；ledger targets 词 可以查找",
        )


class AmbiguousCommitmentError(LedgerError):
    """An id with the name of a merged department, of which several commitments have the number."""

    def __init__(self, word: str, commitments: Sequence[Commitment]) -> None:
        ids = [commitment.id for commitment in commitments]
        listed = "\n".join(f"  {commitment.id}  {commitment.title}" for commitment in commitments)
        super().__init__(f"“{word}”可以指 {len(ids)} 项承诺：\n{listed}", f"写原来的编号，如 {ids[0]}")


class UnknownTargetError(LedgerError):
    """No target that the word could mean."""

    def __init__(self, word: str, targets: Sequence[TargetRef]) -> None:
        names = [target_ref.target.name for target_ref in targets]
        key = word.rpartition("/")[2]
        keys = _close_matches(key, {target_ref.target.key for target_ref in targets}, n=3, cutoff=0.7)
        close = (
            _close_matches(word, names, n=3, cutoff=0.3)
            or [target_ref.ref for target_ref in targets if target_ref.target.key in keys][:3]
        )
        known = "、".join(close or names)
        hint = f"是不是 {known}？" if close else f"可选：{known}；" if len(names) <= _FEW else ""
        super().__init__(f"找不到目标“{word}”", f"{hint}ledger targets 词 可以查找")


class TransferredError(LedgerError):
    """A target of a commitment that another department is in charge of now."""

    def __init__(self, target_ref: TargetRef) -> None:
        now = target_ref.commitment.department
        super().__init__(f"{target_ref.commitment.id} 已划转给{now}", f"部门写 {now}：{now} {target_ref.ref}")


class UnconfirmedDraftError(LedgerError):
    """No target of that word, in a department that has unconfirmed drafts."""

    def __init__(self, word: str, department: str, waiting: int, hint: str) -> None:
        super().__init__(
            f"找不到目标“{word}”；{department}还有 {waiting} 项草稿没有确认，草稿不能记账",
            f"先确认：ledger draft --review --department {department}；{hint}",
        )


class AmbiguousTargetError(LedgerError):
    """More than one target fits the word."""

    def __init__(self, word: str, candidates: Sequence[TargetRef]) -> None:
        lines = "\n".join(f"  {target_ref.ref}  {target_ref.target.name}" for target_ref in candidates[:12])
        more = f"\n  ……共 {len(candidates)} 个" if len(candidates) > 12 else ""
        super().__init__(
            f"“{word}”可以指 {len(candidates)} 个目标：\n{lines}{more}", f"写全，如 {candidates[0].ref}"
        )


class TargetRef(FrozenStruct):
    """A target, the commitment it belongs to, and the file it is in."""

    source: Source
    target: Target

    @property
    def commitment(self) -> Commitment:
        """The commitment the target belongs to."""
        return self.source.commitment

    @property
    def ref(self) -> str:
        """`金融办-03/listed`."""
        return f"{self.commitment.id}/{self.target.key}"


def department(ledger: Ledger, word: str) -> Department:
    """Return the department that a name or an alias of any time means on the ledger's day.

    Raises:
        UnknownDepartmentError: with the nearest names.
        FutureDepartmentError: for one that several departments are yet to be merged into.
    """
    word = word.strip()
    departments = ledger.find_departments(word)
    if not departments:
        raise UnknownDepartmentError(word, ledger.config)
    if len(departments) > 1:
        raise FutureDepartmentError(word, ledger, [row.name for row in departments])
    return departments[0]


def departments(ledger: Ledger, words: Iterable[str]) -> frozenset[str] | None:
    """Return the departments of the ledger's day that names or aliases mean; None, which is all of them, for no name.

    Raises:
        UnknownDepartmentError: with the nearest names.
    """
    names: set[str] = set()
    for word in words:
        meant = ledger.find_departments(word.strip())
        if not meant:
            raise UnknownDepartmentError(word, ledger.config)
        names.update(row.name for row in meant)
    return frozenset(names) or None


def commitment(ledger: Ledger, year: int, word: str) -> Source:
    """Return the commitment with that id (`金融办-03`, `金融办-3`, or with the department's alias).

    Raises:
        UnknownDepartmentError, UnknownCommitmentError, AmbiguousCommitmentError: with the nearest candidates.
        InvalidLedgerError: when its file, or one of its department's that must be searched, holds errors.
        MissingFilesError: when committed files of its department are not in the work tree.
    """
    name, _, number = word.strip().rpartition("-")
    if not name:
        raise UnknownCommitmentError(word, [source.commitment.id for source in ledger.load_plan(year)])
    named = ledger.config.department(name)
    if named is None:
        raise UnknownDepartmentError(name, ledger.config)
    number = number.zfill(2)
    names = {row.name for row in ledger.find_departments(name)}
    for folders in ([named.name], sorted(ledger.folders(year, names) or ())):
        sources = [in_folder for folder in folders if (in_folder := _in_folder(ledger, year, folder, number))]
        if len(sources) > 1:
            raise AmbiguousCommitmentError(word, [source.commitment for source in sources])
        if sources:
            return sources[0]
    plan = ledger.load_plan(year, names)
    for source in plan:
        if source.commitment.id == f"{named.name}-{number}":
            return source
    raise UnknownCommitmentError(word, [source.commitment.id for source in plan])


def _in_folder(ledger: Ledger, year: int, folder: str, number: str) -> Source | None:
    """Return the commitment of a folder with that number, where its file has that id."""
    path = layout.targets_file(year, folder, number)
    if not number.isdecimal() or not (ledger.root / path).is_file():
        return None
    source = ledger.read_commitment(path)
    if not isinstance(source, Source):
        raise InvalidLedgerError(source)
    if source.commitment.id != f"{folder}-{number}":
        return None
    worktree.require_complete(ledger.root, year, {folder})
    return source


def target(sources: Iterable[Source], word: str) -> TargetRef:
    """Return the one target meant by key, `id/key`, name, or an unambiguous part of a name.

    An exact key or name beats a part of a name.

    Raises:
        UnknownTargetError: with the nearest names.
        AmbiguousTargetError: with every candidate.
    """
    everything = [TargetRef(source, target) for source in sources for target in source.commitment.targets]
    word = word.strip()
    head, slash, key = word.partition("/")
    if slash:
        hits = [f for f in everything if f.target.key == key and _same_id(f.commitment.id, head)]
    else:
        hits = [f for f in everything if f.target.name == word] or [
            f for f in everything if f.target.key == word
        ]
        hits = hits or ([f for f in everything if word in f.target.name] if word else [])
    if not hits:
        raise UnknownTargetError(word, everything)
    if len(hits) > 1:
        raise AmbiguousTargetError(word, hits)
    return hits[0]


def target_of_department(ledger: Ledger, year: int, department_word: str, word: str) -> TargetRef:
    """Return the one target meant by a word among those that a department is in charge of.

    Raises:
        UnknownDepartmentError, FutureDepartmentError: for the department.
        UnknownTargetError, AmbiguousTargetError: with the candidates.
        TransferredError: for a target that the department had before.
    """
    owner = department(ledger, department_word)
    if ledger.history and "/" in word:
        word = _current_ref(ledger, year, word)
    try:
        return target(ledger.load_plan(year, {owner.name}), word)
    except UnknownTargetError:
        moved = [
            source
            for (plan_year, identifier) in ledger.history.transfers
            if plan_year == year and (source := commitment(ledger, year, identifier))
        ]
        try:
            hit = target(moved, word)
        except LedgerError:
            hit = None
        if hit is None:
            raise
        raise TransferredError(hit) from None


def _current_ref(ledger: Ledger, year: int, word: str) -> str:
    """Return a reference under the id of its commitment, where it was typed with another name of the department."""
    identifier, _, key = word.partition("/")
    try:
        return f"{commitment(ledger, year, identifier).commitment.id}/{key}"
    except (UnknownDepartmentError, UnknownCommitmentError):
        return word


def find_plan_year(
    ledger: Ledger, first: date, last: date, departments: Collection[str] | None = None
) -> int | None:
    """Return the year of the plan whose period has a day from `first` to `last`; None where no plan has.

    The ledger's current year comes first, then the year of the day and the years beside it, as a period may run over New Year.
    """
    near = dict.fromkeys((ledger.config.year, last.year, last.year - 1, last.year + 1))
    for year in (year for year in near if year in ledger.years):
        for path in ledger.target_files(year, departments):
            source = ledger.read_commitment(path)
            if (
                isinstance(source, Source)
                and source.commitment.start <= last
                and first <= source.commitment.end
            ):
                return year
    return None


def search(sources: Iterable[Source], word: str) -> tuple[TargetRef, ...]:
    """Return every target whose name, key, quote or commitment's title holds the word; all when it is empty."""
    return tuple(
        TargetRef(source, target)
        for source in sources
        for target in source.commitment.targets
        if any(word in text for text in (target.name, target.key, target.quote, source.commitment.title))
    )


def _same_id(known: str, given: str) -> bool:
    name, _, number = given.rpartition("-")
    return known == given or known == f"{name}-{number.zfill(2)}"


class NotACommitmentError(LedgerError):
    """A department where one commitment or target of it is meant."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} 是部门，这里要写它的一项承诺或一个目标",
            f"如 {name}-01；看整个部门：ledger status --dept {name}",
        )


def resolve(ledger: Ledger, year: int, ref: str) -> tuple[Source, Target | None]:
    """Return the commitment, and the target if only one is meant, that `ref` names.

    Raises:
        UnknownDepartmentError, UnknownCommitmentError, UnknownTargetError, AmbiguousTargetError: with the candidates.
        InvalidLedgerError: when a file it needs holds an error.
    """
    head, slash, _ = ref.partition("/")
    owner, _, number = head.rpartition("-")
    if owner and number.isdigit() and ledger.config.department(owner):
        source = lookup.commitment(ledger, year, head)
        if not slash:
            return source, None
        target_ref = lookup.target((source,), f"{source.commitment.id}/{ref.partition('/')[2]}")
        return source, target_ref.target
    if department := ledger.config.department(ref.strip()):
        raise NotACommitmentError(department.name)
    target_ref = lookup.target(ledger.load_plan(year), ref)
    return target_ref.source, target_ref.target
