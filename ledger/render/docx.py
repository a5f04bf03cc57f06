"""Word documents of bulletins: a template filled by docxtpl."""

from __future__ import annotations

import re
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile
from zlib import crc32

from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2 import DictLoader, StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ledger.core.errors import LedgerError, reason_of
from ledger.render.compiled import CompiledTemplates
from ledger.render.views.bulletin import Content
from ledger.render.width import width

TITLE_CHARACTERS = 20
"""Characters of 二号 on a line of 156 mm."""
_FORBIDDEN_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold."""
_WORTH_KEEPING = 4000
"""Characters of a text that takes longer to compile than to read again."""


class BulletinTemplateError(LedgerError):
    """The template cannot be filled."""

    def __init__(self, path: Path | None, why: str) -> None:
        super().__init__(
            f"模板 {path or '（自带）'} 无法使用：{why}",
            "请照自带的模板修改：ledger bulletin --save-template 模板.docx；花括号里的名字不要改动",
        )


def template_bytes() -> bytes:
    """Return the bundled template: a Word file in the layout of GB/T 9704-2012, which offices copy and edit."""
    return (files("ledger.render") / "templates" / "bulletin.docx").read_bytes()


def docx(content: Content, template: Path | None = None) -> bytes:
    """Return the document. `template` is the office's own; without one the bundled template is taken.

    Raises:
        BulletinTemplateError: when it is no Word file, or names something a bulletin does not have.
    """
    try:
        source = BytesIO(template.read_bytes() if template else template_bytes())
        document = DocxTemplate(source)
        # Sandboxed: a template may come from a push or a mail, and is not trusted to run code.
        # The escaping is XML's own: docxtpl puts the values into the document's markup.
        environment = (_Environment if template else OwnTemplate)(undefined=StrictUndefined, autoescape=True)
        words = content | {"标题": _break_title(content["标题"], content["发文机关"])}
        document.render(_replace_forbidden(words), environment, autoescape=True)
        stream = BytesIO()
        document.save(stream)
    except OSError as error:
        raise BulletinTemplateError(template, reason_of(error)) from None
    except (BadZipFile, KeyError, ValueError):
        raise BulletinTemplateError(template, "不是 Word 文档") from None
    except TemplateError as error:
        raise BulletinTemplateError(template, error.message or str(error)) from None
    return stream.getvalue()


def _break_title(title: str, issuer: str) -> str:
    """Return a title of more than one line broken behind the issuer: GB/T 9704 wants lines that are whole in their meaning."""
    if width(title) > 2 * TITLE_CHARACTERS and title.startswith(issuer) and issuer:
        return f"{issuer}\n{title[len(issuer) :]}"
    return title


_Environment = ImmutableSandboxedEnvironment


class OwnTemplate(_Environment):
    """The environment of the bundled template, whose compiled text is kept; an office's template is compiled each time."""

    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> Template:
        """Return a template; docxtpl asks for one for the text and for each header, footer and property."""
        if not isinstance(source, str) or len(source) < _WORTH_KEEPING:
            return super().from_string(source, *args, **kwargs)
        name = f"bulletin-{crc32(source.encode()):08x}"
        self.loader, self.bytecode_cache = DictLoader({name: source}), CompiledTemplates()
        return self.get_template(name)


def _replace_forbidden(value: Any) -> Any:
    if isinstance(value, str):
        return _FORBIDDEN_IN_XML.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: _replace_forbidden(item) for key, item in value.items()}
    return [_replace_forbidden(item) for item in value] if isinstance(value, list) else value
