"""`review`: the words with the target's quote marked, and how the target was read."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.core.models import Commitment, Target
from ledger.core.models.drafts import DraftCommitment
from ledger.core.quantity import Quantity, format_amount
from ledger.render.columns import KIND_NAMES
from ledger.render.view import Block, Marked, View, lines


def target_view(draft: DraftCommitment, index: int, place: str, doubts: Sequence[str] = ()) -> View:
    """Return the view of one drafted target, with what makes its reading doubtful."""
    target = draft.targets[index]
    texts = [
        f"目标 {index + 1}/{len(draft.targets)}  {target.name}",
        f"  {KIND_NAMES[target.kind]}  {_goal(target)}"
        + (f"  缓和语：{target.hedge}" if target.hedge else ""),
    ]
    texts += (
        [f"  争取：{'、'.join(tier.wording for tier in tiers)}"]
        if (tiers := getattr(target, "stretch", ()))
        else []
    )
    texts += [f"  应完成：{target.due}"] if target.due else []
    texts += [f"  其中：属于 {target.part_of}"] if target.part_of else []
    texts += [f"  任一完成即可：{target.any_of}"] if target.any_of else []
    baseline, plan = getattr(target, "baseline", None), getattr(target, "plan", ())
    texts += [f"  基期：{_amount(baseline)}"] if baseline else []
    texts += [f"  分期：{'，'.join(f'{point.on} {_amount(point.value)}' for point in plan)}"] if plan else []
    texts.append(f"  代号：{target.key}")
    blocks: list[Block] = [*_words(draft, target.quote, place), lines(*texts)]
    if doubts:
        blocks.append(lines(*(f"  疑点：{doubt}" for doubt in doubts), style="warning"))
    return View(tuple(blocks))


def _amount(amount: Quantity) -> str:
    return format_amount(amount.value, amount.unit, amount.scale)


def unknown_view(draft: DraftCommitment, place: str) -> View:
    """Return the view of the first thing that was not read."""
    unread = draft.unknown[0]
    texts = lines(f"未能识别：{unread.quote}", f"  {unread.reason}", style="warning")
    return View((*_words(draft, unread.quote, place), texts))


def confirmed_view(commitment: Commitment, path: str, *, dry_run: bool = False) -> View:
    """Return the view of a commitment that was confirmed, or would be."""
    texts = lines(
        f"{'会' if dry_run else '已'}确认 {commitment.id}：{len(commitment.targets)} 个目标，写入 {path}"
    )
    return View((texts,))


def _goal(target: Target) -> str:
    falls = getattr(target, "direction", "") == "decrease"
    return ("下降 " if falls else "") + target.goal_wording


def _words(draft: DraftCommitment, quote: str, place: str) -> tuple[Block, ...]:
    title = Marked(draft.title, _span(draft.title, quote))
    head = lines("", f"[{place}] {draft.id}", style="heading")
    return head, title, Marked(draft.text, _span(draft.text, quote))


def _span(words: str, quote: str) -> tuple[tuple[int, int], ...]:
    at = words.find(quote)
    return ((at, at + len(quote)),) if at >= 0 else ()
