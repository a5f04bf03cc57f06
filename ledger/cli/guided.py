"""The walk through a department's month at a terminal: one open target at a time, its effect shown before it is written.

Only questions and answers; what an answer means is decided in `ledger.actions.guided`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from ledger.actions import guided
from ledger.actions.guided import Answer, Kept, Sitting
from ledger.actions.log import Understood, write
from ledger.actions.sheet.blank import Blank, Line
from ledger.cli.call import Call
from ledger.cli.prompt import Stopped, ask
from ledger.errors import ExitCode, LedgerError
from ledger.models import Accumulate, Change, Compare, Milestone
from ledger.render import render
from ledger.render.view import View, lines
from ledger.render.views.written import effect_view
from ledger.repo import Repo
from ledger.store.ledger import Ledger

T = TypeVar("T")

ASK_FIGURE = "数（回车 跳过　< 上一个　? 帮助　q 先停） > "
ASK_EFFECT = "回车 记下　+文号 加佐证　< 重填　- 不记 > "
ASK_WRITE = "{} 条，一次写入？回车 写入　< 回到最后一个　q 先留着 > "
HELP = (
    "  增 2家 是本期新增，累计 4家 是年初至今；数和单位一起写",
    "  比上年的也可以写 本期110亿元 同期100亿元；名次可写 第3位/11",
    "  回车 跳过这一个　< 回上一个　q 停下，下次接着　Ctrl-C 也一样",
)


@dataclass
class Walk:
    """One sitting at a department's month. `batch` writes once, at the end; `dry_run` never."""

    call: Call
    ledger: Ledger
    repo: Repo
    blank: Blank
    sitting: Sitting
    batch: bool = False
    dry_run: bool = False
    answers: dict[str, Answer] = field(default_factory=dict)
    """Answers taken but not written, in the order they were given."""
    written: dict[str, str] = field(default_factory=dict)
    """What this sitting has written: a target and its entry."""

    def run(self) -> int:
        """Walk through what the month has not got yet, and return the exit code."""
        waiting = {one.found.ref: one for one in self.blank.lines if not one.reported}
        if self.batch and not self.dry_run:
            self.answers = {one.ref: one for one in self._kept.load() if one.ref in waiting}
        self._greet(waiting)
        done = ExitCode.DONE
        try:
            self._walk(list(waiting.values()))
        except Stopped:
            pass
        except KeyboardInterrupt:
            self.say("")
            done = ExitCode.INTERRUPTED
        self._farewell()
        return done

    @property
    def _kept(self) -> Kept:
        return Kept.of(self.repo.git_dir, self.blank.stamp.department, self.sitting.day)

    def _greet(self, waiting: dict[str, Line]) -> None:
        stamp, known = self.blank.stamp, len(self.blank.lines) - len(waiting)
        self.say(
            f"{stamp.department} {stamp.month:%Y-%m}：{len(self.blank.lines)} 个目标，已报 {known} 个；数据日期 {self.sitting.day}"
        )
        if stamp.simulated:
            self.say("模拟数据")
        if self.answers:
            self.say(f"接着上次：已填 {len(self.answers)} 条，还没有写入")
        if self.blank.judged:
            self.say(f"另有 {self.blank.judged} 个定性目标由督查评定，不在这里报")

    def _walk(self, waiting: list[Line]) -> None:
        at = 0
        while True:
            while at < len(waiting) and waiting[at].found.ref in self.answers:
                at += 1
            if at < len(waiting):
                at = self._one(waiting, at)
            elif self._finish(waiting):
                return
            else:
                at = self._back(waiting, at)

    def _one(self, waiting: list[Line], at: int) -> int:
        """Ask for one target and return the place of the next."""
        line = waiting[at]
        self._show(line, f"[{at + 1}/{len(waiting)}]")
        while True:
            typed = ask(self.call.env, ASK_FIGURE)
            if typed in {"q", "Q"}:
                raise Stopped
            if typed in {"?", "？"}:
                self.say(f"  {self._expected(line)}", *HELP)
            elif typed in {"<", "＜", "《"}:
                return self._back(waiting, at)
            elif not typed or self._taken(line, typed):
                return at + 1

    def _back(self, waiting: list[Line], at: int) -> int:
        """Return the place before; what is written already stays, and how to correct it is said."""
        if at == 0:
            self.say("  已经是第一个")
            return 0
        ref = waiting[at - 1].found.ref
        if ref in self.written:
            self.say(f"  上一个已经写入，要改：ledger correct {self.written[ref]} 新的数 --reason 原因")
            return at
        if self.answers.pop(ref, None):
            self._save()
        return at - 1

    def _taken(self, line: Line, typed: str) -> bool:
        """Read an answer, show its effect and ask; whether the target is done with."""
        second = ""
        if isinstance(line.found.target, Compare):
            second = ask(self.call.env, f"  {line.second} > ")
        if isinstance(line.found.target, Milestone) and typed.isdecimal():
            number = int(typed)
            typed = line.choices[number - 1] if 1 <= number <= len(line.choices) else typed
        answer = Answer(line.found.ref, typed, second)
        while True:
            effect = self._try(partial(self._understood, line, answer))
            if effect is None:
                return False
            render(effect_view(effect), self.call.env)
            said = ask(self.call.env, ASK_EFFECT)
            if said in {"<", "＜", "《"}:
                return False
            if said == "-":
                return True
            if said in {"q", "Q"}:
                raise Stopped
            if not said:
                return self._take(line, answer, effect)
            if said[0] in "+＋" and said[1:].strip():
                answer = Answer(answer.ref, answer.amount, answer.second, said[1:].strip())
            else:
                self.say(f"  没有“{said}”这个选择")

    def _understood(self, line: Line, answer: Answer) -> Understood:
        lines_of = {one.found.ref: one.found for one in self.blank.lines}
        before = [(lines_of[ref], one) for ref, one in self.answers.items() if ref != answer.ref]
        return guided.understood(
            self.ledger, [*before, (line.found, answer)], self.sitting, self.call.env.today
        )[-1]

    def _take(self, line: Line, answer: Answer, effect: Understood) -> bool:
        if self.batch or self.dry_run:
            self.answers[line.found.ref] = answer
            self._save()
            return True
        return self._write([effect])

    def _save(self) -> None:
        if self.batch and not self.dry_run:
            self._kept.save(list(self.answers.values()))

    def _finish(self, waiting: list[Line]) -> bool:
        """Ask for the whole of a batch and write it; whether the walk is over."""
        if self.dry_run or not self.answers:
            return True
        said = ask(self.call.env, ASK_WRITE.format(len(self.answers)))
        if said in {"<", "＜", "《"}:
            return False
        if said:
            raise Stopped
        founds = {one.found.ref: one.found for one in waiting}
        wanted = [(founds[ref], one) for ref, one in self.answers.items()]
        effects = self._try(lambda: guided.understood(self.ledger, wanted, self.sitting, self.call.env.today))
        if effects is None or not self._write(effects):
            raise Stopped
        self.answers.clear()
        self._save()
        return True

    def _write(self, effects: list[Understood]) -> bool:
        logged = self._try(
            lambda: write(
                self.ledger, effects, today=self.call.env.today, repo=self.repo, told=self.call.tell
            )
        )
        if logged is None:
            return False
        self.written |= {one.found.ref: one.entry.id for one in logged.understood}
        self.say(f"  已记录，提交 {logged.commit.short}")
        return True

    def _farewell(self) -> None:
        left = sum(
            not one.reported and one.found.ref not in self.written and one.found.ref not in self.answers
            for one in self.blank.lines
        )
        self.say(f"这次写入 {len(self.written)} 条，本月还有 {left} 个目标没有报")
        if self.dry_run:
            self.say(f"只是预览，没有写入（看过 {len(self.answers)} 条）")
        elif self.answers:
            self.say(
                f"已填的 {len(self.answers)} 条还没有写入，留在本机；再运行同一条命令（带 --batch）接着做"
            )

    def _show(self, line: Line, place: str) -> None:
        known = [f"目标 {line.goal}"]
        known += [f"上次 {line.last}"] if line.last else ["还没有报过"]
        known += [f"目前 {line.now}"] if line.now else []
        known += [f"序时 {line.pace}"] if line.pace else []
        what = "要报" if line.due else "可不报"
        head = f"{place} {line.found.ref}  {line.found.target.name}（{what}）"
        facts = "  " + "　".join(one.replace("\n", " ") for one in known)
        render(
            View((lines("", head, style="heading"), lines(facts, f"  {self._expected(line)}"))), self.call.env
        )

    @staticmethod
    def _expected(line: Line) -> str:
        target = line.found.target
        if isinstance(target, Accumulate):
            return f"写 增 2{line.unit} 或 累计 4{line.unit}"
        if isinstance(target, Change):
            return "写增减幅度，如 12%（下降的幅度写正数），或 本期… 同期…"
        if isinstance(target, Compare):
            return f"写本地的数，如 5.2{line.unit}；接着问{line.second}"
        if isinstance(target, Milestone) and len(line.choices) > 1:
            return "写做成的步骤或它的序号：" + "　".join(
                f"{number} {name}" for number, name in enumerate(line.choices, start=1)
            )
        return line.expected

    def _try(self, act: Callable[[], T]) -> T | None:
        try:
            return act()
        except LedgerError as error:
            self.say(f"  没有记：{error.message}", *((f"  {error.hint}",) if error.hint else ()))
            return None

    def say(self, *words: str) -> None:
        """Say something that is no question."""
        self.call.env.stdout.write("".join(f"{one}\n" for one in words))
