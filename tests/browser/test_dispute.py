"""Disputing an answer: a reason is wanted, and the number is shown; an officer decides, by mouse or keyboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.fixtures.browser import Visit, faults

pytestmark = pytest.mark.browser


def test_a_dispute_needs_a_reason_and_gets_a_number(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="ACCEPTOR")
    page = visitor.open("?lon=116.4015&lat=39.9005&category=EVENT_CJT214:0102")
    page.get_by_role("button", name="Dispute").click()
    page.get_by_role("button", name="Send the dispute").click()
    expect(page.locator(".dispute .form-error")).to_have_text("Say why it is wrong.")
    expect(page.locator("#dispute-reason")).to_be_focused()
    page.locator("#dispute-reason").fill("The kerb belongs to the parks office.")
    expect(page.locator("#dispute-claimed option")).to_have_count(9)
    page.locator("#dispute-claimed").select_option("PARKS")
    page.get_by_role("button", name="Send the dispute").click()
    expect(page.locator('[data-state="disputed"] h2')).to_have_text(re.compile(r"Dispute recorded as number \d+"))
    page.get_by_role("button", name="Back to the answer").click()
    expect(page.locator("#answer h2")).to_have_text("B0")
    assert visitor.troubles == []


def test_who_may_not_dispute_is_not_offered_it(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en", role="COLLECTOR").open("?lon=116.4015&lat=39.9005")
    expect(page.locator("#answer h2")).to_have_text("B0")
    expect(page.get_by_role("button", name="Dispute")).to_have_count(0)


def test_who_signs_in_to_dispute_and_may_not_is_told_so(visit: Callable[..., Visit]) -> None:
    page = visit(lang="en").open("?lon=116.4015&lat=39.9005")
    page.get_by_role("button", name="Dispute").click()
    page.get_by_role("button", name="Collector").click()
    expect(page.locator("#map-note")).to_have_text("Your role (Collector) may not dispute answers.")


PLACE = {"lon": 116.4025, "lat": 39.9005, "datum": "WGS84"}
"""In C0, where no other test asks: what is decided here stays decided."""


def dispute(visitor: Visit, **more: object) -> int:
    """A dispute by the demo's acceptor; the visitor's own session stays."""
    made: int = visitor.page.evaluate(
        """async (body) => {
          const { csrf } = await (await fetch("api/v1/session")).json();
          const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
          const sent = { method: "POST", headers, body: JSON.stringify(body) };
          return (await (await fetch("api/v1/disputes", sent)).json()).number;
        }""",
        {
            "location": PLACE,
            "category": "EVENT_CJT214:0505",
            "reason": "<b>ours</b> 不归本街道",
            "claimed": "PARKS",
            **more,
        },
    )
    return made


@pytest.fixture
def opened(visit: Callable[..., Visit]) -> int:
    """The number of an open dispute."""
    visitor = visit(lang="en", role="ACCEPTOR")
    visitor.page.goto(f"{visitor.address}roster")
    return dispute(visitor)


def open_desk(visitor: Visit, number: int) -> Page:
    visitor.page.goto(f"{visitor.address}roster?view=disputes&dispute={number}")
    expect(visitor.page.locator("#detail .dispute-facts")).to_be_visible()
    return visitor.page


def choose_matters(page: Page) -> None:
    """By keyboard: one more than the dispute's own, found by a word; all of them and back; nothing half typed."""
    search = page.locator(".category-choice input[type=search]")
    chosen = page.locator(".category-choice input:checked")
    expect(chosen).to_have_count(1)
    expect(page.locator(".category-choice .choice", has=page.locator(":checked"))).to_contain_text("car parked wrongly")
    search.fill("rubb")
    page.get_by_role("button", name="Preview").press("Enter")
    expect(page.locator(".decision .form-error")).to_contain_text("“rubb” is no chosen category yet")
    expect(search).to_be_focused()
    page.keyboard.press("Enter")
    expect(search).to_have_value("")
    expect(chosen).to_have_count(2)
    page.get_by_label("All categories").check()
    expect(chosen).to_have_count(1)
    for word in ("rubb", "park"):
        search.fill(word)
        search.press("Enter")
    expect(chosen).to_have_count(2)


def decided_matters(page: Page) -> list[str]:
    code = re.search(r"DET-\d+", page.locator("#detail .card.lead").first.inner_text())
    assert code is not None
    row = page.request.get(page.url.split("roster")[0] + f"api/v1/determinations/{code[0]}").json()
    return sorted(row["categories"])


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (375, "dark")])
def test_an_officer_decides_by_keyboard(
    visit: Callable[..., Visit], axe: str, opened: int, width: int, scheme: str
) -> None:
    """From the list to the decision, the ground drawn with the arrow keys and the bar's buttons."""
    visitor = visit(width, lang="en", scheme=scheme, role="DUTY_CHIEF")
    page = open_desk(visitor, opened)
    expect(page.locator(".dispute-reason")).to_have_text("<b>ours</b> 不归本街道")
    page.locator(".frozen > summary").press("Enter")
    expect(page.locator(".frozen")).to_contain_text("Who is competent")
    assert faults(page, axe) == []
    page.get_by_role("button", name="Determine…").press("Enter")
    expect(page.locator("#decision-title")).to_be_focused()
    page.get_by_role("button", name="Preview").press("Enter")
    expect(page.locator(".decision .form-error")).to_contain_text("Draw the ground first")
    expect(page.get_by_role("button", name="Draw on the map…")).to_be_focused()
    page.keyboard.press("Enter")
    centre = page.get_by_role("button", name="Add the centre")
    for arrow in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"):
        page.locator("#map_city").press(arrow)
        page.wait_for_function("() => !map_city._panAnim?._inProgress")
        centre.press("Enter")
    assert faults(page, axe) == []
    page.get_by_role("button", name="Finish").press("Enter")
    expect(page.locator(".ground")).to_contain_text("Ground with 4 points")
    page.get_by_role("button", name="Take the cell").press("Enter")
    expect(page.locator(".ground")).to_contain_text("The cell as ground")
    choose_matters(page)
    page.locator("#decision-basis").fill("joint visit, as-built drawing 7")
    page.locator("#decision-documents").fill("minutes 7\\nhttps://files.example/7")
    expect(foreseen(page).locator(".rows")).to_contain_text("District Parks Office")
    assert faults(page, axe) == []
    page.get_by_role("button", name="Apply").press("Enter")
    expect(page.locator("#detail .card.lead").first).to_contain_text("DET-")
    expect(page.locator("#detail .card.lead .card-name").first).to_have_text("District Parks Office")
    assert decided_matters(page) == ["EVENT_CJT214:0102", "EVENT_CJT214:0505"]
    expect(page.locator("#announcer")).to_contain_text("determined")
    expect(page.locator("#notice")).not_to_be_visible(), "what one wrote oneself is no news"
    expect(page.locator(f'[data-dispute="{opened}"]')).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="What is answered there now").click()
    expect(page.locator(".card.lead")).to_contain_text("Parks")
    assert visitor.troubles == []


DRAWING = {
    "en": ("Determine…", "Draw on the map…", "Finish", "Preview", "The polygon does not hold the disputed place"),
    "zh": ("定责…", "在地图上画…", "完成", "预览变更", "面没有包含有异议的位置：异议仍会存在。"),
}


@pytest.mark.parametrize("lang", DRAWING)
def test_ground_that_is_drawn_has_to_hold_the_place(visit: Callable[..., Visit], opened: int, lang: str) -> None:
    """By clicks; the refusal is told in the language of the page."""
    visitor = visit(lang=lang, role="ROSTER_CLERK")
    decide, draw, finish, look, refusal = DRAWING[lang]
    page = open_desk(visitor, opened)
    page.get_by_role("button", name=decide).click()
    page.get_by_role("button", name=draw).click()
    for lon, lat in ((116.4021, 39.9001), (116.4023, 39.9001), (116.4023, 39.9003)):
        visitor.click_place(lon, lat)
    page.get_by_role("button", name=finish).click()
    page.locator("#decision-basis").fill("visit")
    page.get_by_role("button", name=look).click()
    expect(page.locator(".decision .form-error")).to_contain_text(refusal)
    page.locator(".decision .quiet").click()
    expect(page.get_by_role("button", name=decide)).to_be_visible()


IS_ON_TOP = """(button) => {
  const { left, top, width, height } = button.getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2) === button;
}"""


def foreseen(page: Page) -> Locator:
    """What the decision in the form would change, asked for."""
    page.get_by_role("button", name="Preview").press("Enter")
    return page.locator(".foreseen")


def test_a_decision_is_looked_at_before_it_is_made(visit: Callable[..., Visit], axe: str) -> None:
    """What is looked at is what is written: another word asks for another look."""
    acceptor = visit(lang="en", role="ACCEPTOR")
    acceptor.page.goto(f"{acceptor.address}roster")
    number = dispute(acceptor, location=PLACE | {"lat": 39.9015})
    page = open_desk(visit(lang="en", role="ROSTER_CLERK"), number)
    page.get_by_role("button", name="Determine…").click()
    page.get_by_role("button", name="Take the cell").click()
    expect(page.locator(".ground")).to_contain_text("The cell as ground")
    page.locator("#decision-basis").fill("visit")
    apply = page.get_by_role("button", name="Apply")
    expect(apply).to_be_disabled()
    found = foreseen(page)
    expect(found.locator("h3").first).to_contain_text("1 cell concerned · about")
    expect(found.locator(".rows li").first).to_contain_text("Traffic Police → District Parks Office")
    expect(found.locator(".rows li").first).to_contain_text("car parked wrongly")
    expect(found).to_contain_text("without an end")
    assert faults(page, axe) == []
    expect(apply).to_be_enabled()
    expect(apply).to_be_in_viewport(ratio=1)
    assert apply.evaluate(IS_ON_TOP), "nothing lies over it"
    page.locator("#decision-until").fill("2001-01-31")
    expect(apply).to_be_disabled()
    expect(found).to_have_count(0)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".decision .form-error")).to_have_text("It ends before it begins.")
    expect(page.locator("#decision-until")).to_be_focused()
    page.locator("#decision-until").fill("2100-01-31")
    expect(foreseen(page)).to_contain_text("until 2100-01-31")
    page.get_by_role("button", name="Take the cell").click()
    expect(apply).to_be_disabled()
    page.get_by_role("button", name="Back to the dispute").click()
    assert page.request.get(page.url.split("roster")[0] + f"api/v1/disputes/{number}").json()["state"] == "OPEN"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_end_of_what_a_decision_changes_is_seen_above_its_buttons(visit: Callable[..., Visit], lang: str) -> None:
    """On a phone: the buttons that stay in sight take one line, and what is looked at ends above them."""
    acceptor = visit(lang="en", role="ACCEPTOR")
    acceptor.page.goto(f"{acceptor.address}roster")
    number = dispute(acceptor, location=PLACE | {"lat": 39.9015})
    page = open_desk(visit(375, 740, lang=lang, role="ROSTER_CLERK"), number)
    page.locator("#detail .form-actions .primary").click()
    page.locator(".ground .form-actions button").nth(1).click()
    page.locator("#decision-basis").fill("visit")
    page.locator(".decision button[type=submit]").click()
    expect(page.locator(".foreseen .rows")).to_be_visible()
    bar = page.locator(".decision > .form-actions").bounding_box()
    end = page.locator(".foreseen").bounding_box()
    assert bar is not None
    assert end is not None
    assert bar["height"] <= 64
    assert end["y"] + end["height"] <= bar["y"]


def test_an_officer_declines_with_a_reason(visit: Callable[..., Visit], opened: int) -> None:
    visitor = visit(lang="en", role="ROSTER_CLERK")
    page = open_desk(visitor, opened)
    page.get_by_role("button", name="Decline…").click()
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".decision .form-error")).to_contain_text("Say why the answer was right")
    page.locator("#decline-reason").fill("the list of 2026 says so")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#detail .card.lead").first).to_contain_text("the list of 2026 says so")
    page.locator("#all-disputes").check()
    expect(page.locator(f'[data-dispute="{opened}"]')).to_contain_text("declined")
    assert visitor.troubles == []


def test_nobody_decides_what_they_disputed(visit: Callable[..., Visit]) -> None:
    visitor = visit(lang="en", role="DUTY_CHIEF")
    visitor.page.goto(f"{visitor.address}roster")
    page = open_desk(visitor, dispute(visitor))
    expect(page.locator("#detail")).to_contain_text("Somebody else has to decide")
    expect(page.get_by_role("button", name="Determine…")).to_have_count(0)


def test_who_may_but_read_disputes_has_no_buttons(visit: Callable[..., Visit], opened: int) -> None:
    page = open_desk(visit(lang="en", role="INSPECTOR"), opened)
    expect(page.get_by_role("button", name="Determine…")).to_have_count(0)
    page.locator(f'[data-dispute="{opened}"] .link').press("Enter")
    expect(page.locator("#detail h2")).to_contain_text("C0")


def test_a_component_is_picked(visit: Callable[..., Visit]) -> None:
    acceptor = visit(lang="en", role="ACCEPTOR")
    acceptor.page.goto(f"{acceptor.address}roster")
    place = {"lon": 116.4005, "lat": 39.9005, "datum": "WGS84"}
    number = dispute(acceptor, location=place, category="COMPONENT_CJT214:0102", claimed="WATER")
    page = open_desk(visit(lang="en", role="ROSTER_CLERK"), number)
    page.get_by_role("button", name="Determine…").click()
    page.locator(".ground-kind input").nth(1).check()
    page.locator("#decision-basis").fill("hand-over paper")
    expect(foreseen(page).locator(".rows")).to_contain_text("District Water Bureau")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#detail .card.lead").first).to_contain_text("DET-")
