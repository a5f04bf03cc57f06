"""Which known spellings are one slip away from a text."""

from __future__ import annotations

from collections.abc import Iterable

# Pairs that input methods and eyes confuse most; a swap of these counts as a small slip.
_CONFUSED = {frozenset(p) for p in ("忆亿", "意亿", "圆元", "园元", "员元", "原元", "亩母", "此次", "顿吨", "呎尺", "无元",
                                    "辆量", "做座", "坐座", "向项", "户护", "克刻", "0O", "比笔", "场厂", "理里", "倾顷")}  # fmt: skip


# Multipliers typed as a character that sounds or looks the same.
MISTYPED = {
    "忆": "亿",
    "意": "亿",
    "易": "亿",
    "艺": "亿",
    "义": "亿",
    "无": "万",
    "刀": "万",
    "方": "万",
    "迁": "千",
    "干": "千",
}


def closest(text: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """Up to `limit` spellings at most one edit (two for longer texts) from `text`, only the nearest."""
    if not text or len(text) > 20 or not any(c.isalpha() for c in text):
        return []
    lowered = text.lower()
    allowed = 1 if len(text) <= 4 else 2
    scored = []
    for candidate in known:
        if abs(len(candidate) - len(text)) <= allowed:
            distance = _distance(lowered, candidate.lower())
            # One edit of a one-character text keeps nothing of it: that is another word, unless often confused.
            # Of a two-character word it keeps half: 英尺 is no 英镑.
            short = len(text) == len(candidate) == 2 and not text.isascii() and distance == 1
            if text.isascii():
                # Of a short one, other letters are another unit (TPS is no bps), the same in another order a slip.
                short = len(text) < 4 and sorted(lowered) != sorted(candidate.lower())
            elif len(candidate) < len(text) <= 3:
                # A word that goes on after a unit is another word: 发生 is no 发. A character typed twice is a slip.
                short = candidate != "".join(dict.fromkeys(text))
            if distance <= allowed and distance < max(len(text), len(candidate)) and not short:
                scored.append((distance, candidate))
    nearest = min((distance for distance, _ in scored), default=0)
    return [candidate for distance, candidate in scored if distance == nearest][:limit]


def _distance(a: str, b: str) -> float:
    """Edits (insert, delete, replace, swap neighbours) between two short texts; a confused pair costs half."""
    width, height = len(b) + 1, len(a) + 1
    rows = [[float(i + j) if not i or not j else 0.0 for j in range(width)] for i in range(height)]
    for i, x in enumerate(a, 1):
        for j, y in enumerate(b, 1):
            cost = 0.0 if x == y else 0.5 if frozenset((x, y)) in _CONFUSED else 1.0
            best = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, rows[i - 2][j - 2] + 1)
            rows[i][j] = best
    return rows[-1][-1]
