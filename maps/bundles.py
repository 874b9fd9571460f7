"""The modules of each page as one file, made by esbuild when the front-end packages are built.

A page of eighty modules asks for each of them at a first visit; as one file it is there in two thirds of the time, for
a third of the service's work. A bundle is used only while it is made from the modules as they are: whoever changes one
sees it at once, and `python -m maps.build_assets` makes the bundles again. The modules stay served beside them.
"""

import hashlib
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from maps.assets import PAGES, static_folder

FLAGS = ("--bundle", "--format=esm", "--minify", "--target=es2022", "--sourcemap", "--legal-comments=none")
_STAMP = ".made-from"


def bundle_folder() -> Path:
    """Where they are served from: `PAGE.js`, and the workers that pages start, which look for themselves beside it."""
    return static_folder() / "vendor" / "pages"


def modules_digest() -> str:
    """What bundles are made from."""
    scripts = static_folder() / "js"
    digest = hashlib.sha256(repr(FLAGS).encode())
    for file in sorted(scripts.glob("*/*.js")):
        digest.update(f"{file.relative_to(scripts)} {file.stat().st_size}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def are_bundled() -> bool:
    """Whether the bundles are those of the modules as they are."""
    stamp = bundle_folder() / _STAMP
    return stamp.is_file() and stamp.read_text("utf-8") == modules_digest()


def bundle_pages(packages: Path, environment: Mapping[str, str]) -> None:
    """Make them by the esbuild in a node_modules folder. Raises CalledProcessError."""
    scripts, digest, target = static_folder() / "js", modules_digest(), bundle_folder()
    entries = {page: f"{page}/main.js" for page in PAGES}
    entries |= {file.stem: f"shared/{file.name}" for file in scripts.glob("shared/*_worker.js")}
    fresh = target.with_name("pages.fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    named = [f"{name}={scripts / file}" for name, file in entries.items()]
    command = [str(packages / ".bin" / "esbuild"), *named, *FLAGS, "--log-level=error", f"--outdir={fresh}"]
    subprocess.run(command, check=True, capture_output=True, text=True, env=dict(environment))  # noqa: S603
    (fresh / _STAMP).write_text(digest, "utf-8")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
