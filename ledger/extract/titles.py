"""What a title adds to its text: figures and steps that only it holds, and the subject of steps the text leaves bare."""

from __future__ import annotations

from dataclasses import replace

from ledger.extract.model import Mention, TargetDraft

# Titles are full of slogans; only these rules speak of a step that is done or not.
STEP_RULES = frozenset({"negation", "clearance", "step_done", "task_finished"})
_BARE = 6  # a step's name up to this length is a verb with no subject: 全面开工


def repeats(mention: Mention, known: list[TargetDraft]) -> bool:
    """Return whether the text holds what a title's mention states."""
    if mention.value is None:
        return any(mention.word in target.quote for target in known)
    return any(target.value == mention.value and target.unit == mention.unit for target in known)


def join(text: list[TargetDraft], title: list[TargetDraft]) -> tuple[list[TargetDraft], list[TargetDraft]]:
    """Return the text's targets with subjects from the title, and the title's targets that the text does not repeat."""
    steps = [target for target in title if target.rule in STEP_RULES and target.kind == "milestone"]
    title_targets = [
        t for t in title if t not in steps and t.rule not in {"document_or_founding", "something_built"}
    ]
    named = list(text)
    for step in steps:
        ending = step.name[-2:]
        same = [i for i, target in enumerate(named) if target.kind == "milestone" and ending in target.quote]
        if not same:
            title_targets.append(step)
        for i in same:
            if len(named[i].name) <= _BARE and named[i].name.endswith(ending):
                named[i] = replace(named[i], name=step.name)
    return named, title_targets
