"""In a city that is no demo, numbers are shown to who may ring and to nobody else, and photos with their incident."""

import base64
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.bootstrap import open_store
from api.settings import Settings
from gridsvc.model.accounts import AccountRole
from tests.fixtures.accounts import PASSWORD, make_account
from tests.fixtures.browser import serving
from tests.fixtures.pictures import encoded, two_halves

PLACE = "?lon=116.4003&lat=39.9013&lang=en"
HERE, ELSEWHERE = "990101001", "990101002"
ADD_PHOTO = """async ([place, picture]) => {
    const { csrf } = await (await fetch("api/v1/session")).json();
    const send = (path, type, body) =>
        fetch(path, { method: "POST", body, headers: { "Content-Type": type, "X-CSRF-Token": csrf } });
    const report = { location: place, source: "HOTLINE_12345" };
    const recorded = await send("api/v1/incidents", "application/json", JSON.stringify(report));
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.codePointAt(0));
    const photos = `api/v1/incidents/${(await recorded.json()).number}/photos`;
    return (await (await send(photos, "image/jpeg", bytes)).json()).url;
}"""
SIGN_OUT = """async () => {
    const { csrf } = await (await fetch("api/v1/session")).json();
    return (await fetch("api/v1/session", { method: "DELETE", headers: { "X-CSRF-Token": csrf } })).status;
}"""
SEE = "async (url) => (await fetch(url)).status"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def closed_city(tmp_path_factory: pytest.TempPathFactory, tiny_database: Path) -> Iterator[str]:
    folder = Path(shutil.copytree(tiny_database, tmp_path_factory.mktemp("closed") / "city"))
    with open_store(Settings(data_dir=folder)) as store:
        make_account(store, AccountRole.DISPATCHER, "here", area=HERE)
        make_account(store, AccountRole.DISPATCHER, "elsewhere", area=ELSEWHERE)
        make_account(store, AccountRole.INSPECTOR, "inspector", area=HERE)
        make_account(store, AccountRole.COLLECTOR, "collector", area=HERE)
    with serving(folder, DEMO="false", PUBLIC_READ="false") as address:
        yield address


@pytest.fixture
def signed_in(browser: Browser, closed_city: str) -> Iterator[Callable[[str], Page]]:
    """`signed_in(login)` has signed in through the page's own dialog."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", reduced_motion="reduce")
    page = context.new_page()

    def sign_in(login: str) -> Page:
        page.goto(f"{closed_city}{PLACE}")
        expect(page.locator('#answer [data-state="refused"]')).to_be_visible()
        page.locator("#who summary").click()
        page.locator("#who").get_by_role("button", name="Sign in").click()
        page.locator("#login").fill(login)
        page.locator("#password").fill(PASSWORD)
        page.locator("#sign-in .primary").click()
        expect(page.locator("#sign-in")).to_be_hidden()
        return page

    yield sign_in
    context.close()


def test_who_may_ring_sees_the_numbers_of_their_own_territory(signed_in: Callable[[str], Page]) -> None:
    page = signed_in("here")
    expect(page.locator('[data-part="chief"] a[href^="tel:"]')).to_be_visible()
    expect(page.locator('[data-part="people"] a[href^="tel:"]').first).to_be_visible()


@pytest.mark.parametrize("login", ["elsewhere", "inspector"])
def test_who_may_not_ring_sees_names_and_no_number(signed_in: Callable[[str], Page], login: str) -> None:
    page = signed_in(login)
    expect(page.locator('[data-part="people"]')).to_contain_text("Fu Liu")
    page.wait_for_timeout(600)  # a number would be filled in after the answer
    assert page.locator('a[href^="tel:"]').count() == 0


@pytest.mark.parametrize(("login", "numbers"), [("here", 1), ("elsewhere", 0), ("inspector", 0), ("collector", 0)])
def test_a_person_found_by_name_has_a_number_for_who_may_ring(
    signed_in: Callable[[str], Page], login: str, numbers: int
) -> None:
    page = signed_in(login)
    expect(page.locator("#answer h2")).to_have_text("A1")
    page.locator("#search-text").fill("An Yi")
    expect(page.locator(".found small")).to_have_text("Lane chief Apricot Lane")
    page.locator("#search-text").press("Enter")
    expect(page.locator(".thing h2")).to_have_text("An Yi")
    expect(page.locator('[data-part="posts"]')).to_contain_text("Apricot Lane")
    expect(page.locator('.thing a[href^="tel:"]')).to_have_count(numbers)


def test_signing_out_takes_the_numbers_away(signed_in: Callable[[str], Page]) -> None:
    page = signed_in("here")
    expect(page.locator('[data-part="chief"] a[href^="tel:"]')).to_be_visible()
    page.locator("#who summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator('#answer [data-state="refused"]')).to_be_visible()
    assert page.locator('a[href^="tel:"]').count() == 0


def test_the_next_one_at_the_desk_sees_no_photo(signed_in: Callable[[str], Page]) -> None:
    page = signed_in("here")
    place = {"lon": 116.4003, "lat": 39.9013, "datum": "WGS84"}
    url = page.evaluate(ADD_PHOTO, [place, base64.b64encode(encoded(two_halves())).decode()])
    assert [page.evaluate(SEE, url) for _ in range(2)] == [200, 200]
    assert page.evaluate(SIGN_OUT) == 204
    assert page.evaluate(SEE, url) == 401
    assert signed_in("elsewhere").evaluate(SEE, url) == 403
