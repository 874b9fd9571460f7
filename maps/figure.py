"""A folium figure taken apart: script and style leave the page, so its security policy needs no exception.

folium renders one document with inline `<style>` and `<script>` in its head and a script after its body. Here header,
html and script are rendered apart: links stay links, inline text is collected in order and becomes files.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from branca.element import Element, Figure


@dataclass(slots=True)
class FigureParts:
    """`scripts` and `styles` are addresses in loading order; `script` and `style` are inline text; `body` is markup."""

    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    script: str = ""
    style: str = ""
    body: str = ""


class _HeadReader(HTMLParser):
    """Sorts the elements of a head; meta elements are dropped, since the page brings its own."""

    def __init__(self, parts: FigureParts) -> None:
        super().__init__()
        self.parts = parts
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and given.get("src"):
            self.parts.scripts.append(str(given["src"]))
        elif tag == "link" and given.get("rel") == "stylesheet":
            self.parts.styles.append(str(given["href"]))
        elif tag in {"script", "style"}:
            self.inside = tag

    def handle_endtag(self, tag: str) -> None:
        self.inside = "" if tag == self.inside else self.inside

    def handle_data(self, data: str) -> None:
        if self.inside == "script":
            self.parts.script += data
        elif self.inside == "style":
            self.parts.style += data


def take_apart(element: Element) -> FigureParts:
    """Render the header, html and script of an element's figure apart; inline head scripts come before its own script.

    Raises TypeError for an element that stands in no figure.
    """
    figure = element.get_root()
    if not isinstance(figure, Figure):
        raise TypeError("a map is drawn inside a figure")
    for child in list(figure._children.values()):  # noqa: SLF001  branca has no public walk
        child.render()
    parts = FigureParts()
    reader = _HeadReader(parts)
    reader.feed(figure.header.render())
    reader.close()
    parts.body = figure.html.render().strip()
    parts.script += figure.script.render()
    return parts
