"""The page about rights (`docs/rights.md`), drawn from the table so that both say the same.

`python -m gridsvc.accounts.rights_page > docs/rights.md` writes it.
"""

import sys

from gridsvc.accounts.rights import Right, rights
from gridsvc.model.accounts import AccountRole, Reach

_ROLES = tuple(role for role in AccountRole if role is not AccountRole.VISITOR)
_MARKS = {Reach.ALL: "all", Reach.SCOPE: "scope", Reach.OWN: "own", Reach.NONE: "–"}
_HEAD = """# Rights

Who may do what. The table is data (`gridsvc/accounts/rights.toml`); this page is drawn from it, and a test asks the
service for every cell of it over HTTP.

- **all**: the whole city. **scope**: the account's territory and department, and what it made itself.
  **own**: what it made itself. **–**: not at all.
- An account without an area has the whole city as its territory, one without a department every department.
- **Visitors** (nobody signed in) may nothing. With `GRIDSVC_PUBLIC_READ` they may what is marked *public*; in the demo
  they may read everything, which is invented.
- A **token** may what it was issued for, as far as its account's role may, and nothing that is marked *in person*.
- A phone lies where its bearer does: with the departments that they belong to or are used by, and where the posts
  are that they hold today (`lies` in the table, one of them or both); and whoever is answered for a place, not on a
  later day, is rung by who has that place.
- Nobody widens their own sight by a write: who gives somebody a post, as holder, stand-in or by a shift, must have
  that person already, who belongs to their territory or holds a post there today. Of whom nothing is said of where they
  belong, their number must be shown to them.
- Reading names and phones of people is noted in the audit log: who read whose, when, in which request.
"""


def draw_rights_page() -> str:
    """The whole page, Markdown."""
    return "\n".join([_HEAD, *_table("Reading", reading=True), "", *_table("Changing", reading=False), ""])


def _table(title: str, *, reading: bool) -> list[str]:
    rows = [right for right in rights().values() if right.reading is reading]
    names = [role.value.lower().replace("_", " ") for role in _ROLES]
    head = ["action", "what", *names]
    rule = ["---", "---", *[":-:"] * len(names)]
    return [f"## {title}", "", _line(head), _line(rule), *(_line(_cells(right)) for right in rows)]


def _cells(right: Right) -> list[str]:
    notes = [word for word, holds in (("public", right.public), ("in person", right.personal)) if holds]
    what = f"{right.en} {right.zh}" + "".join(f" (*{note}*)" for note in notes)
    return [f"`{right.action.value}`", what, *(_MARKS[right.reach.get(role, Reach.NONE)] for role in _ROLES)]


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.stdout.write(draw_rights_page())
