"""A template of somebody else's fills in words and runs nothing."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from ledger.render.docx import BulletinTemplateError, docx


@pytest.mark.parametrize(
    "words",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ content.__class__.__init__.__globals__ }}",
        "{{ rows.append(1) }}",
        "{% for one in ().__class__.__base__.__subclasses__() %}{{ one }}{% endfor %}",
    ],
)
def test_a_template_that_reaches_for_more_is_refused(tmp_path: Path, words: str) -> None:
    document = Document()
    document.add_paragraph(words)
    stream = BytesIO()
    document.save(stream)
    template = tmp_path / "模板.docx"
    template.write_bytes(stream.getvalue())
    content = {"content": "字", "rows": [1]}
    with pytest.raises(BulletinTemplateError):
        docx(content, template)  # type: ignore[arg-type]
