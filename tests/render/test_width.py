from __future__ import annotations

import pytest

from ledger.render.width import cut, pad, safe, width


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("上市", 4),
        ("16亿美元", 8),
        ("≥6家", 4),
        ("㎡", 2),
        ("e\u0301", 1),
        ("１２", 4),
        ("●○", 2),
    ],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


def test_pad_counts_columns_not_characters() -> None:
    assert pad("上市", 6) == "上市  "
    assert pad("上市", 6, right=True) == "  上市"
    assert pad("上市公司", 6) == "上市公司"


@pytest.mark.parametrize(
    ("text", "shown"), [("上市公司", "上市…"), ("上市公", "上市公"), ("abcdefg", "abcde…")]
)
def test_cut(text: str, shown: str) -> None:
    assert cut(text, 6) == shown
    assert width(cut(text, 6)) <= 6


def test_control_characters_are_shown_not_obeyed() -> None:
    assert safe("红\x1b[31m字\u202e") == "红\\x1b[31m字\\u202e"
    assert safe("平常的字 ok") == "平常的字 ok"
