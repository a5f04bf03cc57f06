"""Where the files of a commitment are, whatever its department is called."""

from __future__ import annotations

import pytest

from ledger.files import layout


@pytest.mark.parametrize("department", ["金融办", "高新-开发区", "A-B-C"])
def test_the_folder_is_all_before_the_last_hyphen(department: str) -> None:
    assert str(layout.progress_file(2023, f"{department}-07")) == f"data/progress/2023/{department}/07.yaml"
    assert layout.folder_of(f"{department}-07") == department
