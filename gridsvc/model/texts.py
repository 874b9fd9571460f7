"""Signs that nobody sees but that change how the text around them is read: a name that is another, a number backwards.

They come with what is pasted from elsewhere, or from somebody who means to deceive. Codes and names that are typed in
have none; from words of people and from files they are taken out, as blanks at the ends are.
"""

import re

TRICKS = r"\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
"""Marks and overrides of direction, lines and blanks of no width, as the inside of a character class. The joiners
U+200C and U+200D are none, emoji and some scripts need them, nor are selectors of variants, which names of people need.
"""
JOINERS = r"\u00ad\u200c\u200d"
"""As little to be seen, in codes as bad."""
_TRICKS = re.compile(f"[{TRICKS}]")


def without_tricks(text: str) -> str:
    """The text without them."""
    return text if text.isascii() else _TRICKS.sub("", text)
