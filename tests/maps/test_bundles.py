"""The modules of a page as one file: made from them as they are, or not used."""

from pathlib import Path

import pytest

from maps import bundles, pages
from maps.assets import PAGES, static_folder
from maps.build_assets import build_assets


@pytest.fixture(autouse=True)
def built() -> None:
    build_assets()


def test_every_page_loads_its_modules_as_one_file() -> None:
    for name, page in pages.draw_pages("湖滨市").items():
        assert f'<script type="module" src="assets/vendor/pages/{name}.js"></script>' in page.html
        assert "assets/js/" not in page.html
        assert (bundles.bundle_folder() / f"{name}.js").is_file()


def test_a_changed_module_is_loaded_as_it_is_until_the_bundles_are_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "modules_digest", lambda: "changed")
    for name, page in pages.draw_pages("湖滨市").items():
        assert f'<script type="module" src="assets/js/{name}/main.js"></script>' in page.html
        assert "vendor/pages" not in page.html


def test_what_is_in_a_module_or_what_it_is_called_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "static_folder", lambda: tmp_path)
    file = tmp_path / "js" / "shared" / "one.js"
    file.parent.mkdir(parents=True)
    seen = set()
    for text, name in (("a", "one.js"), ("b", "one.js"), ("b", "two.js")):
        file.unlink(missing_ok=True)
        file = file.with_name(name)
        file.write_text(text)
        seen.add(bundles.modules_digest())
    assert len(seen) == 3


def test_workers_stand_beside_the_pages_that_start_them() -> None:
    workers = [file.name for file in (static_folder() / "js" / "shared").glob("*_worker.js")]
    assert workers
    assert {file.name for file in bundles.bundle_folder().glob("*.js")} == {*workers, *(f"{page}.js" for page in PAGES)}
