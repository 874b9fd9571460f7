"""The drawn page: nothing from another host, nothing inline, the same bytes each time."""

import re
from html.parser import HTMLParser

import folium
import pytest
from folium.folium import _default_css, _default_js

from maps.figure import take_apart
from maps.local_map import LocalMap
from maps.pages import Page, draw_pages

CALLS_OUT = re.compile(rb"https?://|//[a-z0-9-]+\.[a-z]{2,}/", re.IGNORECASE)


class Elements(HTMLParser):
    """Every element with its attributes, and the text inside scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.inline = ""
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.inside = tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in {"script", "style"}

    def handle_data(self, data: str) -> None:
        self.inline += data.strip() if self.inside else ""


@pytest.fixture(scope="module")
def page() -> Page:
    return draw_pages("湖滨市", review_number="GS(0000)0号")["console"]


def test_nothing_comes_from_another_host(page: Page) -> None:
    for text in (page.html.encode(), *page.assets.values()):
        assert CALLS_OUT.search(text) is None


def test_nothing_is_inline(page: Page) -> None:
    elements = Elements(page.html)
    assert elements.inline == ""
    for tag, attributes in elements.found:
        assert not [name for name in attributes if name == "style" or name.startswith("on")], tag


def test_every_address_is_relative_so_that_a_root_path_works(page: Page) -> None:
    for _, attributes in Elements(page.html).found:
        for name in ("src", "href"):
            assert not (attributes.get(name) or "").startswith("/")


def test_the_same_city_gives_the_same_bytes(page: Page) -> None:
    assert draw_pages("湖滨市", review_number="GS(0000)0号")["console"] == page


def test_a_title_is_text(page: Page) -> None:
    html = draw_pages("<script>alert(1)</script>")["console"].html
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_review_number_is_shown_only_where_there_is_one(page: Page) -> None:
    assert "GS(0000)0号" in page.html
    assert "map-review" not in draw_pages("湖滨市")["console"].html


def test_one_element_has_one_id(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in Elements(page.html).found if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert "map_city" in ids


def test_folium_lists_are_left_alone(page: Page) -> None:
    assert folium.Map.default_js is _default_js
    assert folium.Map.default_css is _default_css
    assert len(_default_js) == 4
    assert {name for name, _ in LocalMap.default_js} == {"leaflet"}


def test_a_folium_plugin_keeps_its_script_and_style_out_of_the_page() -> None:
    city = LocalMap("city", location=[0, 0])
    folium.Marker([39.9, 116.4], tooltip="here").add_to(city)
    parts = take_apart(city)
    assert "L.marker" in parts.script
    assert "L_NO_TOUCH" in parts.script
    assert "<script" not in parts.body + parts.script
    assert parts.scripts == ["assets/vendor/leaflet/leaflet.js"]
    assert parts.styles == ["assets/vendor/leaflet/leaflet.css"]


def test_an_element_outside_a_figure_is_refused() -> None:
    with pytest.raises(TypeError, match="inside a figure"):
        take_apart(folium.Element("x"))
