"""Words that YAML drops without a sign: ` #` in a plain value begins a comment (title: 盘活 #3 地块 is read as 盘活)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ledger.core.findings import Finding
from ledger.files.ledger import Source
from ledger.rules.check.registry import RuleContext, commitment_rule

_CUT = re.compile(
    r"^\s*(?:- )?\{?(?P<key>title|name|quote|reason|note|text|department): "
    r"(?P<value>[^\s\"'>|\[{&*!%@`#][^\"'#]*?)\s+#(?=\S)(?P<lost>.*)$"
)


@commitment_rule
def no_words_behind_a_hash(source: Source, _context: RuleContext) -> Iterator[Finding]:
    """A number sign that is glued to what follows it was meant as part of the words, not as a comment."""
    if "#" not in source.document.text:
        return
    for number, line in enumerate(source.document.text.splitlines(), start=1):
        match = _CUT.match(line)
        if match is None:
            continue
        yield source.finding(
            "lost-words",
            (match["key"],) if match["key"] in {"title", "text", "department"} else ("targets",),
            f"第 {number} 行：“#{match['lost'].strip()[:20]}”被当作注释，没有读；读到的是“{match['value'].strip()[:20]}”",
            '整个值加上引号，如 title: "盘活 #3 地块"',
            line.strip(),
        )
