"""Review of drafts at a terminal: shows one target at a time, asks, and saves each answer before the next question.

What an answer does to a draft is decided in `ledger.commands.draft.review`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ledger.cli.context import AppContext
from ledger.cli.prompt import StoppedError, ask
from ledger.commands.draft import review
from ledger.core.errors import ExitCode, LedgerError
from ledger.core.models import Target
from ledger.core.models.drafts import DraftCommitment
from ledger.files import drafts
from ledger.files.ledger import Ledger
from ledger.render import render
from ledger.render.views.review import confirmed_view, target_view, unknown_view

ASK = (
    "回车 确认　e 修改　t 时限、基期、分期　s 拆分　d 去掉　+ 补目标　f 未列为目标的数　"
    "a 没有疑点的全部确认　p 只本部门　b 上一个　n 跳过这一项　q 暂停 > "
)
ASK_UNKNOWN = "t 录入为目标　c 不是目标　a 没有疑点的全部确认　b 上一个　n 跳过这一项　q 暂停 > "
ASK_ALL = "整项确认？回车 确认并写入计划　b 回到最后一个目标　n 以后再说　q 暂停 > "


class SkippedError(Exception):
    """Raised when the person leaves this commitment for later."""


@dataclass
class ReviewSession:
    """A review of several drafts. `dry_run` saves and confirms nothing; `confirmed` counts.

    `sure` says whose targets without doubts are confirmed unseen: of no department (None), of one, or of all ("").
    """

    context: AppContext
    ledger: Ledger
    dry_run: bool = False
    confirmed: int = 0
    sure: str | None = None

    def run(self, sources: Sequence[drafts.DraftSource]) -> int:
        """Ask about one draft after the other and return the exit code."""
        done = ExitCode.DONE
        try:
            for number, source in enumerate(sources, start=1):
                try:
                    self._review(source, f"{number}/{len(sources)}")
                except SkippedError:
                    continue
        except StoppedError:
            pass
        except KeyboardInterrupt:
            self.say("")
            done = ExitCode.INTERRUPTED
        if self.dry_run:
            self.say(f"只是预览，没有写入（会确认 {self.confirmed} 项）")
            return done
        left = sum(1 for _ in drafts.paths(self.ledger.root))
        self.say(
            f"这次确认了 {self.confirmed} 项，还有 {left} 项草稿。已做的都已保存，再运行 ledger draft --review 接着做"
        )
        if self.confirmed:
            self.say("下一步：ledger check，然后 git add data && git commit")
        return done

    def _review(self, source: drafts.DraftSource, place: str) -> None:
        draft = source.commitment
        while True:
            unseen = self._is_sure(draft)
            if draft.reviewed < len(draft.targets):
                doubts = review.doubts(draft, self.ledger).get(draft.targets[draft.reviewed].key, ())
                changed = (
                    review.accept(draft) if unseen and not doubts else self._target(draft, place, doubts)
                )
            elif draft.unknown:
                changed = self._unknown(draft, place)
            elif unseen and draft.targets:
                self._confirm(source, draft)
                return
            else:
                answer = self._last(draft)
                if answer is None:
                    self._confirm(source, draft)
                    return
                changed = answer
            if changed != draft:
                if not self.dry_run:
                    drafts.replace_draft(self.ledger.root, source.path, changed)
                draft = changed

    def _is_sure(self, draft: DraftCommitment) -> bool:
        return self.sure is not None and self.sure in {"", draft.department}

    def _target(self, draft: DraftCommitment, place: str, doubts: Sequence[str]) -> DraftCommitment:
        index = draft.reviewed
        render(target_view(draft, index, place, doubts), self.context.env)
        answer = self._choose(ASK, ("", "e", "t", "s", "d", "+", "f", "a", "p", "b"))
        units = self.ledger.units
        if answer == "":
            return review.accept(draft)
        if answer in {"a", "p"}:
            self.sure = "" if answer == "a" else draft.department
            return draft if doubts else review.accept(draft)
        if answer == "b":
            return review.back(draft)
        if answer == "d":
            reason = self.ask("为什么不是目标（写入说明） > ") or "经确认不是目标"
            return review.drop(draft, index, reason, units)
        if answer == "s":
            names = self.ask("拆成哪几个，用空格或分号隔开 > ").replace("；", " ").replace(";", " ").split()
            return self._try(draft, lambda: review.split_target(draft, index, names, units))
        if answer == "+":
            return self._add(draft, self.ask("原文里的话（照抄，含这个数） > "))
        if answer == "f":
            return self._left_out(draft)
        return self._times(draft, index) if answer == "t" else self._edit(draft, index, draft.targets[index])

    def _times(self, draft: DraftCommitment, index: int) -> DraftCommitment:
        due = self.ask("完成时限 [不变]，如 6月底 > ")
        baseline = self.ask("基期数 [不变]，如 85% > ")
        plan = self.ask("分期 [不变]，如 3月底 30亿元，6月底 70亿元 > ")
        units = self.ledger.units
        return self._try(
            draft, lambda: review.set_times(draft, index, units, due=due, baseline=baseline, plan=plan)
        )

    def _left_out(self, draft: DraftCommitment) -> DraftCommitment:
        """Show the figures that are no target; one of them may be made a target."""
        figures = review.figures_left_out(draft)
        if not figures:
            self.say("没有带单位而未列为目标的数")
            return draft
        for number, item in enumerate(figures, start=1):
            self.say(f"  {number}  {item.quote}（{item.reason}）")
        answer = self.ask("把第几个列为目标 [回车 都不列] > ")
        if not answer.isdecimal() or not 1 <= int(answer) <= len(figures):
            return draft
        return self._add(draft, figures[int(answer) - 1].quote)

    def _add(self, draft: DraftCommitment, quote: str) -> DraftCommitment:
        name = self.ask("名称 > ")
        kind = self._kind("类别") or "accumulate"
        goal = "" if kind in {"milestone", "judgement"} else self.ask("目标值 > ")
        units = self.ledger.units
        return self._try(
            draft, lambda: review.add(draft, units, quote=quote, name=name, kind=kind, goal=goal)
        )

    def _edit(self, draft: DraftCommitment, index: int, target: Target) -> DraftCommitment:
        name = self.ask(f"名称 [{target.name}] > ")
        kind = self._kind("类别 [不变]")
        goal = self.ask("目标值 [不变]，如 不少于20家、下降5%、前3位、高于全省平均 > ")
        return self._try(
            draft, lambda: review.edit(draft, index, self.ledger.units, name=name, kind=kind, goal=goal)
        )

    def _unknown(self, draft: DraftCommitment, place: str) -> DraftCommitment:
        render(unknown_view(draft, place), self.context.env)
        answer = self._choose(ASK_UNKNOWN, ("t", "c", "a", "b"))
        if answer == "a":
            self.sure = ""
            return draft
        if answer == "b":
            return review.back(draft)
        if answer == "c":
            reason = self.ask("为什么不是目标（写入说明） > ") or "经确认不是目标"
            return review.dismiss_unknown(draft, reason, self.ledger.units)
        name = self.ask(f"名称 [{draft.unknown[0].name or draft.unknown[0].quote}] > ")
        kind = self._kind("类别") or "judgement"
        goal = "" if kind in {"milestone", "judgement"} else self.ask("目标值 > ")
        units = self.ledger.units
        return self._try(draft, lambda: review.read_unknown(draft, units, name=name, kind=kind, goal=goal))

    def _last(self, draft: DraftCommitment) -> DraftCommitment | None:
        """Ask for the whole; None is yes."""
        if not draft.targets:
            self.say("这一项没有目标；至少要有一个，可按标题立一个定性目标，由督查评定")
            name = self.ask(f"定性目标的名称 [{draft.title}]，q 暂停 > ")
            if name == "q":
                raise StoppedError
            return review.judged(draft, name, self.ledger.units)
        return review.back(draft) if self._choose(ASK_ALL, ("", "b")) == "b" else None

    def _confirm(self, source: drafts.DraftSource, draft: DraftCommitment) -> None:
        try:
            commitment = review.confirmed(draft, self.ledger)
            root = self.ledger.root
            path = (
                drafts.confirmable(root, commitment)
                if self.dry_run
                else drafts.confirm(root, source.path, commitment)
            )
        except LedgerError as error:
            self.say(f"没有确认：{error.message}")
            self.say(f"留作草稿 {source.path}；{error.hint or '改正后再确认'}")
            return
        self.confirmed += 1
        render(confirmed_view(commitment, str(path), dry_run=self.dry_run), self.context.env)

    def _kind(self, prompt: str) -> str:
        words = "、".join(word for word in review.KINDS if word != "名次")
        while True:
            answer = self.ask(f"{prompt}（{words}） > ")
            if not answer or answer in review.KINDS:
                return review.KINDS.get(answer, "")
            self.say(f"没有“{answer}”这一类")

    def _choose(self, prompt: str, allowed: Sequence[str]) -> str:
        while True:
            answer = self.ask(prompt).casefold()
            if answer == "q":
                raise StoppedError
            if answer == "n":
                raise SkippedError
            if answer in allowed:
                return answer
            self.say(f"没有“{answer}”这个选择")

    def _try(self, draft: DraftCommitment, change: Callable[[], DraftCommitment]) -> DraftCommitment:
        try:
            return change()
        except LedgerError as error:
            self.say(f"没有改：{error.message}" + (f"；{error.hint}" if error.hint else ""))
            return draft

    def ask(self, prompt: str) -> str:
        """Ask one question; raises StoppedError at the end of the input."""
        return ask(self.context.env, prompt)

    def say(self, words: str) -> None:
        """Say something that is no question."""
        self.context.env.stdout.write(words + "\n")
