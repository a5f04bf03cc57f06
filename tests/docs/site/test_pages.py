"""The site builds strictly and fetches nothing; no link is dead, no page missing from the menu, no generated page has drifted."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import REPOSITORY

DOCS = REPOSITORY / "docs"
LINK = re.compile(r"\[[^\]]*\]\(<?([^)\s>]+)>?\)")
FENCE = re.compile(r"^( *)(```|~~~).*?^\1\2\s*$", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    return [*sorted(DOCS.rglob("*.md")), *sorted(REPOSITORY.glob("*.md"))]


def links(page: Path) -> Iterator[str]:
    for match in LINK.finditer(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if not re.match(r"[a-z]+:", match[1]):
            yield match[1]


def python(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=REPOSITORY,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("material", reason="mkdocs-material is not installed")
    folder = tmp_path_factory.mktemp("site")
    done = python("-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_stands_in_the_menu_and_is_built(site: Path) -> None:
    built = {path.relative_to(site).with_suffix(".md") for path in site.rglob("*.html")} - {Path("404.md")}
    assert built == {path.relative_to(DOCS) for path in DOCS.rglob("*.md") if "examples" not in path.parts}


def test_no_page_fetches_anything_from_elsewhere(site: Path) -> None:
    fetched = re.compile(
        r"""<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)=["']?(https?:)?//""", re.IGNORECASE
    )
    for page in site.rglob("*.html"):
        assert not fetched.search(page.read_text(encoding="utf-8")), page.name
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(@import|url\()\s*[\"']?(https?:)?//", sheet.read_text(encoding="utf-8")), (
            sheet.name
        )


def test_the_search_finds_a_chinese_word_inside_a_sentence(site: Path) -> None:
    index = (site / "search" / "search_index.json").read_text(encoding="utf-8")
    assert "\\u200b\\u627f\\u8bfa\\u200b" in index or "\u200b承诺\u200b" in index


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_no_link_is_dead(page: Path) -> None:
    dead = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            dead.append(link)
    assert dead == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings: as the site makes them, or as written in braces."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE):
        given = re.search(r"\{ *#(\S+) *\}", heading)
        found.add(given[1] if given else re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading.strip().lower())))
    return found


def test_generated_pages_are_up_to_date() -> None:
    done = python("docs/make_reference.py", "--check")
    assert done.returncode == 0, f"run `make reference`\n{done.stdout}{done.stderr}"
