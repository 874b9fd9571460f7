"""`make run` from nothing and again: seconds until the first answer, and peak memory of the serving process."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.report import write_table

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "gridsvc"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        first = _start(clone)
        second = _start(clone)
        shutil.rmtree(clone)
    rows = [
        ("first start: installs, makes the city", f"{first[0]:.1f}", f"{first[1]:.0f}"),
        ("second start: keeps the data", f"{second[0]:.1f}", f"{second[1]:.0f}"),
    ]
    header = ("make run", "seconds to the first answer", "peak memory of the server, MB")
    write_table(
        "start", "make run", header, rows, "Packages come from the registry, so the first figure holds a download."
    )


def _start(clone: Path) -> tuple[float, float]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begin = time.perf_counter()
    environment = os.environ | {"GRIDSVC_PORT": str(port)}
    process = subprocess.Popen(
        ["make", "run"], cwd=clone, env=environment, start_new_session=True, stdout=subprocess.DEVNULL
    )
    try:
        while True:
            if process.poll() is not None:
                raise RuntimeError(f"make run ended with {process.returncode}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2):
                    break
            except OSError:
                time.sleep(0.1)
        seconds = time.perf_counter() - begin
        return seconds, _peak_megabytes(process.pid)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _peak_megabytes(leader: int) -> float:
    """Largest peak among the processes of a session (make, then the server in its place or below it)."""
    peaks = [0.0]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if os.getsid(int(status.parent.name)) != leader:
                continue
            fields = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines() if ":" in line)
            peaks.append(float(fields.get("VmHWM", "0 kB").split()[0]) / 1024)
        except (OSError, ProcessLookupError):
            continue
    return max(peaks)
