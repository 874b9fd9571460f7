"""Links that must lead up and end: area to parent, department to successor."""

from collections.abc import Iterator, Mapping

Links = Mapping[str, str | None]


def chain(links: Links, start: str | None) -> Iterator[str]:
    """The codes from `start` upward, `start` included; stops where a code would come again."""
    seen: set[str] = set()
    code = start
    while code is not None and code not in seen:
        seen.add(code)
        yield code
        code = links.get(code)


def list_cycles(links: Links) -> list[tuple[str, ...]]:
    """Every closed ring of links once, beginning with its lowest code."""
    done: set[str] = set()
    rings = []
    for start in sorted(links):
        path: list[str] = []
        code: str | None = start
        while code is not None and code not in done:
            done.add(code)
            path.append(code)
            code = links.get(code)
        if code in path:
            ring = path[path.index(code) :]
            lowest = ring.index(min(ring))
            rings.append(tuple(ring[lowest:] + ring[:lowest]))
    return rings
