"""The questions about one target: its figure, its unit, the figure beside it, doubts, evidence and remarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ledger.cli.guided.dialog import Dialog
from ledger.cli.guided.drafts import AnswerDrafts
from ledger.cli.guided.reviews import ask_remark
from ledger.cli.guided.wording import (
    ASK_DOUBT,
    ASK_PROOF,
    ASK_REASON,
    ASK_UNIT,
    ASK_WHY,
    BACK,
    HELP_DOUBT,
    HELP_OF,
    HELP_REASON,
    HELP_UNIT,
    HELP_VERDICT,
    HINT_BEHIND,
    KEYS,
    REMARK_KEYS,
)
from ledger.cli.options import UNAVAILABLE
from ledger.cli.prompt import YES
from ledger.commands.log import PendingEntry
from ledger.commands.sheet.export import TargetLine
from ledger.core.errors import LedgerError
from ledger.core.models import Compare, Judgement, Milestone
from ledger.core.reading import VERDICTS, BareNumberError, example, expected, gives_benchmark, unit_word
from ledger.files.saved_answers import Answer
from ledger.render import render
from ledger.render.view import View, lines
from ledger.rules.gate import DoubtfulFigureError


@dataclass(frozen=True)
class TargetQuestions:
    """The questions about one target.

    `steps` are the steps of a milestone that are still to be done, `waiting` the answers that are to be written before this one.
    """

    dialog: Dialog
    drafts: AnswerDrafts
    line: TargetLine
    steps: tuple[str, ...]
    waiting: Sequence[Answer]

    def show(self, place: str, *, skipped: bool) -> None:
        """Write what is known about the target, and what it takes; `skipped` says that it was passed over before."""
        line = self.line
        target = line.target_ref.target
        facts = [f"目标 {line.goal}"]
        facts += [f"期限 {target.due}"] if target.due else []
        facts += [f"上次 {line.last}"] if line.last else ["尚无数据"]
        facts += [f"目前 {line.now}"] if line.now else []
        facts += [f"序时 {line.pace}"] if line.pace else []
        mark = f"{'应报' if line.due else '选报'}{'，上次跳过' if skipped else ''}"
        head = f"{place} {line.target_ref.ref}  {target.name}（{mark}）"
        summary = "  " + "　".join(fact.replace("\n", " ") for fact in facts)
        render(View((lines("", head, style="heading"),)), self.dialog.env)
        behind = [HINT_BEHIND] if line.behind and not line.remark else []
        behind += [f"  上次说明：{line.remark}"] if line.remark else []
        render(View((lines(summary, *behind, f"  {self._expected()}"),)), self.dialog.env)

    def help(self) -> None:
        """Write the words of the target in the plan, what it takes, and the keys."""
        line = self.line
        target = line.target_ref.target
        self.dialog.say(f"  原文：{target.quote}", f"  {self._expected()}")
        if kind := HELP_OF.get(type(target)):
            self.dialog.say(kind)
        if line.unit and line.unit == getattr(target, "unit", None) and line.unit not in {"%", "‰"}:
            self.dialog.say(f"  只写数字的，单位按 {line.unit} 算")
        self.dialog.say(KEYS)

    def answer(self, typed: str) -> Answer | None:
        """Return the answer that was typed, with what is asked for beside it; None to start over."""
        target, ref = self.line.target_ref.target, self.line.target_ref.ref
        if self.steps and typed.isdecimal() and 1 <= int(typed) <= len(self.steps):
            typed = self.steps[int(typed) - 1]
        if isinstance(target, Judgement) and typed in VERDICTS:
            met = VERDICTS[typed] == "met"
            words = self.dialog.ask_with_help(ASK_PROOF if met else ASK_WHY, HELP_VERDICT)
            if not words or words in BACK:
                return None
            given = {"evidence": words} if met else {"note": words}
            return Answer(ref, typed, **given)
        if not typed.startswith(UNAVAILABLE):
            both = isinstance(target, Compare) and gives_benchmark(target, typed)
            return Answer(ref, typed, "" if both else self._benchmark())
        reason = typed.removeprefix(UNAVAILABLE).strip(" ，,：:")
        reason = reason or self.dialog.ask_with_help(ASK_REASON, HELP_REASON)
        return Answer(ref, unavailable=reason) if reason and reason not in BACK else None

    def check(self, answer: Answer) -> tuple[Answer, PendingEntry] | None:
        """Read and check an answer, asking which unit was meant and whether a doubtful figure is right; None to start over."""
        while True:
            try:
                return answer, self.drafts.effect(self.waiting, self.line, answer)
            except BareNumberError as error:
                amount = self._choose_unit(error)
                if amount is None:
                    return None
                answer = replace(answer, second=amount) if error.figure else replace(answer, amount=amount)
            except DoubtfulFigureError as error:
                self.dialog.say(f"  请核对：{error.question}")
                if self.dialog.ask_with_help(ASK_DOUBT, HELP_DOUBT) not in YES:
                    return None
                answer = replace(answer, confirmed="yes")
            except LedgerError as error:
                self.dialog.refuse(error)
                return None

    def add_words(self, answer: Answer, choice: str) -> Answer:
        """Return the answer with the evidence, the note or the remark that was typed."""
        if choice in REMARK_KEYS:
            return replace(answer, **ask_remark(self.dialog))
        if choice[0] in "+＋" and choice[1:].strip():
            return replace(answer, evidence=choice[1:].strip())
        if choice[0] in "=＝" and choice[1:].strip():
            return replace(answer, note=choice[1:].strip())
        self.dialog.say(f"  没有“{choice}”这个选择")
        return answer

    def name_step(self, answer: Answer, effect: PendingEntry) -> Answer:
        """Return an answer with the step called as the list of steps calls it, however it was typed."""
        target = self.line.target_ref.target
        if not isinstance(target, Milestone):
            return answer
        place = [step.key for step in target.all_steps].index(str(effect.entry.step))
        return replace(answer, amount=self.line.choices[place])

    def _choose_unit(self, error: BareNumberError) -> str | None:
        """Ask which full spelling of a bare number was meant."""
        self.dialog.say(f"  {error.message}，是哪一个？")
        for number, (choice, meaning) in enumerate(zip(error.choices, error.meanings, strict=True), start=1):
            self.dialog.say(f"  {number} {choice}" + (f"（{meaning}）" if meaning else ""))
        picked = self.dialog.ask_with_help(ASK_UNIT, HELP_UNIT)
        if picked.isdecimal() and 1 <= int(picked) <= len(error.choices):
            return error.choices[int(picked) - 1]
        return picked if picked in error.choices else None

    def _benchmark(self) -> str:
        """Ask for the figure that a figure is compared with, where there is one; may return a wish to go back."""
        target, benchmark = self.line.target_ref.target, ""
        while isinstance(target, Compare) and not benchmark:
            help_text = (
                f"  写{self.line.second}，单位和本地的数一样，如 4.8{unit_word(target)}；< 重新填本地的数"
            )
            benchmark = self.dialog.ask_with_help(f"  {self.line.second}（< 重填） > ", help_text)
        return benchmark

    def _expected(self) -> str:
        target = self.line.target_ref.target
        if isinstance(target, Compare):
            return f"写本地的数，如 {example(target)}；接着问{self.line.second}"
        if isinstance(target, Milestone) and len(self.line.choices) > 1:
            return "写做成的步骤或它的序号：" + "　".join(
                f"{number} {step}" for number, step in enumerate(self.steps, start=1)
            )
        if isinstance(target, Judgement):
            return "写 达到 或 未达到；接着问佐证或理由"
        return "做成了写 完成 或 1" if isinstance(target, Milestone) else f"写{expected(target)}"
