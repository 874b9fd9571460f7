"""The console in a real browser at 100,000 cells: time to the first useful paint, to the whole map and to an answer.

`python -m benchmarks console`; other sizes: `python -m benchmarks.console --cells 1500`. Making the city and cutting
its tiles takes minutes; with `--folder F` it is made once and kept there.
"""

import argparse
import http.client
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from benchmarks.http import READY, demo_command, serving_on
from benchmarks.report import write_table

VISITS = 7
TILES = 1500
TILE_ZOOMS = (13, 14, 15)
PANS = 24
CLICKS = 12
CUTTING_S = 1200
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu")
WATCH = """
const seen = (window.benchmark = {});
const note = (name) => (seen[name] ??= performance.now());
const look = () => {
  const drawn = document.querySelector(".leaflet-areas-pane .leaflet-tile-loaded");
  if (drawn && document.querySelector("#edition").textContent) note("useful");
  const frame = document.querySelector(".map-frame");
  if (seen.useful && frame && !frame.hasAttribute("data-loading")) note("whole");
  if (document.querySelector("#answer .answer:not([aria-busy]) .card")) note("answer");
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
const shown = () => document.querySelector("#answer .answer:not([aria-busy]) .card");
let clicked = null;
seen.clicks = [];
addEventListener("click", ({ timeStamp }) => (clicked = { at: timeStamp, before: shown() }), true);
new MutationObserver(() => {
  if (!clicked || !shown() || shown() === clicked.before) return;
  const { at } = clicked;
  clicked = null;
  requestAnimationFrame(() => setTimeout(() => seen.clicks.push(performance.now() - at)));
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-busy"] });
"""


def main(arguments: list[str] | None = None) -> None:
    """Make or take the city, serve it, and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cells", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_known_args(arguments)[0]
    with tempfile.TemporaryDirectory() as name:
        folder = given.folder or Path(name)
        make_city(folder, given.cells)
        with serving_on(demo_command(), str(folder), READY) as port:
            about = wait_for_map(port)
            tiles = fetch_tiles(port, about)
            rows = [*browse(port, about), ("a tile over HTTP, ms", *spread(tiles), "≤ 20 (p95)")]
    note = f"{given.cells:,} cells, {VISITS} visits with an empty cache, window of 1440 × 900, {TILES:,} tiles."
    write_table("console", "The console", ("what", "median", "p95", "most", "budget"), rows, note)


def make_city(folder: Path, cells: int) -> None:
    """A sample city with its tiles in a data folder, unless it is there."""
    data = folder / "data"
    settings = os.environ | {"GRIDSVC_DATA_DIR": str(data), "PYTHONPATH": str(Path(__file__).parents[1])}
    if not (data / "gridsvc.db").is_file():
        subprocess.run(
            [sys.executable, "-m", "api.cli", "sample", "--commit", "--cells", str(cells)], env=settings, check=True
        )
    for command in (("db", "upgrade"), ("tiles",)):  # one that was kept may be of an earlier release
        subprocess.run([sys.executable, "-m", "api.cli", *command], env=settings, check=True)


def wait_for_map(port: int) -> dict[str, Any]:
    """What the service says of the map, once its tiles are cut."""
    deadline = time.monotonic() + CUTTING_S
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/api/v1/map")
        document: dict[str, Any] = orjson.loads(connection.getresponse().read())
        if document["ready"]:
            return document
        time.sleep(1)
    raise TimeoutError("the tiles were not cut in time")


def fetch_tiles(port: int, about: dict[str, Any]) -> list[float]:
    """Milliseconds of each of many tiles of cells, one after the other over one connection."""
    west, south, east, north = next(layer["bounds"] for layer in about["layers"] if layer["name"] == "cells")
    rng = np.random.default_rng(5)
    connection = http.client.HTTPConnection("127.0.0.1", port)
    times = []
    for number in range(TILES):
        zoom = TILE_ZOOMS[number % len(TILE_ZOOMS)]
        x, y = tile_of(rng.uniform(west, east), rng.uniform(south, north), zoom)
        begun = time.perf_counter()
        path = f"/tiles/e{about['edition']}/cells/{zoom}/{x}/{y}.mvt"
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        times.append((time.perf_counter() - begun) * 1000)
        if answer.status not in {200, 204}:
            raise RuntimeError(f"{path}: {answer.status}")
    return times


def tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Column and row of the tile that holds a place."""
    size = 1 << zoom
    return int((lon / 360 + 0.5) * size), int((0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)) * size)


def browse(port: int, about: dict[str, Any]) -> list[tuple[str, ...]]:
    """Visits to the whole city and to a place in it, and panning over its cells."""
    from playwright.sync_api import sync_playwright

    west, south, east, north = about["layers"][0]["bounds"]
    lon, lat = (west + east) / 2, (south + north) / 2
    city, place, panned, clicks = [], [], [], []
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        for visit in range(VISITS + 1):
            seen = look_at(chromium, f"http://127.0.0.1:{port}/", "whole")
            beside = look_at(
                chromium, f"http://127.0.0.1:{port}/?lon={lon:.5f}&lat={lat:.5f}&map=16/{lat:.5f}/{lon:.5f}", "answer"
            )
            if visit:  # the first warms the service
                city.append(seen)
                place.append(beside)
                panned.extend(beside["frames"])
                clicks.extend(beside["clicks"])
        chromium.close()
    return [
        ("whole city: first useful paint, s", *spread([seen["useful"] / 1000 for seen in city], 2), "≤ 2"),
        ("whole city: every square drawn, s", *spread([seen["whole"] / 1000 for seen in city], 2), ""),
        ("a place by link: map, s", *spread([seen["useful"] / 1000 for seen in place], 2), "≤ 2"),
        ("a place by link: answer, s", *spread([seen["answer"] / 1000 for seen in place], 2), ""),
        ("a click: its answer painted, ms", *spread(clicks), "≤ 100"),
        ("panning at zoom 16: a frame, ms", *spread(panned), ""),
    ]  # fmt: skip


PAN = """async (times) => {
  const frames = [];
  for (let i = 0; i < times; i += 1) {
    map_city.panBy([i % 2 ? 260 : 300, i % 3 ? 120 : -140], { animate: false });
    for (let k = 0; k < 4; k += 1) {
      const begun = performance.now();
      await new Promise(requestAnimationFrame);
      frames.push(performance.now() - begun);
    }
  }
  return frames;
}"""


def look_at(chromium: Any, address: str, until: str) -> dict[str, Any]:
    """Open an address with an empty cache; milliseconds from the start of the navigation by what was seen."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_function(f"() => window.benchmark.whole && window.benchmark.{until}", timeout=120_000)
    seen: dict[str, Any] = page.evaluate("window.benchmark")
    if until == "answer":
        seen["clicks"], seen["frames"] = click_about(page), page.evaluate(PAN, PANS)
    context.close()
    return seen


def click_about(page: Any) -> list[float]:
    """Milliseconds from each click on the map to the frame that shows its answer."""
    for number in range(CLICKS):
        page.mouse.click(660 + 23 * number, 300 + 37 * number)  # beside the legend
        page.wait_for_function(f"() => window.benchmark.clicks.length > {number}", timeout=20_000)
    times: list[float] = page.evaluate("window.benchmark.clicks")
    return times


def spread(values: list[float], digits: int = 1) -> tuple[str, str, str]:
    """Median, 95th percentile and the greatest."""
    return tuple(f"{value:.{digits}f}" for value in (*np.percentile(values, [50, 95]), max(values)))  # type: ignore[return-value]


if __name__ == "__main__":
    main()
