"""A small page that tells one thing in both languages: what is the matter, what to do, and where to go from there."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request

HTML = "text/html"


@dataclass(frozen=True, slots=True)
class Words:
    """What is the matter and what to do, in Chinese and English."""

    zh: str
    en: str
    do_zh: str
    do_en: str


@dataclass(frozen=True, slots=True)
class Link:
    """Where to go, below the service's own path."""

    address: str
    link_zh: str
    link_en: str


def told_page(request: Request, title: str, words: Words, facts: Sequence[tuple[str, str]], link: Link) -> str:
    """`facts` are names to be copied, each with what is said beside it; either may be empty."""
    root = str(request.scope.get("root_path", ""))
    given = {"title": title, "root": root, **asdict(words), **asdict(link)}
    shown = "\n".join(f"<p>{_in('code', name)} {_in('small', beside)}</p>" for name, beside in facts)
    return _template().substitute({name: escape(text) for name, text in given.items()}, facts=shown)


def _in(element: str, text: str) -> str:
    return f"<{element}>{escape(text)}</{element}>" if text else ""


@cache
def _template() -> Template:
    return Template((Path(__file__).parent.parent / "static" / "told.html").read_text("utf-8"))
