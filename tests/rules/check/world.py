"""A plan of one-line targets, and the ledger of a folder that holds it: line 8 of a commitment's file is its first target."""

from __future__ import annotations

from pathlib import Path

from ledger.files.ledger import Ledger

CONFIG = "name: 测试账本\nyear: 2023\ndepartments: [{name: 金融办}, {name: 商务局}]\nlights: {bands: [{light: 正常}]}\n"
HEAD = "id: {place}\ndepartment: {dept}\ntitle: {title}\nyear: 2023\ntext: >-\n  {text}\ntargets:\n"


def promise(title: str, text: str, *targets: str, dept: str = "金融办", context: str = "") -> str:
    """A commitment's file; a target is what stands between its braces."""
    head = HEAD.format(place=f"{dept}-01", dept=dept, title=title, text=text)
    said = f"context: [{{{context}}}]\n" if context else ""
    return head + "".join(f"  - {{{target}}}\n" for target in targets) + said


def ledger(root: Path, *promises: str, config: str = CONFIG) -> Ledger:
    """The ledger of these commitments' files, one a department."""
    files = {"data/ledger.yaml": config}
    for text in promises:
        dept = text.partition("-")[0].removeprefix("id: ")
        files[f"data/targets/2023/{dept}/01.yaml"] = text
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="\n")
    return Ledger.open(root)
