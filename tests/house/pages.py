"""Committed notebooks: executed in order, light, described in words, compared in full."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

from house.tree import ROOT, read_text

OUTPUT_BYTES = 300_000
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/svg+xml", "image/webp")
MARKDOWN_PICTURE = re.compile(r"!\[([^\]]*)\]\(")


def notebooks() -> dict[str, dict]:
    """Every committed lesson, by file name."""
    return {path.name: json.loads(read_text(path)) for path in _paths()}


def _paths() -> list[Path]:
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


def code_cells(notebook: dict) -> list[dict]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def text_of(field: str | list[str]) -> str:
    """A notebook's text, which its format keeps as one string or as lines."""
    return field if isinstance(field, str) else "".join(field)


def not_executed_in_order(notebook: dict) -> list[str]:
    """Cells that a strict run would not compare, or that nobody ran top to bottom."""
    counts = [cell["execution_count"] for cell in code_cells(notebook)]
    complaints = []
    if counts != list(range(1, len(counts) + 1)):
        complaints.append(f"execution counts are {counts}, not 1 to {len(counts)}")
    if not any(cell["outputs"] for cell in code_cells(notebook)):
        complaints.append("no cell has an output")
    return complaints


def exempted(notebook: dict) -> list[str]:
    """Cells that are not run, or that end in an error nobody announced."""
    complaints = []
    for cell in notebook["cells"]:
        tags = cell["metadata"].get("tags", [])
        complaints += [f"{cell['id']} carries {tag}" for tag in tags if tag.endswith("-skip")]
        failed = any(output["output_type"] == "error" for output in cell.get("outputs", []))
        if failed and "raises-exception" not in tags:
            complaints.append(f"{cell['id']} ends in an error")
    return complaints


def heavy(notebook: dict) -> list[str]:
    """Outputs above the limit, as bytes of the file."""
    size = sum(len(json.dumps(cell["outputs"]).encode()) for cell in code_cells(notebook))
    return [f"{size} bytes of outputs, at most {OUTPUT_BYTES}"] if size > OUTPUT_BYTES else []


class _Pictures(HTMLParser):
    """Collects the words that stand for each picture of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img" or (tag == "svg" and dict(attrs).get("role") == "img"):
            named = dict(attrs)
            self.words.append(named.get("alt") or named.get("aria-label") or "")


def words_of_pictures(html: str) -> list[str]:
    """Alt text of every picture in a piece of HTML or Markdown; "" where there is none."""
    page = _Pictures()
    page.feed(html)
    return page.words + MARKDOWN_PICTURE.findall(html)


def wordless_pictures(notebook: dict) -> list[str]:
    """Pictures that say nothing to a reader who cannot see them, or to a strict comparison."""
    complaints = []
    for cell in notebook["cells"]:
        pages = [text_of(cell["source"])] if cell["cell_type"] == "markdown" else []
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            pages.append(text_of(data.get("text/html", "")))
            bare = [kind for kind in PICTURES if kind in data and "text/html" not in data]
            complaints += [f"{cell['id']}: a bare {kind} has no alt text" for kind in bare]
        for words in (words for page in pages for words in words_of_pictures(page)):
            if not words.strip():
                complaints.append(f"{cell['id']}: a picture without alt text")
    return complaints
