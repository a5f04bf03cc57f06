"""Where the files of a commitment are, whatever its department is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.files import layout
from ledger.files.listing import target_files


@pytest.mark.parametrize("department", ["金融办", "高新-开发区", "A-B-C"])
def test_the_folder_is_all_before_the_last_hyphen(department: str) -> None:
    assert str(layout.progress_file(2023, f"{department}-07")) == f"data/progress/2023/{department}/07.yaml"
    assert layout.folder_of(f"{department}-07") == department


def test_departments_come_in_the_order_of_the_list_then_by_name(tmp_path: Path) -> None:
    for path in ("丙/01", "乙/02", "乙/01", "甲/01", "丁/01"):
        file = tmp_path / "data/targets/2023" / f"{path}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    (tmp_path / "data/targets/2023/乙/说明.txt").write_text("")
    base = "data/targets/2023"
    assert list(target_files(tmp_path, 2023, ["甲", "乙"])) == [
        f"{base}/{name}.yaml" for name in ("甲/01", "乙/01", "乙/02", "丁/01", "丙/01")
    ]
    assert list(target_files(tmp_path, 2023, ["甲", "乙"], {"丙"})) == [f"{base}/丙/01.yaml"]
    assert list(target_files(tmp_path, 2022, [])) == []
