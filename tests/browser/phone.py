"""A phone in the tiny city, standing where nothing else is clicked."""

from playwright.sync_api import Page

from tests.fixtures.browser import Visit

HERE = {"longitude": 116.4002, "latitude": 39.9028, "accuracy": 20}
"""Where nobody clicks the map: what is recorded here leaves a marker for all other pages."""


def open_field(visitor: Visit, *, located: bool = True) -> Page:
    """The page on a phone whose position is known, or denied."""
    page = visitor.page
    if located:
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation(HERE)
    page.goto(f"{visitor.address}field")
    return page


def locate_at(page: Page, lon: float, lat: float) -> None:
    """Press "locate" where the phone is now; a browser gives a fix of a moment ago again."""
    fix = f"{{ coords: {{ longitude: {lon}, latitude: {lat}, accuracy: 20 }} }}"
    page.evaluate(f"void (navigator.geolocation.getCurrentPosition = (found) => found({fix}))")
    page.locator("#locate").click()
