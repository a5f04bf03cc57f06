"""What a draft is made of: targets, context, and the figures and mentions found on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

DraftKind = Literal["accumulate", "level", "change", "rank", "compare", "milestone", "judgement", "unknown"]
Op = Literal["reach", "at_least", "more_than", "at_most", "less_than", "about", "between"]
MentionForm = Literal[
    "figure", "rank", "rise", "tier", "cover", "zero", "streak", "compare", "judgement", "milestone", "vague"
]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """An amount due by a day of the plan year, in the unit of its target's goal."""

    day: tuple[int, int]  # month, day
    value: str


@dataclass(frozen=True, slots=True)
class TargetDraft:
    """One target as drafted: exact strings as the plan writes them, and the rule that found it.

    `value` is in `unit` (`"1.3"`, `"万个"`); `value2` is the upper bound of a range or the first stretch tier.
    `part_of` is the index of the parent in `Draft.targets`; targets with one `any_of` number are alternatives.
    `span` counts characters of the title when `in_title`, otherwise of the text. `due` is month and day. `form` and `word` are
    the mention's own, `falling` says that a `change` is a decline. `owners` are the responsible units that the text names,
    the leading one first.
    """

    quote: str
    name: str
    kind: DraftKind
    op: Op | None
    value: str | None
    value2: str | None
    unit: str | None
    hedge: str | None
    rule: str
    span: Span
    stretch: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    part_of: int | None = None
    any_of: int | None = None
    in_title: bool = False
    form: MentionForm = "figure"
    word: str = ""
    falling: bool = False
    due: tuple[int, int] | None = None
    plan: tuple[PlanDraft, ...] = ()
    baseline: str | None = None
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContextDraft:
    """A numeral that is no target, and why."""

    quote: str
    reason: str
    span: Span
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """The targets of a commitment in the order of its words (text first, then title), and its other numerals."""

    targets: tuple[TargetDraft, ...]
    context: tuple[ContextDraft, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit in the text: [start, end) without bounds."""

    start: int
    end: int
    value: str
    unit: str
    value2: str | None = None
    more: bool = False  # 余, 多: somewhat above
    chinese: bool = False
    bare: bool = False  # a multiplier alone (亿元)
    counted: bool = False  # a count word, not a measure

    @property
    def ratio(self) -> bool:
        """Whether it is a share: %, ‰, 成, a fraction."""
        return self.unit in {"%", "‰", "成"} or (not self.unit and "/" in self.value)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in the text that states a target: [start, end) with its bounds; `core` is the figure alone."""

    start: int
    end: int
    form: MentionForm
    core: Span
    op: Op | None = None
    value: str | None = None
    value2: str | None = None
    unit: str | None = None
    stretch: tuple[str, ...] = ()
    bounded: bool = False  # a bound word of its own stands before or after it
    post: bool = False  # the bound stands after it (以上)
    counted: bool = False
    word: str = ""


@dataclass(slots=True)
class Item:
    """A mention with the words around it, as the grouping rules see it; filled stage by stage."""

    mention: Mention
    lead: Span  # what stands between the separator and the mention
    tail: Span  # the noun that follows the figure
    separator: str  # what parts it from the item before: "", "、", "，", "（"
    clause: int  # number of the comma clause
    sentence: int
    of_which: bool = False
    alternative: bool = False
    shared: str = ""  # 分别, 均, 各
    hedge: str | None = None
    hedge_leads: bool = False  # it stands before the subject, and so holds for what follows too
    verb: str = ""
    body: str = ""
    predicate: str = ""
    name: str = ""
    rule: str = ""
    op: Op | None = None
    parts: list[str] = field(default_factory=list)  # the names a shared figure speaks of
    quote_from: int = -1
