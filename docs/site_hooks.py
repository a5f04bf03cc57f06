"""Hook of the site's build: links to files of the repository that are no pages (code, benchmarks) become plain file names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_LINK = re.compile(r"\[([^\]]+)\]\(([^)#\s]+)(#[^)\s]*)?\)")
_REPOSITORY = Path(__file__).parent.parent


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Replace links that lead out of docs/, as long as what they name exists; the strict build complains of the others."""
    here = (_REPOSITORY / "docs" / page.file.src_uri).parent

    def plain(match: re.Match[str]) -> str:
        if ":" in match[2]:
            return match[0]
        target = (here / match[2]).resolve()
        if target.is_relative_to(_REPOSITORY / "docs") or not target.exists():
            return match[0]
        name = target.relative_to(_REPOSITORY).as_posix()
        return (
            f"`{name}`" if match[1].strip("`") in {name, target.name, match[2]} else f"{match[1]}（`{name}`）"
        )

    return _LINK.sub(plain, markdown)
