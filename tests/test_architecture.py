"""The house rules that a machine can keep: import contracts, sizes, names, and what the repository may not contain."""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("gridsvc", "geodata", "maps", "api")
MODULE_LINES, FUNCTION_LINES, MEDIAN_LINES = 300, 40, 90


def _sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def _tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [ROOT / name for name in listing.split("\0") if name]


def test_import_contracts_are_kept() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("folders", [PACKAGES, ("tests", "benchmarks")], ids=["packages", "tests"])
def test_no_module_is_long(folders: tuple[str, ...]) -> None:
    long = {str(path.relative_to(ROOT)): n for path in _sources(*folders) if (n := _lines(path)) > MODULE_LINES}
    assert not long


def test_the_median_module_is_short() -> None:
    lines = [n for path in _sources(*PACKAGES) if (n := _lines(path)) > 1]
    assert statistics.median(lines) < MEDIAN_LINES


def test_no_function_is_long() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": size
        for path in _sources(*PACKAGES)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (size := _code_lines(node)) > FUNCTION_LINES
    }
    assert not long


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert not [path for path in _sources(*PACKAGES, "tests") if drawers & {path.stem, path.parent.name}]


def test_locks_carry_no_download_address() -> None:
    locks = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt", ROOT / "package-lock.json"]
    assert not [path.name for path in locks if "://" in _without_funding(path)]


def test_no_large_or_third_party_file_is_committed() -> None:
    tracked = [path for path in _tracked() if path.is_file()]
    assert not [path.name for path in tracked if path.stat().st_size > 1024 * 1024]
    assert not [path for path in tracked if {"node_modules", "vendor"} & set(path.parts)]


def test_importing_the_serving_side_loads_neither_pandas_nor_folium_nor_psycopg() -> None:
    script = (
        "import sys, api.app, gridsvc.store; "
        "print(sorted({'pandas', 'geopandas', 'folium', 'psycopg'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def _code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def _without_funding(path: Path) -> str:
    """Lock text without the funding pages that npm notes beside a package: they are no download addresses."""
    lines = path.read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if '"url":' not in line and '"funding":' not in line)
