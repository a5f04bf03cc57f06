"""Share names, predicates, bounds and hedges among neighbours: parallel lists, 分别, 均, of-which, alternatives, tiers.

Items become named statements.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ledger.extract import name_lists, naming, verbs
from ledger.extract.figure_context import NO_NOUN
from ledger.extract.model import Item, Mention, PlanDraft
from ledger.extract.source import SourceText
from ledger.extract.words import CEILING_VERBS, FALL_VERBS, LEVEL_VERBS, RISE_VERBS, alternation, split_words

_CHANGING = re.compile(rf"(?:{alternation(RISE_VERBS | FALL_VERBS)}|同比)")
_CEILING = re.compile(rf"(?:{alternation(CEILING_VERBS)})$")
_LIST_MARKS = split_words("、 和 与 及 以及")
_RESPECTIVELY = split_words("分别 依次")
_ONE_MORE = re.compile(r"[、和与及](?:约|近|超|超过)?[\d前第]")
_SIZE = re.compile(r"[\d.]*[百千]?[万亿]*(?:元|美元)(?:及?以上|以下)")
_SIZED = re.compile(r"(?:超过?|过|破)[\d一十百千][\d.十百千万亿]*元")
_SIZED_HEAD = re.compile(r"(.{2,}?)(?:超过?|过|破)[\d一十百千][\d.十百千万亿]*元")
_SHARE_OF = re.compile(
    r"的([\u4e00-\u9fff]{1,4}?)((?:达到|实现|完成|建成|创成|通过|开展)[\u4e00-\u9fff]{2,})$"
)
_SUMS_UP = re.compile(r"[，、]?(?:总数|累计|总量)(?:达到?|突破|超过?|为)")
_MOVEMENTS = {"降幅": "下降", "减幅": "下降", "增幅": "增长", "涨幅": "上涨"}
_TAKEN_IN = re.compile(r"(?:净增|新增|增加)$")
_GRADE = re.compile(r"(?:国家|省|市|县|世界|五星|四星|三星|特|一|二|甲)级")


@dataclass(slots=True)
class Statement:
    """One goal with its name: what the kind rules and the engine need."""

    item: Item
    mention: Mention
    name: str
    predicate: str
    hedge: str | None
    rule: str
    quote: tuple[int, int]
    sibling: Statement | None = None  # the statement before it in the same list
    before: Statement | None = None  # the statement before it in the same sentence
    parent: int | None = None  # index of the statement it is part of
    choice: int | None = None  # number of the group of alternatives
    plan: tuple[PlanDraft, ...] = ()


class Grouper:
    """A pass over the items of a text, left to right, that keeps what later items may leave out."""

    def __init__(self, source: SourceText, items: list[Item]) -> None:
        self.source = source
        self.items = items
        self.done: list[Statement] = []
        self._whole: int | None = None  # the statement a 其中 hangs on
        self._whole_depth = ""
        self._choices = 0

    def run(self) -> list[Statement]:
        """Return all statements, in the order of their mentions."""
        index = 0
        while index < len(self.items):
            index += self._take(index)
        self._complete_grades()
        return self.done

    def _complete_grades(self) -> None:
        """1个国家级、2个省级示范基地: a name that ends with a grade takes the noun of the next in its list."""
        for statement, following in zip(reversed(self.done[:-1]), reversed(self.done[1:]), strict=True):
            noun = re.search(r"级([^级]+)$", following.name)
            if noun and statement.name.endswith("级") and following.sibling is statement:
                statement.name += noun[1]

    def _take(self, index: int) -> int:
        item = self.items[index]
        previous = self._previous(item)
        if previous is not None and self._is_stretch(item, previous):
            self._stretch(item, previous)
            return 1
        run = self._run(index)
        first = len(self.done)
        if item.shared or len(run) > 1 or name_lists.metrics(item.body, item.predicate):
            self._shared(run, previous)
        else:
            self._single(item, previous)
        for statement in self.done[first:]:
            self._relate(item, statement, first, previous)
        return len(run)

    def _previous(self, item: Item) -> Statement | None:
        if not self.done or self.done[-1].item.sentence != item.sentence:
            return None
        return self.done[-1]

    # --- stretch tiers: 增长7%以上、力争8% -------------------------------------------------------------------

    def _is_stretch(self, item: Item, previous: Statement) -> bool:
        mine, its = item.mention, previous.mention
        if item.body or mine.form != its.form or mine.unit != its.unit or not mine.value or not its.value:
            return False
        lead = self.source.clean[item.lead[0] : item.lead[1]]
        aims = bool(re.match(r"[，、并]*(?:力争|争取|冲刺|努力|奋力|挑战)", lead))
        earlier = self.source.clean[previous.item.lead[0] : previous.item.lead[1]]
        reverse = bool(re.search(r"确保|保底", lead)) and bool(re.search(r"力争|争取|冲刺", earlier))
        clear = item.verb == "" and (
            not item.predicate or item.predicate == previous.predicate or item.predicate in LEVEL_VERBS
        )
        return (aims or reverse) and clear

    def _stretch(self, item: Item, previous: Statement) -> None:
        mine, its = item.mention, previous.mention
        reverse = bool(re.search(r"确保|保底", self.source.clean[item.lead[0] : item.lead[1]]))
        goal, further = (mine, its) if reverse else (its, mine)
        assert further.value is not None
        previous.mention = replace(
            goal, end=max(mine.end, its.end), start=its.start, value2=further.value, stretch=(further.value,)
        )
        previous.hedge = None if reverse else previous.hedge
        previous.rule = "stretch_tier"
        previous.quote = (previous.quote[0], mine.end)

    # --- shared figures and names ------------------------------------------------------------------------------

    def _run(self, index: int) -> list[Item]:
        """Return the item and those behind it that hold a figure and nothing else: 分别达到160个、110个."""
        run = [self.items[index]]
        for item in self.items[index + 1 :]:
            last = run[-1]
            bare = not item.body and not item.predicate and not item.hedge and not self._tail(last)
            bare = bare and not self._shares_of(item)
            same = item.sentence == last.sentence and item.mention.form == last.mention.form == "figure"
            if not (bare and same and item.separator in _LIST_MARKS | {"，"} and not item.of_which):
                break
            lead = self.source.clean[item.lead[0] : item.lead[1]]
            if re.sub(r"每(?:人每)?[人户亩生床月年天次]", "", lead).strip("约近"):
                break
            if not self._comparable(last, item) and run[0].shared != "分别":
                break
            run.append(item)
        return run

    @staticmethod
    def _comparable(item: Item, other: Item) -> bool:
        return (item.mention.unit or "").lstrip("万亿") == (other.mention.unit or "").lstrip("万亿")

    def _shared(self, run: list[Item], previous: Statement | None) -> None:
        first = run[0]
        names, earlier = self._names(first, len(run), previous)
        if self._mismatched(first, run, names):
            for item in run:
                self._add(
                    item,
                    item.mention,
                    first.body,
                    first.predicate,
                    first.hedge,
                    "unmatched",
                    (first.quote_from, run[-1].mention.end),
                )
            return
        values = run if len(run) > 1 else run * len(names)
        if len(names) < len(values):
            names = names + [names[-1]] * (len(values) - len(names))
        predicate = _MOVEMENTS.get(first.body, first.predicate)
        start = min([first.quote_from, first.lead[0], *(statement.quote[0] for statement in earlier)])
        if not earlier:
            start = first.quote_from
        post = self._post_bound(run)
        for name, item in zip(names[-len(values) :], values, strict=True):
            mention = self._bounded(item.mention, first.mention, post)
            rule = "respectively" if len(run) > 1 else "shared_figure"
            if len(values) == 1:
                rule = "named_figure"
            self._add(item, mention, name, predicate, first.hedge, rule, (start, run[-1].mention.end))

    def _mismatched(self, first: Item, run: list[Item], names: list[str]) -> bool:
        """分别 with more or fewer figures than names, or with a goal behind that the run could not take; a list without 分别."""
        if first.shared not in _RESPECTIVELY:
            return len(run) > 1 and not first.parts and len(names) == 1
        if _ONE_MORE.match(self.source.masked, run[-1].mention.end):
            return len(names) > 1 or len(run) > 1
        if not first.body and not first.parts and 1 < len(names) != len(run) > 1:
            return True
        if len(run) > 1 and len(names) == 1 and not first.parts:
            return True  # 低保标准分别提高到750元、580元
        return len(run) > 1 and not first.parts and name_lists.splits_otherwise(first.body, len(run))

    def _names(
        self, first: Item, count: int, previous: Statement | None
    ) -> tuple[list[str], list[Statement]]:
        if first.parts:
            return first.parts, []
        body = name_lists.last_segment(first.body) if not first.shared else first.body
        if body and not verbs.is_bare_verb(body) and not naming.is_generic(body):
            names = name_lists.split_names(body, count, coupled=first.shared in _RESPECTIVELY)
            if count == 1 and not first.shared:
                names = name_lists.metrics(body, first.predicate) or [body]
            return names, []
        earlier = self._clause_before(first)
        if first.shared in _RESPECTIVELY and 0 < len(earlier) < count:
            same = [
                statement
                for statement in self.done
                if statement.item.sentence == first.sentence and statement.mention.form == "figure"
            ]
            earlier = same[-count:] if len(same) >= count else earlier
        if earlier:
            if count == 1 or len(earlier) >= count:
                chosen = earlier[-count:] if count > 1 else earlier
                return [
                    statement.name + body if naming.is_generic(body) else statement.name
                    for statement in chosen
                ], chosen
            return [statement.name for statement in earlier], earlier
        subject = self._subject_before(first)
        if subject:
            return name_lists.split_names(subject, count, coupled=first.shared in _RESPECTIVELY), []
        return [body or (previous.name if previous else "")], []

    def _clause_before(self, item: Item) -> list[Statement]:
        """Return what the sentence has stated just before: its last clause, or all of it for 均 at the end."""
        same = [statement for statement in self.done if statement.item.sentence == item.sentence]
        if not same:
            return []
        if item.shared in {"均", "都"} and not item.body:
            return [statement for statement in same if statement.mention.form in {"figure", "tier"}]
        clause = same[-1].item.clause
        return [statement for statement in same if statement.item.clause == clause]

    def _subject_before(self, item: Item) -> str:
        """Return the subject of a clause without figures before, as in 起数、死亡人数实现“双下降”，分别…."""
        text = self.source.clean
        stop = max(text.rfind(c, 0, max(item.lead[0] - 1, 0)) for c in "，；。：")
        clause = text[stop + 1 : max(item.lead[0] - 1, 0)]
        clause = re.split(r"实现|保持|继续|持续|同比|“|达到|出现", clause)[0]
        return clause if "、" in clause or "和" in clause else ""

    @staticmethod
    def _post_bound(run: list[Item]) -> str | None:
        """A bound behind the last figure of a run holds for all of it, unless one already is the most there can be."""
        last = run[-1].mention
        full = any(i.mention.value == "100" and i.mention.unit == "%" for i in run)
        same_unit = len({i.mention.unit for i in run}) == 1 or run[0].shared in _RESPECTIVELY
        return last.op if last.post and len(run) > 1 and same_unit and not full else None

    @staticmethod
    def _bounded(mention: Mention, first: Mention, post: str | None) -> Mention:
        if mention.op == "reach" and post:
            return replace(mention, op=post)  # type: ignore[arg-type]
        if mention.op == "reach" and first.bounded and not first.post and first.op != "between":
            return replace(mention, op=first.op)
        return mention

    # --- one figure, one name ----------------------------------------------------------------------------------

    def _single(self, item: Item, previous: Statement | None) -> None:
        body = name_lists.last_segment(item.body)
        if body != item.body:
            item.quote_from = item.mention.start - (
                len(self.source.clean[item.quote_from : item.mention.start]) - len(item.body) + len(body)
            )
            item.verb = verbs.verb_of(body)
        tail = self._tail(item)
        name, rule = self._name(item, body, tail, previous)
        predicate = item.predicate
        goes_on = not body and not tail and item.separator in _LIST_MARKS
        if goes_on and previous is not None and not predicate:
            predicate = previous.predicate
        if goes_on and previous is not None and previous.rule == "unmatched":
            rule = "unmatched"
        hedge = item.hedge or self._inherited_hedge(item, previous)
        end = item.tail[1] if tail else item.mention.end
        start = item.quote_from
        if not body and previous is not None and not tail:
            start = min(start, previous.quote[0])
        self._add(item, item.mention, name, predicate, hedge, rule, (start, end))

    def _name(self, item: Item, body: str, tail: str, previous: Statement | None) -> tuple[str, str]:
        """Return the name of a single figure, and the rule that gave it."""
        if tail:
            listed = previous is not None and not body and item.separator in _LIST_MARKS
            head = verbs.verb_of(previous.name) if listed and previous is not None else body
            if not head and item.mention.counted and item.predicate in RISE_VERBS | FALL_VERBS:
                head = item.predicate  # 提升12所学校: the verb of a work, not of a change
            return head + tail, "figure_before_noun"
        if body and item.mention.form not in {"figure", "tier"} and not naming.is_generic(body):
            return body, "named_figure"
        if previous is None:
            return self._name_by_clause(item, body)
        if (
            not body
            and item.mention.counted
            and _SUMS_UP.match(self.source.clean, item.lead[0], item.mention.start)
        ):
            return _TAKEN_IN.sub("", verbs.objects_of(previous.name)) + "总数", "total_of_same_object"
        if not body:
            return previous.name, "continued"
        if verbs.is_bare_verb(body):
            if self._comparable(previous.item, item):
                return self._same_object(body, previous.name), "verb_of_same_object"
            return body, "named_figure"
        return self._completed(body, previous.name)

    @staticmethod
    def _completed(body: str, previous: str) -> tuple[str, str]:
        """Return a name that leaves a part to the one before it: …企业5家、过十亿元企业20家; 国家级…3个、省级5个."""
        sized = _SIZED_HEAD.match(previous) if _SIZED.match(body) else None
        if sized:
            return sized[1] + body, "size_of_same_object"
        if _SIZE.fullmatch(body):
            return body + re.split(r"以上|以下", verbs.objects_of(previous))[-1], "size_of_same_object"
        if _GRADE.fullmatch(body):
            return body + re.sub(r"^.*?级", "", verbs.objects_of(previous)), "grade_of_same_object"
        if naming.is_generic(body):
            return previous + body, "share_of_previous"
        return body, "named_figure"

    def _name_by_clause(self, item: Item, body: str) -> tuple[str, str]:
        """The first figure of a sentence may leave its noun to the clause before it."""
        if not body:
            return self._subject(item), "named_by_clause"
        if verbs.is_bare_verb(body):
            subject = self._subject(item)
            return (subject if verbs.verb_of(subject) else body + subject), "verb_of_clause_object"
        if naming.is_generic(body):
            return self._subject(item) + body, "share_of_previous"
        return body, "named_figure"

    @staticmethod
    def _same_object(verb: str, name: str) -> str:
        """新开工重大工程4项、完工6项; 安置房开工2600套、交付1800套: the object of the name before with another verb."""
        objects = verbs.objects_of(name)
        if verbs.verb_of(name) or objects == name:
            return verb + objects
        return objects + verb

    def _subject(self, item: Item) -> str:
        """Return the noun of the clause before, where the figure's own clause has none."""
        text = self.source.clean
        low = max((text.rfind(c, 0, item.lead[0]) for c in "；。"), default=-1) + 1
        before = text[low : item.lead[0]].rstrip("，、：（")
        if not before and low > 1:  # 地区生产总值。目标值500亿元
            sentence = re.split(r"[；。！？]", text[: low - 1])[-1]
            return sentence if 2 <= len(sentence) <= 24 and not re.search(r"[\d：，]", sentence) else ""
        clause = re.split(r"[，：（]", before)[-1] if before else ""
        return naming.subject_of(clause)[-24:]

    def _tail(self, item: Item) -> str:
        if item.mention.form not in {"figure", "tier"}:
            return ""
        if NO_NOUN.match(self.source.clean, item.tail[0]):
            return ""
        if self._shares_of(item) and (
            share := _SHARE_OF.match(self.source.clean, item.tail[0], item.tail[1])
        ):
            return f"{share[2]}的{share[1]}"  # 80%的区达到目标
        tail = self.source.clean[item.tail[0] : item.tail[1]].lstrip("”的").rstrip("的")
        tail += "”" * (tail.count("“") - tail.count("”"))
        changing = _CHANGING.match(tail)
        return "" if changing or len(tail) > 30 else tail

    def _shares_of(self, item: Item) -> bool:
        """Return whether a share stands in front of the things it is a share of: 80%的区."""
        unit = item.mention.unit or ""
        return (
            unit in {"%", "‰", "成"}
            and self.source.clean.startswith("的", item.mention.end)
            and item.tail[1] > item.tail[0] + 2
        )

    def _inherited_hedge(self, item: Item, previous: Statement | None) -> str | None:
        """A hedge holds for the rest of its list, and for a clause that goes on without a verb of its own."""
        if previous is None or previous.hedge is None or not previous.item.hedge_leads:
            return None
        if item.separator in _LIST_MARKS | {"或", "（"} or not item.verb or previous.hedge != "争取":
            item.hedge_leads = True
            return previous.hedge
        return None

    # --- of-which and alternatives -----------------------------------------------------------------------------

    def _relate(self, item: Item, statement: Statement, first: int, previous: Statement | None) -> None:
        if previous is None:
            self._whole = None
        head = self.source.masked[: item.mention.start]
        inside = head.count("（") > head.count("）")
        if item.alternative and previous is not None:
            if previous.choice is None:
                self._choices += 1
                previous.choice = self._choices
            statement.choice = previous.choice
            return
        if item.of_which and first:
            self._whole = first - 1 if previous is not None else None
            self._whole_depth = "（" if inside else ""
        elif inside and item.separator == "（" and item.body and first and previous is not None:
            self._whole, self._whole_depth = first - 1, "（"
        elif self._whole is not None and self._whole_depth == "（" and not inside:
            self._whole = None
        elif (
            self._whole is not None
            and item.separator == "，"
            and not self._same_unit(statement, self.done[self._whole])
        ):
            self._whole = None  # another clause goes on with its whole only in the same measure
        statement.parent = self._whole

    @staticmethod
    def _same_unit(statement: Statement, other: Statement) -> bool:
        return (statement.mention.unit or "").lstrip("万亿") == (other.mention.unit or "").lstrip("万亿")

    def _add(
        self,
        item: Item,
        mention: Mention,
        name: str,
        predicate: str,
        hedge: str | None,
        rule: str,
        quote: tuple[int, int],
    ) -> None:
        name = re.sub(
            r"(?<=.)(?:全年|(?<![\d一二三四五六七八九十两])年内|当年|今年|20\d\d年度?(?![底末初前以之]))(?=.)|^年度(?!.{0,3}$)",
            "",
            name.strip("，、：； "),
        )
        name = re.sub(r"(?<=.{3})(?:完成|实现)$|(?<=.{2})占$", "", name)
        name = name if rule == "figure_before_noun" else naming.trim_name(name)
        if "至少" in name and mention.op == "reach":  # 至少建成3座: the bound before the verb
            name, mention = name.replace("至少", "", 1), replace(mention, op="at_least")
        if mention.op == "reach" and mention.form == "figure" and _CEILING.search(predicate):
            mention = replace(mention, op="at_most")
        listed = item.separator in _LIST_MARKS and self.done
        before = self._previous(item)
        sibling = self.done[-1] if listed and self.done[-1].item.sentence == item.sentence else None
        self.done.append(Statement(item, mention, name, predicate, hedge, rule, quote, sibling, before))
