"""Guided entry of a department's month at a terminal: one open target at a time, its effect shown before it is written.

What an answer means is decided in `ledger.commands.guided`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from ledger.cli.context import AppContext
from ledger.cli.prompt import StoppedError, ask
from ledger.commands import guided
from ledger.commands.guided import Answer, SavedAnswers, WalkTerms
from ledger.commands.log import PendingEntry, write
from ledger.commands.sheet.export import BlankSheet, TargetLine
from ledger.core.errors import ExitCode, LedgerError
from ledger.core.models import Accumulate, Change, Compare, Milestone, Rank
from ledger.files.ledger import Ledger
from ledger.git import Repo
from ledger.render import render
from ledger.render.view import View, lines
from ledger.render.views.written import effect_view

T = TypeVar("T")

ASK_FIGURE = "请填数（回车跳过　< 上一个　? 帮助　q 暂停） > "
ASK_EFFECT = "回车 记下　+文号 加佐证　< 重填　- 不记 > "
ASK_WRITE = "{} 条，一次写入？回车 写入　< 回到最后一个　q 先留着 > "
BACK, STOP, ASK_HELP = ("<", "＜", "《"), ("q", "Q"), ("?", "？")
KEYS = "  回车 跳过这一个　< 回上一个　q 停下，下次接着　Ctrl-C 也一样"
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
    sitting: WalkTerms
    batch: bool = False
    dry_run: bool = False
    answers: list[Answer] = field(default_factory=list)
    """Answers taken but not written, in the order they were given; a milestone may have several, one a step."""
    written: list[tuple[Answer, str]] = field(default_factory=list)
    """The answers written in this session, each with the id of its entry."""

    def run(self) -> int:
        """Ask for what the month lacks, and return the exit code."""
        waiting = [line for line in self.blank.lines if not line.reported and _open(line)]
        waiting.sort(key=lambda line: not line.due)
        if self.batch and not self.dry_run:
            references = {line.found.ref for line in waiting}
            self.answers = [answer for answer in self._saved.load() if answer.ref in references]
        self._greet(waiting)
        done = ExitCode.DONE
        try:
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
        return SavedAnswers.of(self.repo.git_dir, self.blank.stamp.department, self.sitting.day)

    def _greet(self, waiting: list[TargetLine]) -> None:
        stamp, due = self.blank.stamp, sum(line.due for line in waiting)
        reported = sum(line.reported for line in self.blank.lines)
        self.say(
            f"{stamp.department} {stamp.month:%Y-%m}：应报 {due} 项，选报 {len(waiting) - due} 项；"
            f"已报 {reported} 项；数据日期 {self.sitting.day}"
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
                at = self._ask(waiting, at)
            elif self._finish(waiting):
                return
            else:
                at = self._back(waiting, at)

    def _ask(self, waiting: list[TargetLine], at: int) -> int:
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
            elif not typed:
                return at + 1
            elif self._taken(line, typed):
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
        ref = waiting[at - 1].found.ref
        for answer, entry in self.written:
            if answer.ref == ref:
                self.say(f"  上一个已经写入，要改：ledger correct {entry} 新的数 --reason 原因")
                return at
        self.answers = [answer for answer in self.answers if answer.ref != ref]
        self._save()
        return at - 1

    def _taken(self, line: TargetLine, typed: str) -> bool:
        """Read an answer, show its effect and ask; whether the target is done with."""
        steps = self._steps(line)
        if steps and typed.isdecimal() and 1 <= int(typed) <= len(steps):
            typed = steps[int(typed) - 1]
        answer = Answer(line.found.ref, typed, self._second(line))
        while answer.second not in BACK:
            effect = self._try(partial(self._understood, line, answer))
            if effect is None:
                return False
            render(effect_view(effect), self.context.env)
            choice = ask(self.context.env, ASK_EFFECT)
            if choice in BACK:
                return False
            if choice == "-":
                return True
            if choice in STOP:
                raise StoppedError
            if not choice:
                return self._take(_named(line, answer, effect), effect)
            if choice[0] in "+＋" and choice[1:].strip():
                answer = replace(answer, evidence=choice[1:].strip())
            else:
                self.say(f"  没有“{choice}”这个选择")
        return False

    def _second(self, line: TargetLine) -> str:
        """Ask for the figure that a figure is compared with, where there is one; or the wish to begin again."""
        second = ""
        while isinstance(line.found.target, Compare) and not second:
            second = ask(self.context.env, f"  {line.second}（< 重填） > ")
        return second

    def _understood(self, line: TargetLine, answer: Answer) -> PendingEntry:
        targets = {line.found.ref: line.found for line in self.blank.lines}
        before = [(targets[answer.ref], answer) for answer in self.answers]
        return guided.prepare(
            self.ledger, [*before, (line.found, answer)], self.sitting, self.context.env.today
        )[-1]

    def _take(self, answer: Answer, effect: PendingEntry) -> bool:
        if not self.batch and not self.dry_run:
            return self._write([answer], [effect])
        self.answers.append(answer)
        self._save()
        return True

    def _save(self) -> None:
        if self.batch and not self.dry_run:
            self._saved.save(self.answers)

    def _finish(self, waiting: list[TargetLine]) -> bool:
        """Ask for the whole of a batch and write it; whether the walk is over."""
        if self.dry_run or not self.answers:
            return True
        choice = ask(self.context.env, ASK_WRITE.format(len(self.answers)))
        if choice in BACK:
            return False
        if choice:
            raise StoppedError
        targets = {line.found.ref: line.found for line in waiting}
        answers = [(targets[answer.ref], answer) for answer in self.answers]
        effects = self._try(
            lambda: guided.prepare(self.ledger, answers, self.sitting, self.context.env.today)
        )
        if effects is None or not self._write(self.answers, effects):
            raise StoppedError
        self.answers = []
        self._save()
        return True

    def _write(self, answers: list[Answer], effects: list[PendingEntry]) -> bool:
        logged = self._try(
            lambda: write(
                self.ledger, effects, today=self.context.env.today, repo=self.repo, told=self.context.notify
            )
        )
        if logged is None:
            return False
        entries = [pending.entry.id for pending in logged.understood]
        self.written += zip(answers, entries, strict=True)
        self.say(f"  已记录，提交 {logged.commit.short}")
        return True

    def _pending(self, line: TargetLine) -> list[Answer]:
        """Return the answers to a target that are not written."""
        return [answer for answer in self.answers if answer.ref == line.found.ref]

    def _answered(self, line: TargetLine) -> list[Answer]:
        """Return the answers to a target in this session and in the one that it continues."""
        written = [answer for answer, _ in self.written if answer.ref == line.found.ref]
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
            self.say("再运行一次接着做：写入的不再问，跳过的还会问")
        stamp = self.blank.stamp
        if self.written:
            self.say(f"看结果：ledger status --dept {stamp.department} --as-of {self.sitting.day}")

    def _show(self, line: TargetLine, place: str) -> None:
        target = line.found.target
        facts = [f"目标 {line.goal}"]
        facts += [f"期限 {target.due}"] if target.due else []
        facts += [f"上次 {line.last}"] if line.last else ["还没有报过"]
        facts += [f"目前 {line.now}"] if line.now else []
        facts += [f"序时 {line.pace}"] if line.pace else []
        head = f"{place} {line.found.ref}  {target.name}（{'应报' if line.due else '选报'}）"
        summary = "  " + "　".join(fact.replace("\n", " ") for fact in facts)
        render(View((lines("", head, style="heading"),)), self.context.env)
        render(View((lines(summary, f"  {self._expected(line)}"),)), self.context.env)

    def _help(self, line: TargetLine) -> None:
        target = line.found.target
        self.say(f"  原文：{target.quote}", f"  {self._expected(line)}")
        if kind := HELP_OF.get(type(target)):
            self.say(kind)
        if line.unit:
            self.say(f"  只写数字的，单位按 {line.unit} 算")
        self.say(KEYS)

    def _expected(self, line: TargetLine) -> str:
        target = line.found.target
        if isinstance(target, Accumulate):
            return f"写 增 2{line.unit} 或 累计 4{line.unit}"
        if isinstance(target, Change):
            return "写增减幅度，如 12%（下降的幅度写正数），或 本期… 同期…"
        if isinstance(target, Compare):
            return f"写本地的数，如 5.2{line.unit}；接着问{line.second}"
        if isinstance(target, Milestone) and len(line.choices) > 1:
            return "写做成的步骤或它的序号：" + "　".join(
                f"{number} {name}" for number, name in enumerate(self._steps(line), start=1)
            )
        return "做成了写 完成 或 1" if isinstance(target, Milestone) else line.expected

    def _try(self, act: Callable[[], T]) -> T | None:
        try:
            return act()
        except LedgerError as error:
            self.say(f"  未记入：{error.message}", *((f"  {error.hint}",) if error.hint else ()))
            return None

    def say(self, *words: str) -> None:
        """Write lines to the terminal."""
        self.context.env.stdout.write("".join(f"{line}\n" for line in words))


def _open(line: TargetLine) -> bool:
    """Whether a target can still be reported on: a milestone has steps left."""
    return not isinstance(line.found.target, Milestone) or bool(line.left)


def _named(line: TargetLine, answer: Answer, effect: PendingEntry) -> Answer:
    """Return an answer with the step called as the list of steps calls it, however it was typed."""
    target = line.found.target
    if not isinstance(target, Milestone):
        return answer
    place = [step.key for step in target.all_steps].index(str(effect.entry.step))
    return replace(answer, amount=line.choices[place])
