"""Our own pages in Markdown as HTML: headings, paragraphs, lists, tables, and marks inside a line."""

import re
from collections.abc import Iterator
from html import escape

_MARKS = ((r"`(.+?)`", "code"), (r"\*\*(.+?)\*\*", "strong"), (r"\*(.+?)\*", "em"))
_BLOCKS = re.compile(r"\n\n+")


def html_of(page: str) -> str:
    """What a page says; all of its text is escaped."""
    return "\n".join(_block(block) for block in _BLOCKS.split(page.strip()))


def _block(block: str) -> str:
    if block.startswith("#"):
        signs, _, words = block.partition(" ")
        return f"<h{len(signs)}>{_inline(words)}</h{len(signs)}>"
    if block.startswith("|"):
        return _table(block.split("\n"))
    if block.startswith("- "):
        return f"<ul>{''.join(f'<li>{_inline(item)}</li>' for item in _items(block))}</ul>"
    return f"<p>{_inline(block)}</p>"


def _items(block: str) -> Iterator[str]:
    """A list's points, each with the lines that go on from it."""
    for part in re.split(r"^- ", block, flags=re.MULTILINE)[1:]:
        yield " ".join(part.split())


def _table(lines: list[str]) -> str:
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return (
        f'<div class="wide" tabindex="0"><table><thead>{_row(head, "th", " scope=col")}</thead>'
        f"<tbody>{''.join(_row(row, 'td') for row in rows)}</tbody></table></div>"
    )


def _row(cells: list[str], tag: str, attributes: str = "") -> str:
    return f"<tr>{''.join(f'<{tag}{attributes}>{_inline(cell)}</{tag}>' for cell in cells)}</tr>"


def _inline(text: str) -> str:
    written = escape(text, quote=False)
    for mark, tag in _MARKS:
        written = re.sub(mark, rf"<{tag}>\1</{tag}>", written, flags=re.DOTALL)
    return written
