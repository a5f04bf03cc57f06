"""Walks through the targets of a department's month, and writes the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from ledger.cli.context import AppContext
from ledger.cli.guided.dialog import Dialog
from ledger.cli.guided.drafts import AnswerDrafts
from ledger.cli.guided.questions import TargetQuestions
from ledger.cli.guided.reviews import ask_remark, ask_returned
from ledger.cli.guided.wording import (
    ASK_EFFECT,
    ASK_FIGURE,
    ASK_HELP,
    ASK_WRITE,
    BACK,
    HELP_EFFECT,
    HELP_WRITE,
    HINT_BEHIND,
    REMARK_KEYS,
    STOP,
)
from ledger.cli.prompt import StoppedError
from ledger.commands.log import EntryRequest, PendingEntry, write_entries
from ledger.commands.sheet.export import BlankSheet, TargetLine
from ledger.core.errors import ExitCode
from ledger.core.models import Milestone
from ledger.core.progress.entries import is_report
from ledger.core.progress.lights import Light
from ledger.files.evidence import Attachment
from ledger.files.ledger import Ledger
from ledger.files.notices import tidying
from ledger.files.saved_answers import Answer, SavedAnswers
from ledger.git import Repo
from ledger.render import render
from ledger.render.views.written import effect_view


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
            ask_returned(self.dialog, self.drafts, dry_run=self.dry_run)
            self._walk(waiting)
        except StoppedError:
            pass
        except KeyboardInterrupt:
            self.dialog.say("")
            done = ExitCode.INTERRUPTED
        self._farewell()
        return done

    @cached_property
    def dialog(self) -> Dialog:
        """The terminal."""
        return Dialog(self.context.env)

    @cached_property
    def drafts(self) -> AnswerDrafts:
        """What makes entries of answers."""
        return AnswerDrafts(self.context, self.ledger, self.repo, self.blank, self.terms)

    @property
    def day(self) -> date:
        """The date of every figure."""
        assert self.terms.on is not None
        return self.terms.on

    @property
    def _saved(self) -> SavedAnswers:
        return SavedAnswers.of(self.repo.git_dir, self.blank.stamp.department, self.day)

    def _greet(self, waiting: list[TargetLine]) -> None:
        stamp, due = self.blank.stamp, sum(line.due for line in waiting)
        reported = sum(line.reported for line in self.blank.lines)
        self.dialog.say(
            f"{stamp.department} {stamp.month:%Y-%m}：应报 {due} 项，选报 {len(waiting) - due} 项；"
            f"已报 {reported} 项；数据日期 {self.day}"
        )
        if stamp.simulated:
            self.dialog.say("模拟数据")
        if self.answers:
            self.dialog.say(f"接着上次：已填 {len(self.answers)} 条，还没有写入")
        if self.blank.judged:
            self.dialog.say(f"{self.blank.judged} 个定性目标由督查评定，不在这里报")

    def _walk(self, waiting: list[TargetLine]) -> None:
        position = 0
        while True:
            while (
                position < len(waiting)
                and self._pending(waiting[position])
                and not self._steps(waiting[position])
            ):
                position += 1
            if position < len(waiting):
                position = self._ask_target(waiting, position)
            elif self._finish():
                return
            else:
                position = self._back(waiting, position)

    def _ask_target(self, waiting: list[TargetLine], position: int) -> int:
        """Ask for one target and return the position of the next: the same one while a milestone has steps left."""
        line = waiting[position]
        questions = TargetQuestions(self.dialog, self.drafts, line, self._steps(line), self.answers)
        questions.show(f"[{position + 1}/{len(waiting)}]", skipped=line.target_ref.ref in self.skipped_before)
        while True:
            typed = self.dialog.ask(ASK_FIGURE)
            if typed in STOP:
                raise StoppedError
            if typed in ASK_HELP:
                questions.help()
            elif typed in BACK:
                return self._back(waiting, position)
            elif typed in REMARK_KEYS:
                self._write_remark(line)
            elif not typed:
                self.skipped.add(line.target_ref.ref)
                self._save()
                return position + 1
            elif self._settle(questions, typed):
                self.skipped.discard(line.target_ref.ref)
                self._save()
                return position if self._steps(line) and self._answered(line) else position + 1

    def _back(self, waiting: list[TargetLine], position: int) -> int:
        """Return the position before; for what is written already, say how to correct it."""
        if position < len(waiting) and self._pending(waiting[position]):
            # Another step of this milestone waits: first that one.
            self.answers.remove(self._pending(waiting[position])[-1])
            self._save()
            return position
        if position == 0:
            self.dialog.say("  已经是第一个")
            return 0
        ref = waiting[position - 1].target_ref.ref
        for answer, entry in self.written:
            if answer.ref == ref:
                self.dialog.say(f"  上一个已经写入，要改：ledger correct {entry} 新的数 --reason 原因")
                return position
        self.answers[:] = [answer for answer in self.answers if answer.ref != ref]
        self._save()
        return position - 1

    def _settle(self, questions: TargetQuestions, typed: str) -> bool:
        """Read an answer, show its effect and ask whether to record it; return whether the target is done with."""
        answer = questions.answer(typed)
        if answer is None:
            return False
        while answer.second not in BACK:
            outcome = questions.check(answer)
            if outcome is None:
                return False
            answer, effect = outcome
            render(effect_view(effect), self.context.env)
            if effect.after.light in (Light.BEHIND, Light.FAR_BEHIND) and not answer.cause:
                self.dialog.say(HINT_BEHIND)
            choice = self.dialog.ask_with_help(ASK_EFFECT, HELP_EFFECT)
            if choice in BACK:
                return False
            if choice == "-":
                return True
            if not choice:
                return self._take(questions.name_step(answer, effect), effect)
            answer = questions.add_words(answer, choice)
        return False

    def _write_remark(self, line: TargetLine) -> None:
        """Ask why a target is behind, and write the answer without a figure."""
        answer = Answer(line.target_ref.ref, **ask_remark(self.dialog))
        if not answer.cause:
            return
        pending = self.dialog.attempt(lambda: self.drafts.remark(line, answer))
        if pending is not None and not self.dry_run:
            self._write([], pending)

    def _take(self, answer: Answer, effect: PendingEntry) -> bool:
        """Write an answer, or keep it for the end of a batch; return whether it was taken."""
        if not self.batch and not self.dry_run:
            if not answer.cause:
                return self._write([answer], [effect])
            effects = self.dialog.attempt(lambda: self.drafts.batch([answer]).pending)
            return effects is not None and self._write([answer], effects)
        self.answers.append(answer)
        self._save()
        return True

    def _save(self) -> None:
        if not self.dry_run:
            self._saved.save(self.answers if self.batch else (), self.skipped)

    def _finish(self) -> bool:
        """Ask for the whole of a batch and write it; return whether the session is over."""
        if self.dry_run or not self.answers:
            return True
        choice = self.dialog.ask_with_help(ASK_WRITE.format(len(self.answers)), HELP_WRITE)
        if choice in BACK:
            return False
        if choice:
            raise StoppedError
        effects = self.dialog.attempt(lambda: self.drafts.batch(self.answers).pending)
        if effects is None or not self._write(self.answers, effects):
            raise StoppedError
        self.answers.clear()
        with tidying("暂存答案的清除", self.context.notify, "再做之前先看 ledger history，已记入的不要再填"):
            self._save()
        return True

    def _write(self, answers: Sequence[Answer], effects: list[PendingEntry]) -> bool:
        files = [file for answer in answers for file in self.drafts.evidence(answer)[1]]
        logged = self.dialog.attempt(
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
            self.dialog.say(f"  已记录，提交 {logged.commit.short}")
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
        self.dialog.say("", f"本次记入 {len(self.written)} 条，本月应报目标尚有 {left} 项未报送")
        if self.dry_run:
            self.dialog.say(f"只是预览，没有写入（看过 {len(self.answers)} 条）")
        elif self.answers:
            self.dialog.say(
                f"已填的 {len(self.answers)} 条还没有写入，留在本机；再运行同一条命令（带 --batch）接着做"
            )
        elif left:
            self.dialog.say("再运行一次接着做：写入的不再问，跳过的还会问，并注明上次跳过")
        stamp = self.blank.stamp
        if self.written:
            self.dialog.say(f"看结果：ledger status --dept {stamp.department} --as-of {self.day}")


def _open(line: TargetLine) -> bool:
    """Whether a target can still be reported on: a milestone has steps left."""
    return not isinstance(line.target_ref.target, Milestone) or bool(line.left)
