"""Where a text holds what was typed but for one sign: another one, one too many, one too few, or two changed round."""

from collections.abc import Iterator

from gridsvc.search.blob import END, Blob

LOOKED_AT = 1500
"""How many places of each half are looked at."""


def one_error_places(blob: Blob, typed: str) -> Iterator[int]:
    """Places in a blob's text, near each other or not: with one error in it, at least one half is without."""
    text, middle = blob.text, len(typed) // 2
    left, right = typed[:middle], typed[middle:]
    for place in blob.places(left, LOOKED_AT):
        after = text[place + len(left) : place + len(typed) + 1].partition(END)[0]
        if begins_with_one_error(after, right):
            yield place
    backwards = left[::-1]
    for place in blob.places(right, LOOKED_AT):
        before = text[max(0, place - len(left) - 1) : place].rpartition(END)[2][::-1]
        if begins_with_one_error(before, backwards):
            yield place


def begins_with_one_error(text: str, part: str) -> bool:
    """Whether a text begins with the part, or would but for one sign."""
    same = 0
    while same < len(part) and same < len(text) and text[same] == part[same]:
        same += 1
    if same == len(part):
        return True
    rest = part[same:]
    return (
        text[same + 1 :].startswith(rest[1:])
        or text[same:].startswith(rest[1:])
        or text[same + 1 :].startswith(rest)
        or (len(rest) > 1 and text[same:].startswith(rest[1] + rest[0] + rest[2:]))
    )
