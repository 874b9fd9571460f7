"""The phone page where the network comes and goes: nothing is lost, nothing is sent twice."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.phone import locate_at, open_field
from tests.fixtures.browser import Visit

pytestmark = pytest.mark.browser


def test_a_lost_network_changes_nothing_but_the_badge(visit: Callable[..., Visit]) -> None:
    visitor = visit(width=375, height=760, lang="en", role="COLLECTOR")
    page = open_field(visitor)
    expect(page.locator("#report")).to_be_enabled()
    page.locator("#report").click()
    page.locator(".field-report .choice").first.click()
    page.locator("#report-words").fill("reported in a tunnel")
    page.context.set_offline(True)
    page.locator("#report-dialog .field-primary").click()
    expect(page.locator("#waiting")).to_contain_text("1 waiting")
    page.context.set_offline(False)
    expect(page.locator("#waiting")).to_be_hidden()
    found = page.request.get(f"{visitor.address}api/v1/incidents", params={"q": "reported in a tunnel"})
    assert len(found.json()["items"]) == 1


def test_what_was_known_stays_without_a_network_and_a_report_goes_out_later(visit: Callable[..., Visit]) -> None:
    page = open_field(visit(width=375, height=760, lang="en", role="COLLECTOR"))
    expect(page.locator("#where h2")).to_have_text("A2")
    page.context.set_offline(True)
    locate_at(page, 116.4003, 39.9013)
    expect(page.locator("#where .field-warning")).to_contain_text("cannot be reached")
    expect(page.locator("#where h2")).to_have_text("A2")
    expect(page.locator(".field-since time")).to_have_text("just now")
    expect(page.locator(".field-kept")).to_contain_text("116.40030, 39.90130")
    page.locator("#report").click()
    expect(page.locator("#report-dialog")).to_contain_text("116.40030, 39.90130")
    page.locator(".field-report .choice").first.click()
    page.locator("#report-words").fill("seen where no network is")
    page.locator("#report-dialog .field-primary").click()
    expect(page.locator("#waiting")).to_contain_text("1 waiting")
    page.context.set_offline(False)
    expect(page.locator("#where h2")).to_have_text("A1")
    expect(page.locator(".field-kept")).to_have_count(0)
    expect(page.locator("#waiting")).to_be_hidden()
    found = page.request.get(f"{page.url.removesuffix('field')}api/v1/incidents", params={"q": "seen where no network"})
    [incident] = found.json()["items"]
    assert incident["location"]["lon"] == pytest.approx(116.4003)


def test_a_report_that_waits_is_discarded_by_a_second_tap_only(visit: Callable[..., Visit]) -> None:
    page = open_field(visit(width=375, height=760, lang="en", role="COLLECTOR"))
    page.locator("#report").click()
    page.locator(".field-report .choice").first.click()
    page.context.set_offline(True)
    page.locator("#report-dialog .field-primary").click()
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("#waiting")).to_be_visible()
    page.get_by_role("button", name="Tap again").click()
    expect(page.locator("#waiting")).to_be_hidden()


def test_sending_one_report_twice_loses_no_other(visit: Callable[..., Visit]) -> None:
    page = open_field(visit(width=375, height=760, lang="en"))
    sent, left = page.evaluate(
        """async () => {
          const { makeOutgoing } = await import(new URL("assets/js/field/outgoing.js", document.baseURI));
          const answers = [];
          window.fetch = () => new Promise((resolve) => answers.push(resolve));
          const answer = (body, status = 201) => new Response(JSON.stringify(body), { status });
          const outgoing = makeOutgoing(() => {});
          const first = outgoing.send({ description: "first" }, []);
          answers[0](answer({ type: "/problems/not-ready" }, 503));
          const item = await first;
          const second = outgoing.send({ description: "second" }, []);
          answers[1](answer({ type: "/problems/not-ready" }, 503));
          await second;
          const both = [outgoing.retry(item), outgoing.retry(item)];
          answers[2](answer({ number: "20260101-000001" }));
          await Promise.all(both);
          return [answers.length, outgoing.waiting().map(({ body }) => body.description)];
        }"""
    )
    assert (sent, left) == (3, ["second"])


def test_a_report_of_unknown_fate_waits_with_its_key(visit: Callable[..., Visit]) -> None:
    visitor = visit(width=375, height=760, lang="en", role="COLLECTOR")
    page = open_field(visitor)
    keys: list[str | None] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        keys.append(route.request.headers.get("idempotency-key"))
        return route.fulfill(status=500, content_type="application/problem+json", body='{"type": "/problems/failed"}')

    page.route("**/api/v1/incidents", lose)
    page.locator("#report").click()
    expect(page.locator(".field-report .choice").nth(1)).to_be_visible()
    page.locator(".field-report .choice").first.click()
    page.locator("#report-dialog .field-primary").click()
    expect(page.locator("#waiting")).to_contain_text("1 waiting")
    page.locator("#sent").get_by_role("button", name="Send now").click()
    expect(page.locator("#waiting")).to_contain_text("1 waiting")
    assert len(keys) >= 2
    assert len(set(keys)) == 1


def test_what_is_being_written_is_there_when_the_form_is_opened_again(visit: Callable[..., Visit]) -> None:
    page = open_field(visit(width=375, height=760, lang="en", role="COLLECTOR"))
    page.locator("#report").click()
    page.locator(".field-report .choice").first.click()
    page.locator("#report-words").fill("half a sentence")
    page.keyboard.press("Escape")
    expect(page.locator("#report-dialog")).to_be_hidden()
    page.locator("#report").click()
    expect(page.locator("#report-words")).to_have_value("half a sentence")
    expect(page.locator("#report-dialog .field-primary")).to_be_enabled()
