"""`doctor`, `backup` and `restore` as an operator calls them."""

import os
import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
import typer

from api.bootstrap import edition_files
from api.cli import doctor as examining
from api.cli.doctor import State, examine
from api.settings import Settings
from gridsvc.model.work import Job, JobKind, JobState, Message, Topic
from gridsvc.store import open_store
from maps.assets import PAGES
from tests.api.cli.terminal import Terminal


def _signs(settings: Settings, *, deep: bool = False) -> dict[str, State]:
    return {sign.name: sign.state for sign in examine(settings, deep=deep)}


@pytest.fixture
def settings(city_folder: Path) -> Settings:
    found = Settings(data_dir=city_folder)
    found.page_dir.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (found.page_dir / f"{name}.html").write_text("drawn")
    return found


def test_without_a_database_the_doctor_says_so_and_ends_with_3(tmp_path: Path) -> None:
    result = Terminal(tmp_path).run("doctor")
    assert result.returncode == 3
    assert "gridsvc db upgrade" in result.stdout
    assert "Traceback" not in result.stderr


def test_the_doctor_makes_no_folder_where_none_is(tmp_path: Path) -> None:
    nowhere = tmp_path / "mistyped" / "data"
    result = Terminal(tmp_path, {"GRIDSVC_DATA_DIR": str(nowhere)}).run("doctor")
    assert (result.returncode, f"the data folder {nowhere} is not there" in result.stdout) == (3, True)
    assert not nowhere.parent.exists()


def test_a_sound_city_is_well(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "LITTLE_SPACE", 1)
    monkeypatch.setattr(examining, "NO_SPACE", 0)
    with closing(open_store(settings.store_url)) as store:
        edition_files(settings, store).open(1)
    signs = _signs(settings, deep=True)
    assert {name for name, state in signs.items() if state is not State.OK} <= {"pages"}
    assert set(signs) == {"database", "clock", "edition", "index", "outbox", "jobs", "disk", "pages"}


def test_a_damaged_index_file_is_told_with_what_to_do(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(*, deep: bool = False) -> tuple[State, str]:
        return next((sign.state, sign.text) for sign in examine(settings, deep=deep) if sign.name == "index")

    assert told() == (State.NOTE, "edition 1 is compiled when the service starts")
    monkeypatch.setattr(examining, "has_numba", lambda: False)
    assert told()[1].endswith("; numba is not installed: the same answers, only slower (`gridsvc[fast]`)")
    monkeypatch.undo()
    with closing(open_store(settings.store_url)) as store:
        files = edition_files(settings, store)
        path = files.path(files.open(1).digest)
    assert told(deep=True) == (State.OK, "the file of edition 1 is whole, 0.1 MB")
    status, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert told()[0] is State.OK  # as long as nobody looks
    state, text = told(deep=True)
    assert state is State.MEND
    assert text.endswith(
        f"its arrays are not those that were written; delete {path} and start the service again, which makes it anew"
    )
    os.truncate(path, 1_000)
    assert "it is damaged or cut off; delete" in told()[1]


def test_a_full_disk_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "LITTLE_SPACE", 1 << 60)
    assert _signs(settings)["disk"] is State.MEND
    monkeypatch.setattr(examining, "NO_SPACE", 1 << 60)
    assert _signs(settings)["disk"] is State.DOWN


def test_stuck_jobs_a_clock_set_back_and_pages_not_drawn_are_told(settings: Settings) -> None:
    now = settings.now()
    with closing(open_store(settings.store_url)) as store, store.begin() as work:
        old = now - timedelta(hours=1)
        work.add_job(Job(number=0, kind=JobKind.RESTORE, state=JobState.WAITING, made_by="p", created_at=old, input={}))
        work.tell([Message(topic=Topic.JOB_CHANGED, at=now + timedelta(hours=1), body={})])
    (settings.page_dir / f"{next(iter(PAGES))}.html").unlink()
    signs = _signs(settings)
    assert [signs[name] for name in ("jobs", "clock")] == [State.MEND] * 2
    assert signs["pages"] is State.NOTE


def test_times_are_the_citys_and_no_message_is_said_so(settings: Settings) -> None:
    def texts() -> dict[str, str]:
        return {sign.name: sign.text for sign in examine(settings, deep=False)}

    assert "+08:00 (Asia/Shanghai)" in texts()["clock"]
    with closing(open_store(settings.store_url)) as store, store.begin() as work:
        work.tell([Message(topic=Topic.JOB_CHANGED, at=datetime(2026, 1, 31, 20, tzinfo=UTC), body={})])
    assert texts()["outbox"].endswith("the newest of 2026-02-01T04:00:00+08:00")


def test_the_doctor_of_an_empty_city_says_what_comes_next(tmp_path: Path, migrated_sqlite: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "gridsvc.db")
    texts = {sign.name: sign.text for sign in examine(Settings(data_dir=tmp_path), deep=False)}
    assert texts["outbox"] == "no message so far"
    assert "gridsvc publish --commit" in texts["edition"]


def test_pages_that_serving_draws_are_no_reason_to_fail(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(examining, "LITTLE_SPACE", 1)
    monkeypatch.setattr(examining, "NO_SPACE", 0)
    monkeypatch.setattr(examining, "load_settings", lambda: settings)
    for file in settings.page_dir.glob("*.html"):
        file.unlink()
    with pytest.raises(typer.Exit) as ended:
        examining.doctor()
    assert ended.value.exit_code == 0
    assert "NOTE pages" in capsys.readouterr().out


def test_a_base_map_that_shows_nothing_or_cannot_be_used_is_told(city_folder: Path, tmp_path: Path) -> None:
    def sign(url: str, datum: str | None = "GCJ02") -> tuple[State, str]:
        told = examine(Settings(data_dir=city_folder, tiles_url=url, tiles_datum=datum), deep=False)
        [found] = [sign for sign in told if sign.name == "base map"]
        return found.state, found.text

    folder, file = tmp_path / "tiles", tmp_path / "base.pmtiles"
    assert sign(f"folder:{folder}")[0] is State.DOWN
    (folder / "7" / "3").mkdir(parents=True)
    assert sign(f"folder:{folder}")[0] is State.MEND
    (folder / "7" / "3" / "5.png").write_bytes(b"a picture")
    assert sign(f"folder:{folder}") == (State.OK, "folder in GCJ02, zoom 7 to 7")
    assert sign(f"folder:{folder}", None)[0] is State.DOWN
    assert sign(f"pmtiles:{file}")[0] is State.DOWN
    file.write_bytes(b"PMTiles\x03" + bytes(200))
    state, text = sign(f"pmtiles:{file}")
    assert (state, "GRIDSVC_TILES_URL" in text, "base.pmtiles" in text) == (State.DOWN, True, True)
    assert sign("https://tiles.example/{z}/{x}/{y}.png")[0] is State.OK


def test_a_city_without_an_edition_cannot_answer(tmp_path: Path, migrated_sqlite: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "gridsvc.db")
    assert _signs(Settings(data_dir=tmp_path))["edition"] is State.DOWN


def test_a_backup_is_brought_back_by_commands(city_folder: Path, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, {"GRIDSVC_DATA_DIR": str(city_folder)})
    wrote = terminal.run("backup", "city.backup", "--json")
    assert f"Wrote {tmp_path / 'city.backup'}, " in wrote.stderr
    told = orjson.loads(wrote.stdout)
    assert (told["editions"], told["roster_revision"]) == (1, 1)
    assert terminal.run("backup", "city.backup").returncode == 2
    told = terminal.run("restore", "city.backup", "--replace")
    assert (told.returncode, "Dry run" in told.stderr) == (0, True)
    assert "say --replace" in terminal.run("restore", "city.backup").stderr
    refused = terminal.run("restore", "city.backup", "--commit")
    assert (refused.returncode, "--replace" in refused.stderr) == (2, True)
    told = terminal.run("restore", "city.backup", "--replace", "--commit")
    [kept] = city_folder.glob("gridsvc.db.before-restore-*[0-9]")
    assert (told.returncode, f"is kept as {kept}." in told.stderr) == (0, True), told.stderr
    assert terminal.run("restore", "none.backup", "--commit").returncode == 2
    assert "would publish edition 1 again" in terminal.run("restore", "1").stderr
