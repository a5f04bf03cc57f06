"""`show` as of a day: what was known of that day, with what was corrected since."""

from __future__ import annotations

import json

from tests.conftest import World


def test_show_lists_what_was_known_of_a_day_and_counts_the_rest(world: World) -> None:
    first = json.loads(
        world("log", "金融办", "新增上市公司", "2家", "--on", "2023-03-31", "--format", "json").out
    )
    world("log", "金融办", "新增上市公司", "1家", "--on", "2023-05-31")
    assert world("correct", first["entry"]["id"], "3家", "--reason", "漏报一家").code == 0
    shown = world("show", "金融办-01/listed", "--as-of", "2023-04-30")
    assert "新增 3家" in shown.out
    assert "新增 1家" not in shown.out
    assert "另有 1 条记录的数据日期在截至日之后，没有列出" in shown.out
    assert "没有列出" not in world("show", "金融办-01/listed").out
