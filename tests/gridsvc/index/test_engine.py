"""Which kernels answer, and that nobody else knows numba."""

import ast
import os
import subprocess
import sys
from pathlib import Path

from gridsvc.index.engine import _COMPILED_FROM, engine, folder_of_kernels, keep_compiled
from tests.gridsvc.index.asked import ask

ROOT = Path(__file__).resolve().parents[3]
WITHOUT_NUMBA = """
import sys
sys.modules["numba"] = None
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "numba" else real(name, *more)
from gridsvc.index.engine import engine
from tests.gridsvc.index.asked import ask
answer = ask(116.4005, 39.9005)
print(engine().NAME, answer.cell.code, answer.match, answer.chief.person, answer.departments[0].code)
"""


def test_only_the_kernels_import_numba():
    importing = set()
    for package in ("gridsvc", "geodata", "maps", "api"):
        for file in (ROOT / package).rglob("*.py"):
            names = [
                name
                for node in ast.walk(ast.parse(file.read_text("utf-8")))
                if isinstance(node, ast.Import | ast.ImportFrom)
                for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
            ]
            importing |= {file.relative_to(ROOT).as_posix() for name in names if name.split(".")[0] == "numba"}
    assert importing == {"gridsvc/index/kernels.py"}


def test_numba_answers_where_it_is_installed():
    assert engine().NAME == "numba"


def test_kernels_are_kept_where_it_is_said_else_by_their_source(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", "elsewhere")
    keep_compiled(tmp_path)
    assert os.environ["NUMBA_CACHE_DIR"] == "elsewhere"
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    keep_compiled(tmp_path)
    kept = Path(os.environ["NUMBA_CACHE_DIR"])
    assert kept.parent == tmp_path
    monkeypatch.setattr("gridsvc.index.engine._COMPILED_FROM", ("kernels.py",))
    assert folder_of_kernels(tmp_path) != kept


def test_all_that_kernels_are_made_of_counts_as_their_source():
    sources = {"kernels.py", "sight_kernels.py"}
    for name in ("kernels.py", "sight_kernels.py"):
        tree = ast.parse((ROOT / "gridsvc" / "index" / name).read_text("utf-8"))
        modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        sources |= {f"{module.split('.')[-1]}.py" for module in modules if module.startswith("gridsvc.index")}
    assert sources == set(_COMPILED_FROM)


def test_without_numba_numpy_answers_the_same():
    answer = ask(116.4005, 39.9005)
    said = subprocess.run([sys.executable, "-c", WITHOUT_NUMBA], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.split() == [
        "numpy",
        answer.cell.code,
        answer.match,
        answer.chief.person,
        answer.departments[0].code,
    ]
