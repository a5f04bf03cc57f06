"""Guided entry of a department's month at a terminal: one open target at a time, its effect shown before it is written.

Only questions and answers: figures are read by `ledger.core.reading` and checked by `ledger.rules.gate`, as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from ledger.cli.context import AppContext
from ledger.cli.guided_reviews import HINT_BEHIND, REMARK_KEYS, ask_remark, ask_returned
from ledger.cli.prompt import YES, StoppedError, ask
from ledger.commands.log import Batch, EntryRequest, PendingEntry, collect_evidence, write_entries
from ledger.commands.remark import RemarkRequest, remark_line
from ledger.commands.sheet.export import BlankSheet, TargetLine
from ledger.core import structs
from ledger.core.errors import ExitCode, LedgerError
from ledger.core.models import Accumulate, Change, Compare, Judgement, Milestone, Rank
from ledger.core.progress.entries import is_report
from ledger.core.progress.lights import Light
from ledger.core.reading import VERDICTS, BareNumberError, example, expected, gives_benchmark, unit_word
from ledger.files.evidence import Attachment
from ledger.files.ledger import Ledger
from ledger.files.lookup import TargetRef
from ledger.files.notices import tidying
from ledger.files.saved_answers import Answer, SavedAnswers
from ledger.git import Repo
from ledger.render import render
from ledger.render.view import View, lines
from ledger.render.views.written import effect_view
from ledger.rules.gate import DoubtfulFigureError

T = TypeVar("T")

ASK_FIGURE = "请填数（回车跳过　< 上一个　? 帮助　q 暂停） > "
ASK_EFFECT = "回车 记下　+文号 加佐证　=文字 加说明　< 重填　? 帮助　- 不记 > "
ASK_UNIT = "写序号（回车 重填　? 帮助） > "
ASK_DOUBT = "照记吗？（y 照记　回车 重填　? 帮助） > "
ASK_REASON = "无法统计的原因（< 重填） > "
ASK_WRITE = "{} 条，一次写入？回车 写入　< 回到最后一个　q 先留着 > "
BACK, STOP, ASK_HELP = ("<", "＜", "《"), ("q", "Q"), ("?", "？")
KEYS = "  回车 跳过这一个　< 回上一个　q 停下，下次接着　Ctrl-C 也一样\n  这个月没法统计的写 无法统计"
HELP_EFFECT = "  回车就记下；+浙证监函〔2023〕15号 是加佐证，=两家待批 是加说明；< 重新填数，- 这个先不记"
HELP_UNIT = "  只写了数字，没有写单位；写序号选一个，或按回车重新填"
HELP_DOUBT = (
    "  和以前报的、和目标比差得太多，怕是单位或小数点写错了；确实是这个数，写 y 照记，账上会注明已核对"
)
HELP_REASON = "  写明为什么这个月没有数，如 季度指标，季后才出数"
ASK_PROOF, ASK_WHY = "佐证（文号、网址或文件；< 重填） > ", "未达到的理由（< 重填） > "
HELP_VERDICT = "  评定达到要有佐证，如 省政府通报〔2023〕3号；评定未达到要写理由，如 没有列入省级试点"
HELP_WRITE = "  回车就一次写入；< 回到最后一个；q 先留着，下次运行同一条命令接着"
UNAVAILABLE = "无法统计"
HELP_OF: dict[type, str] = {
    Accumulate: "  增 2家 是本期新增，累计 4家 是年初至今的数",
    Change: "  也可以写两年的数：本期110亿元 同期100亿元",
    Rank: "  一共几个在排也可以写上：第3位/11",
    Milestone: "  一次记一步，记完接着问下一步；没有做成的就跳过",
}


@dataclass
class GuidedSession:
    """The guided entry of a department's month. `batch` writes once, at the end; `dry_run` never."""

    context: AppContext
    ledger: Ledger
    repo: Repo
    blank: BlankSheet
    terms: EntryRequest
    batch: bool = False
    dry_run: bool = False
    files: tuple[Attachment, ...] = ()
    """Evidence files named for every answer."""
    answers: list[Answer] = field(default_factory=list)
    """Answers taken but not written, in the order they were given; a milestone may have several, one a step."""
    written: list[tuple[Answer, str]] = field(default_factory=list)
    """The answers written in this session, each with the id of its entry."""
    skipped_before: frozenset[str] = frozenset()
    skipped: set[str] = field(default_factory=set)
    """Targets skipped in this month, now or in a session before; they are marked when they are asked again."""

    def run(self) -> int:
        """Ask for what the month lacks, and return the exit code."""
        waiting = [line for line in self.blank.lines if not line.reported and _open(line)]
        answers, skipped = self._saved.load()
        references = {line.target_ref.ref for line in waiting}
        self.skipped = skipped & references
        self.skipped_before = frozenset(self.skipped)
        waiting.sort(key=lambda line: not line.due)
        if self.batch and not self.dry_run:
            self.answers = [answer for answer in answers if answer.ref in references]
        self._greet(waiting)
        done = ExitCode.DONE
        try:
            ask_returned(self)
            self._walk(waiting)
        except StoppedError:
            pass
        except KeyboardInterrupt:
            self.say("")
            done = ExitCode.INTERRUPTED
        self._farewell()
        return done

    @property
    def _saved(self) -> SavedAnswers:
        return SavedAnswers.of(self.repo.git_dir, self.blank.stamp.department, self.day)

    @property
    def day(self) -> date:
        """The date of every figure."""
        assert self.terms.on is not None
        return self.terms.on

    def _greet(self, waiting: list[TargetLine]) -> None:
        stamp, due = self.blank.stamp, sum(line.due for line in waiting)
        reported = sum(line.reported for line in self.blank.lines)
        self.say(
            f"{stamp.department} {stamp.month:%Y-%m}：应报 {due} 项，选报 {len(waiting) - due} 项；"
            f"已报 {reported} 项；数据日期 {self.day}"
        )
        if stamp.simulated:
            self.say("模拟数据")
        if self.answers:
            self.say(f"接着上次：已填 {len(self.answers)} 条，还没有写入")
        if self.blank.judged:
            self.say(f"{self.blank.judged} 个定性目标由督查评定，不在这里报")

    def _walk(self, waiting: list[TargetLine]) -> None:
        at = 0
        while True:
            while at < len(waiting) and self._pending(waiting[at]) and not self._steps(waiting[at]):
                at += 1
            if at < len(waiting):
                at = self._ask_target(waiting, at)
            elif self._finish(waiting):
                return
            else:
                at = self._back(waiting, at)

    def _ask_target(self, waiting: list[TargetLine], at: int) -> int:
        """Ask for one target and return the place of the next: the same one while a milestone has steps left."""
        line = waiting[at]
        self._show(line, f"[{at + 1}/{len(waiting)}]")
        while True:
            typed = ask(self.context.env, ASK_FIGURE)
            if typed in STOP:
                raise StoppedError
            if typed in ASK_HELP:
                self._help(line)
            elif typed in BACK:
                return self._back(waiting, at)
            elif typed in REMARK_KEYS:
                self._write_remark(line)
            elif not typed:
                self.skipped.add(line.target_ref.ref)
                self._save()
                return at + 1
            elif self._taken(line, typed):
                self.skipped.discard(line.target_ref.ref)
                self._save()
                return at if self._steps(line) and self._answered(line) else at + 1

    def _back(self, waiting: list[TargetLine], at: int) -> int:
        """Return the position before; for what is written already, say how to correct it."""
        if at < len(waiting) and self._pending(waiting[at]):  # another step of this milestone: first that one
            self.answers.remove(self._pending(waiting[at])[-1])
            self._save()
            return at
        if at == 0:
            self.say("  已经是第一个")
            return 0
        ref = waiting[at - 1].target_ref.ref
        for answer, entry in self.written:
            if answer.ref == ref:
                self.say(f"  上一个已经写入，要改：ledger correct {entry} 新的数 --reason 原因")
                return at
        self.answers = [answer for answer in self.answers if answer.ref != ref]
        self._save()
        return at - 1

    def _taken(self, line: TargetLine, typed: str) -> bool:
        """Read an answer, show its effect and ask; whether the target is done with."""
        answer = self._answer(line, typed)
        if answer is None:
            return False
        while answer.second not in BACK:
            outcome = self._prepared(line, answer)
            if outcome is None:
                return False
            answer, effect = outcome
            render(effect_view(effect), self.context.env)
            if effect.after.light in (Light.BEHIND, Light.FAR_BEHIND) and not answer.cause:
                self.say(HINT_BEHIND)
            choice = self._ask(ASK_EFFECT, HELP_EFFECT)
            if choice in BACK:
                return False
            if choice == "-":
                return True
            if not choice:
                return self._take(_named(line, answer, effect), effect)
            answer = self._with_words(answer, choice)
        return False

    def _with_words(self, answer: Answer, choice: str) -> Answer:
        """Return the answer with the evidence, the remark or the cause that was typed."""
        if choice in REMARK_KEYS:
            return replace(answer, **ask_remark(self))
        if choice[0] in "+＋" and choice[1:].strip():
            return replace(answer, evidence=choice[1:].strip())
        if choice[0] in "=＝" and choice[1:].strip():
            return replace(answer, note=choice[1:].strip())
        self.say(f"  没有“{choice}”这个选择")
        return answer

    def _answer(self, line: TargetLine, typed: str) -> Answer | None:
        """Return the answer that was typed, with what is asked for beside it; None to start over."""
        steps = self._steps(line)
        if steps and typed.isdecimal() and 1 <= int(typed) <= len(steps):
            typed = steps[int(typed) - 1]
        if isinstance(line.target_ref.target, Judgement) and typed in VERDICTS:
            met = VERDICTS[typed] == "met"
            words = self._ask(ASK_PROOF if met else ASK_WHY, HELP_VERDICT)
            if not words or words in BACK:
                return None
            given = {"evidence": words} if met else {"note": words}
            return Answer(line.target_ref.ref, typed, **given)
        if not typed.startswith(UNAVAILABLE):
            target = line.target_ref.target
            both = isinstance(target, Compare) and gives_benchmark(target, typed)
            return Answer(line.target_ref.ref, typed, "" if both else self._second(line))
        reason = typed.removeprefix(UNAVAILABLE).strip(" ，,：:") or self._ask(ASK_REASON, HELP_REASON)
        return Answer(line.target_ref.ref, unavailable=reason) if reason and reason not in BACK else None

    def _ask(self, prompt: str, help_text: str) -> str:
        """Ask until the answer is no call for help.

        Raises:
            StoppedError: when the person stops.
        """
        while (answer := ask(self.context.env, prompt)) in ASK_HELP:
            self.say(help_text)
        if answer in STOP:
            raise StoppedError
        return answer

    def _prepared(self, line: TargetLine, answer: Answer) -> tuple[Answer, PendingEntry] | None:
        """Read and check an answer, asking which unit was meant and whether a doubtful figure is right; None to start over."""
        while True:
            try:
                return answer, self._effect(line, answer)
            except BareNumberError as error:
                chosen = self._chosen(error)
                if chosen is None:
                    return None
                answer = replace(answer, second=chosen) if error.figure else replace(answer, amount=chosen)
            except DoubtfulFigureError as error:
                self.say(f"  请核对：{error.question}")
                if self._ask(ASK_DOUBT, HELP_DOUBT) not in YES:
                    return None
                answer = replace(answer, confirmed="yes")
            except LedgerError as error:
                self.refuse(error)
                return None

    def _chosen(self, error: BareNumberError) -> str | None:
        """Ask which full spelling of a bare number was meant."""
        self.say(f"  {error.message}，是哪一个？")
        for number, (choice, meaning) in enumerate(zip(error.choices, error.meanings, strict=True), start=1):
            self.say(f"  {number} {choice}" + (f"（{meaning}）" if meaning else ""))
        picked = self._ask(ASK_UNIT, HELP_UNIT)
        if picked.isdecimal() and 1 <= int(picked) <= len(error.choices):
            return error.choices[int(picked) - 1]
        return picked if picked in error.choices else None

    def _second(self, line: TargetLine) -> str:
        """Ask for the figure that a figure is compared with, where there is one; or the wish to begin again."""
        second = ""
        while isinstance(line.target_ref.target, Compare) and not second:
            help_text = f"  写{line.second}，单位和本地的数一样，如 4.8{unit_word(line.target_ref.target)}；< 重新填本地的数"
            second = self._ask(f"  {line.second}（< 重填） > ", help_text)
        return second

    def _effect(self, line: TargetLine, answer: Answer) -> PendingEntry:
        """Check an answer after those that wait to be written."""
        targets = {line.target_ref.ref: line.target_ref for line in self.blank.lines}
        batch = self._batch([(targets[waiting.ref], waiting) for waiting in self.answers])
        return batch.add_request(line.target_ref, self._request(line.target_ref, answer))

    def _batch(self, answers: list[tuple[TargetRef, Answer]]) -> Batch:
        batch = Batch.open(self.ledger, self.context.env.today, self.repo.identity(), self.repo)
        for target_ref, answer in answers:
            batch.add_request(target_ref, self._request(target_ref, answer))
            if answer.cause:
                batch.add(target_ref, remark_line(batch, target_ref, self._remark(answer)))
        return batch

    def _remark(self, answer: Answer) -> RemarkRequest:
        until = date.fromisoformat(answer.until) if answer.until else None
        terms = self.terms
        return RemarkRequest(
            answer.cause,
            answer.measure,
            answer.owner or None,
            until,
            on=self.day,
            by=terms.by,
            late=terms.late,
            reason=terms.reason,
        )

    def _write_remark(self, line: TargetLine) -> None:
        """Ask why a target is behind, and write the answer without a figure."""
        answer = Answer(line.target_ref.ref, **ask_remark(self))
        if not answer.cause:
            return

        def prepared() -> list[PendingEntry]:
            batch = self._batch([])
            batch.add(line.target_ref, remark_line(batch, line.target_ref, self._remark(answer)))
            return batch.pending

        pending = self._try(prepared)
        if pending is not None and not self.dry_run:
            self._write([], pending)

    def _evidence(self, answer: Answer) -> tuple[tuple[str, ...], tuple[Attachment, ...]]:
        """Return the evidence of an answer, and the files among it."""
        year = self.blank.stamp.year
        return collect_evidence(self.ledger, year, [answer.evidence], self.context.env.cwd)

    def _request(self, target_ref: TargetRef, answer: Answer) -> EntryRequest:
        second = (
            {"benchmark": answer.second} if answer.second and isinstance(target_ref.target, Compare) else {}
        )
        judged = isinstance(target_ref.target, Judgement)
        return structs.replace(
            self.terms,
            target=target_ref.ref,
            amount=answer.amount or None,
            figures=second,
            evidence=(*self.terms.evidence, *self._evidence(answer)[0]),
            note=(None if judged else answer.note) or self.terms.note,
            reason=answer.unavailable or (answer.note if judged else "") or self.terms.reason,
            unavailable=bool(answer.unavailable),
            confirm=bool(answer.confirmed),
        )

    def _take(self, answer: Answer, effect: PendingEntry) -> bool:
        if not self.batch and not self.dry_run:
            if not answer.cause:
                return self._write([answer], [effect])
            effects = self._try(lambda: self._batch([(effect.target_ref, answer)]).pending)
            return effects is not None and self._write([answer], effects)
        self.answers.append(answer)
        self._save()
        return True

    def _save(self) -> None:
        if not self.dry_run:
            self._saved.save(self.answers if self.batch else (), self.skipped)

    def _finish(self, waiting: list[TargetLine]) -> bool:
        """Ask for the whole of a batch and write it; whether the walk is over."""
        if self.dry_run or not self.answers:
            return True
        choice = self._ask(ASK_WRITE.format(len(self.answers)), HELP_WRITE)
        if choice in BACK:
            return False
        if choice:
            raise StoppedError
        targets = {line.target_ref.ref: line.target_ref for line in waiting}
        answers = [(targets[answer.ref], answer) for answer in self.answers]
        effects = self._try(lambda: self._batch(answers).pending)
        if effects is None or not self._write(self.answers, effects):
            raise StoppedError
        self.answers = []
        with tidying("暂存答案的清除", self.context.notify, "再做之前先看 ledger history，已记入的不要再填"):
            self._save()
        return True

    def _write(self, answers: list[Answer], effects: list[PendingEntry]) -> bool:
        files = [file for answer in answers for file in self._evidence(answer)[1]]
        logged = self._try(
            lambda: write_entries(
                self.ledger,
                effects,
                today=self.context.env.today,
                repo=self.repo,
                attachments=(*self.files, *files),
                notify=self.context.notify,
            )
        )
        if logged is None:
            return False
        entries = [pending.entry.id for pending in logged.pending if is_report(pending.entry)]
        self.written += zip(answers, entries, strict=True)
        with self.context.after_write():
            self.say(f"  已记录，提交 {logged.commit.short}")
        return True

    def _pending(self, line: TargetLine) -> list[Answer]:
        """Return the answers to a target that are not written."""
        return [answer for answer in self.answers if answer.ref == line.target_ref.ref]

    def _answered(self, line: TargetLine) -> list[Answer]:
        """Return the answers to a target in this session and in the one that it continues."""
        written = [answer for answer, _ in self.written if answer.ref == line.target_ref.ref]
        return [*written, *self._pending(line)]

    def _steps(self, line: TargetLine) -> tuple[str, ...]:
        """Return the steps of a milestone that are still to be done."""
        done = {answer.amount for answer in self._answered(line)}
        return tuple(step for step in line.left if step not in done)

    def _farewell(self) -> None:
        left = sum(line.due and not line.reported and not self._answered(line) for line in self.blank.lines)
        self.say("", f"本次记入 {len(self.written)} 条，本月应报目标尚有 {left} 项未报送")
        if self.dry_run:
            self.say(f"只是预览，没有写入（看过 {len(self.answers)} 条）")
        elif self.answers:
            self.say(
                f"已填的 {len(self.answers)} 条还没有写入，留在本机；再运行同一条命令（带 --batch）接着做"
            )
        elif left:
            self.say("再运行一次接着做：写入的不再问，跳过的还会问，并注明上次跳过")
        stamp = self.blank.stamp
        if self.written:
            self.say(f"看结果：ledger status --dept {stamp.department} --as-of {self.day}")

    def _show(self, line: TargetLine, place: str) -> None:
        target = line.target_ref.target
        facts = [f"目标 {line.goal}"]
        facts += [f"期限 {target.due}"] if target.due else []
        facts += [f"上次 {line.last}"] if line.last else ["尚无数据"]
        facts += [f"目前 {line.now}"] if line.now else []
        facts += [f"序时 {line.pace}"] if line.pace else []
        skipped = "，上次跳过" if line.target_ref.ref in self.skipped_before else ""
        head = f"{place} {line.target_ref.ref}  {target.name}（{'应报' if line.due else '选报'}{skipped}）"
        summary = "  " + "　".join(fact.replace("\n", " ") for fact in facts)
        render(View((lines("", head, style="heading"),)), self.context.env)
        behind = [HINT_BEHIND] if line.behind and not line.remark else []
        behind += [f"  上次说明：{line.remark}"] if line.remark else []
        render(View((lines(summary, *behind, f"  {self._expected(line)}"),)), self.context.env)

    def _help(self, line: TargetLine) -> None:
        target = line.target_ref.target
        self.say(f"  原文：{target.quote}", f"  {self._expected(line)}")
        if kind := HELP_OF.get(type(target)):
            self.say(kind)
        if line.unit and line.unit == getattr(target, "unit", None) and line.unit not in {"%", "‰"}:
            self.say(f"  只写数字的，单位按 {line.unit} 算")
        self.say(KEYS)

    def _expected(self, line: TargetLine) -> str:
        target = line.target_ref.target
        if isinstance(target, Compare):
            return f"写本地的数，如 {example(target)}；接着问{line.second}"
        if isinstance(target, Milestone) and len(line.choices) > 1:
            return "写做成的步骤或它的序号：" + "　".join(
                f"{number} {step}" for number, step in enumerate(self._steps(line), start=1)
            )
        if isinstance(target, Judgement):
            return "写 达到 或 未达到；接着问佐证或理由"
        return "做成了写 完成 或 1" if isinstance(target, Milestone) else f"写{expected(target)}"

    def _try(self, act: Callable[[], T]) -> T | None:
        try:
            return act()
        except LedgerError as error:
            self.refuse(error)
            return None

    def refuse(self, error: LedgerError) -> None:
        """Say why something was not recorded, and what to do."""
        self.say(f"  未记入：{error.message}", *((f"  {error.hint}",) if error.hint else ()))

    def say(self, *words: str) -> None:
        """Write lines to the terminal."""
        self.context.env.stdout.write("".join(f"{line}\n" for line in words))


def _open(line: TargetLine) -> bool:
    """Whether a target can still be reported on: a milestone has steps left."""
    return not isinstance(line.target_ref.target, Milestone) or bool(line.left)


def _named(line: TargetLine, answer: Answer, effect: PendingEntry) -> Answer:
    """Return an answer with the step called as the list of steps calls it, however it was typed."""
    target = line.target_ref.target
    if not isinstance(target, Milestone):
        return answer
    place = [step.key for step in target.all_steps].index(str(effect.entry.step))
    return replace(answer, amount=line.choices[place])
