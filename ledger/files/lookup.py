"""Finds what a user means by a department, a commitment or a target; an ambiguous word is refused with the candidates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from difflib import get_close_matches

from ledger.core.errors import LedgerError
from ledger.core.models import Commitment, Department, LedgerConfig, Target
from ledger.core.structs import FrozenStruct
from ledger.files import layout, lookup, worktree
from ledger.files.ledger import InvalidLedgerError, Ledger, Source

_FEW = 30
"""As many targets as a person looks through; a department has that many, a plan ten times more."""


class UnknownDepartmentError(LedgerError):
    """No department of that name or alias."""

    def __init__(self, word: str, config: LedgerConfig) -> None:
        names = [name for one in config.departments for name in (one.name, *one.aliases)]
        close = (
            get_close_matches(word, names, n=3, cutoff=0.4)
            or [name for name in names if set(word) & set(name)][:3]
        )
        hint = f"是不是 {'、'.join(close)}？" if close else ""
        super().__init__(
            f"没有叫“{word}”的部门", f"{hint}全部部门：{'、'.join(one.name for one in config.departments)}"
        )


class UnknownCommitmentError(LedgerError):
    """No commitment of that id."""

    def __init__(self, word: str, ids: Sequence[str]) -> None:
        close = get_close_matches(word, ids, n=3, cutoff=0.5)
        super().__init__(
            f"没有编号为“{word}”的承诺事项",
            (f"是不是 {'、'.join(close)}？" if close else "")
            + "编号写成 部门-序号，如 金融办-03；ledger targets 词 可以查找",
        )


class UnknownTargetError(LedgerError):
    """No target that the word could mean."""

    def __init__(self, word: str, targets: Sequence[TargetRef]) -> None:
        names = [found.target.name for found in targets]
        key = word.rpartition("/")[2]
        keys = get_close_matches(key, {found.target.key for found in targets}, n=3, cutoff=0.7)
        close = (
            get_close_matches(word, names, n=3, cutoff=0.3)
            or [found.ref for found in targets if found.target.key in keys][:3]
        )
        known = "、".join(close or names)
        hint = f"是不是 {known}？" if close else f"可选：{known}；" if len(names) <= _FEW else ""
        super().__init__(f"找不到目标“{word}”", f"{hint}ledger targets 词 可以查找")


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
        lines = "\n".join(f"  {found.ref}  {found.target.name}" for found in candidates[:12])
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


def department(config: LedgerConfig, word: str) -> Department:
    """Return the department of that name or alias.

    Raises:
        UnknownDepartmentError: with the nearest names.
    """
    found = config.department(word.strip())
    if found is None:
        raise UnknownDepartmentError(word, config)
    return found


def commitment(ledger: Ledger, year: int, word: str) -> Source:
    """Return the commitment with that id (`金融办-03`, `金融办-3`, or with the department's alias).

    Raises:
        UnknownDepartmentError, UnknownCommitmentError: with the nearest candidates.
        InvalidLedgerError: when its file, or one of its department's that must be searched, holds errors.
        MissingFilesError: when committed files of its department are not in the work tree.
    """
    name, _, number = word.strip().rpartition("-")
    if not name:
        raise UnknownCommitmentError(word, [one.commitment.id for one in ledger.load_plan(year)])
    owner = department(ledger.config, name)
    number = number.zfill(2)
    identifier = f"{owner.name}-{number}"
    path = layout.targets_file(year, owner.name, number)
    if number.isdecimal() and (ledger.root / path).is_file():
        source = ledger.read_commitment(path)
        if not isinstance(source, Source):
            raise InvalidLedgerError(source)
        if source.commitment.id == identifier:
            worktree.require_complete(ledger.root, year, {owner.name})
            return source
    sources = ledger.load_plan(year, {owner.name})
    for source in sources:
        if source.commitment.id == identifier:
            return source
    raise UnknownCommitmentError(word, [source.commitment.id for source in sources])


def target(sources: Iterable[Source], word: str) -> TargetRef:
    """Return the one target meant by key, `id/key`, name, or an unambiguous part of a name.

    An exact key or name beats a part of a name.

    Raises:
        UnknownTargetError: with the nearest names.
        AmbiguousTargetError: with every candidate.
    """
    everything = [TargetRef(source, one) for source in sources for one in source.commitment.targets]
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
        TargetRef(source, one)
        for source in sources
        for one in source.commitment.targets
        if any(word in text for text in (one.name, one.key, one.quote, source.commitment.title))
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
