"""The pages' sentences: all that are used are there in both languages, and one thing has one word."""

import re
from pathlib import Path

import pytest

from maps.assets import PAGES, static_folder

JS = static_folder() / "js"
IMPORTED = re.compile(r'from "(\.[^"]+)"')
USED = re.compile(r'\btext\("(\w+)"')
# What is counted only where there are several of it needs no word for one.
SEVERAL = r"(?!(?:points|photos|colours|as|has|is)\b)"
COUNTED = re.compile(r"\{(?:number|count|cells|chiefs|total)\} (?:more |of \{total\} )?" + SEVERAL + r"[a-z]+s\b")
NONE_ZH, NONE_EN = (
    re.compile("[不未无没]有?[选分指定]*类别?"),
    re.compile(r"(?i)\b(?:no category|un\w*categori[sz]ed)\b"),
)


def _texts(page: str) -> list[Path]:
    return [JS / "shared" / "texts.js", JS / page / "texts.js"]


def _modules(page: str) -> set[Path]:
    found: set[Path] = set()
    waiting = [JS / page / "main.js"]
    while waiting:
        if (module := waiting.pop()) not in found:
            found.add(module)
            waiting += [(module.parent / name).resolve() for name in IMPORTED.findall(module.read_text("utf-8"))]
    return found


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_sentence_of_a_page_is_there_in_both_languages(page: str) -> None:
    used = {key for module in _modules(page) for key in USED.findall(module.read_text("utf-8"))}
    for place in (0, 1):
        halves = [file.read_text("utf-8").split("const en = ")[place] for file in _texts(page)]
        known = {key for half in halves for key in re.findall(r"\b(\w+): [\"'`]", half)}
        assert used - known == set()


def test_whatever_is_counted_in_english_has_a_word_for_one_of_it() -> None:
    files = {file for page in PAGES for file in _texts(page)}
    english = "".join(file.read_text("utf-8").split("const en = ")[1] for file in files)
    assert COUNTED.findall(english) == []


def test_no_category_is_called_the_same_on_all_pages() -> None:
    written = "".join(file.read_text("utf-8") for page in PAGES for file in _texts(page))
    assert set(NONE_ZH.findall(written)) == {"未选类别"}
    assert {word.lower() for word in NONE_EN.findall(written)} == {"no category"}
