"""Wording of reviews and causes beside a target's figures: 核定数, 退回待更正, 原因和措施; empty where there is none."""

from __future__ import annotations

from ledger.core.progress import TargetStatus
from ledger.core.progress.percent import percent
from ledger.core.progress.status import CauseAndMeasure, Returned, ReviewStatus
from ledger.render.view import day, number


def verified_text(status: TargetStatus) -> str:
    """Return a target's status by its verified figures: 同自报数, another figure with its completion, or 未核定."""
    review = status.review
    if review is None or not review.verified:
        return "未核定" if status.unverified else ""
    if (review.actual, review.completion) == (status.actual, status.completion):
        return "已核定" if not review.unverified else "同自报数"
    share = "" if review.completion is None else f"（{percent(review.completion)}）"
    return f"{review.actual or '—'}{share}"


def review_notes(status: TargetStatus) -> list[str]:
    """Return what a reviewer sent back, and the target's status by verified figures if it differs."""
    review = status.review
    if review is None:
        return []
    notes = [
        f"退回待更正：{item.on.year} 年 {item.on.month} 月的数，{item.reason}（{item.by}）"
        for item in review.returned
    ]
    if review.unverified and (review.actual, review.completion) != (status.actual, status.completion):
        verified = f"核定 {_figure(review.actual, review)}" if review.verified else "尚无核定数"
        notes.append(f"自报 {_figure(status.actual, status)}，{verified}")
    return notes


def cause_text(remark: CauseAndMeasure | None, *, short: bool = False) -> str:
    """Return why a target is behind and what is done: 原因：…；措施：…（责任人 李四，时限 2023-07-31，已逾期）."""
    if remark is None:
        return ""
    texts = [f"原因：{remark.cause}", f"措施：{remark.measure}" if remark.measure else ""]
    terms = [f"责任人 {remark.owner}" if remark.owner and not short else ""]
    terms.append(f"时限 {day(remark.until)}" if remark.until and not (short and not remark.overdue) else "")
    terms.append("已逾期" if remark.overdue else "")
    aside = "，".join(filter(None, terms))
    return "；".join(filter(None, texts)) + (f"（{aside}）" if aside else "")


def review_data(review: ReviewStatus | None) -> dict[str, object] | None:
    """Return how far a target's figures are verified, as JSON keeps it."""
    if review is None:
        return None
    return {
        "verified": review.verified,
        "unverified": review.unverified,
        "actual": review.actual,
        "completion": number(review.completion),
        "returned": [returned_data(item) for item in review.returned],
    }


def returned_data(returned: Returned) -> dict[str, object]:
    """Return a figure that was sent back, as JSON keeps it."""
    return {
        "entry": returned.entry,
        "on": day(returned.on),
        "reason": returned.reason,
        "by": returned.by,
    }


def cause_data(remark: CauseAndMeasure | None) -> dict[str, object] | None:
    """Return the cause and measure of a target that is behind, as JSON keeps them."""
    if remark is None:
        return None
    return {
        "on": day(remark.on),
        "cause": remark.cause,
        "measure": remark.measure,
        "owner": remark.owner,
        "until": day(remark.until) or None,
        "by": remark.by,
        "overdue": remark.overdue,
    }


def _figure(actual: str | None, where: TargetStatus | ReviewStatus) -> str:
    share = "" if where.completion is None else f"（{percent(where.completion)}）"
    return f"{actual or '—'}{share}"
