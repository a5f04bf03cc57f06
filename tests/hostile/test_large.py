"""A file of a hundred megabytes where a small one belongs: named with its place, and the program goes on."""

from __future__ import annotations

import pytest

from tests.conftest import World

SIZE = 100 * 1024 * 1024


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("data/progress/2023/金融办/01.yaml", "data/progress/2023/金融办/01.yaml"),
        ("data/targets/2023/金融办/01.yaml", "超过上限 8388608 字节"),
        ("data/ledger.yaml", "超过上限"),
    ],
)
@pytest.mark.parametrize("ending", [b"", b"\n"])
def test_a_hundred_megabytes(world: World, path: str, said: str, ending: bytes) -> None:
    file = world.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"a" * SIZE + ending)
    checked = world("check")
    assert checked.code == 1
    assert said in checked.out + checked.err
    assert len(checked.out) < 10_000, "an excerpt, not the file"
    assert world("status").code == 1
