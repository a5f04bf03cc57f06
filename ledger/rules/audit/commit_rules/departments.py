"""Rules on changes of departments (机构改革): who may record them, that none is ever edited, and that no sealed month changes."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.core.findings import Finding
from ledger.core.models import LedgerConfig
from ledger.core.models.departments import Reorganisation, reorganised
from ledger.core.texts import has_words
from ledger.rules import permissions
from ledger.rules.audit import policy as policies
from ledger.rules.audit.commit_context import CommitContext
from ledger.rules.paths import CONFIG


def check_reorganisations(context: CommitContext) -> Iterator[Finding]:
    """Changes of departments are only ever added, by those who may, and from a day that is not sealed."""
    for change in context.changes if context.started else ():
        if change.path != CONFIG or change.added or change.removed:
            continue
        old, new = (policies.read_policy(context.blob(blob)) for blob in (change.old, change.new))
        if old is None or new is None:
            continue
        if new.reorganisations[: len(old.reorganisations)] != old.reorganisations:
            yield context.finding(
                "reorganisation",
                "以前的机构变动（reorganisations）被改或被删",
                CONFIG,
                0,
                "恢复原来的；记错了的，用 ledger dept 或 ledger transfer 另记一次变动",
            )
            continue
        for fact in added_facts(old, new):
            yield from _check_fact(context, old, fact)


def _check_fact(context: CommitContext, old: LedgerConfig, fact: Reorganisation) -> Iterator[Finding]:
    if context.sealed is not None and fact.on <= context.sealed:
        message = f"{fact.text}，自 {fact.on} 起，改动了封过的账：{context.sealed:%Y-%m} 及以前各月已封账"
        yield context.finding("sealed", message, CONFIG, 0, "自封账以后的日期起算")
    if not context.is_author(fact.by):
        message = f"{fact.text}，写的是 {fact.by} 记的，提交的作者却是 {context.commit.author}"
        yield context.finding(
            "reorganisation", message, CONFIG, 0, "谁记的写谁；用 ledger dept 或 ledger transfer 记"
        )
    if not has_words(fact.reason):
        yield context.finding(
            "reorganisation",
            f"{fact.text}，没有写理由",
            CONFIG,
            0,
            "用 ledger dept 或 ledger transfer 记，写上理由",
        )
    departments = fact.departments
    if fact.year is not None and fact.commitment is not None:
        departments = (old.history.in_charge(fact.year, fact.commitment, fact.on),)
    email = context.commit.email
    if context.policy.may_rule(email):
        return
    for department in departments:
        if not context.policy.may(email, department, "reorganise"):
            permitted = "、".join(permissions.writers(old, department, "reorganise") or ())
            message = f"{email} 不能为{department}{permissions.WORDS['reorganise']}；可以的人：{permitted}"
            yield context.finding("role", message, CONFIG, 0, "请名单里的人来做")
            return


def added_facts(old: LedgerConfig, new: LedgerConfig) -> tuple[Reorganisation, ...]:
    """Return the changes of departments that a change of the configuration adds."""
    return new.reorganisations[len(old.reorganisations) :]


def explains_list(old: LedgerConfig, new: LedgerConfig) -> bool:
    """Whether the departments changed as the changes recorded say, and in nothing else."""
    facts = added_facts(old, new)
    departments = old.departments
    for fact in facts:
        departments = reorganised(departments, fact)
    return bool(facts) and departments == new.departments
