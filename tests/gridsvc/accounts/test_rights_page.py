"""The page about rights says what the table says."""

from pathlib import Path

from gridsvc.accounts.rights_page import draw_rights_page
from gridsvc.model.accounts import Action

PAGE = Path(__file__).resolve().parents[3] / "docs" / "rights.md"


def test_the_page_is_drawn_from_the_table_of_today() -> None:
    assert PAGE.read_text("utf-8") == draw_rights_page()


def test_every_action_has_a_row() -> None:
    assert all(f"| `{action.value}` |" in draw_rights_page() for action in Action)
