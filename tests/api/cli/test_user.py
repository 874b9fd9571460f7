"""Accounts at the terminal: the first ADMIN, passwords that are no arguments, and what is refused."""

from pathlib import Path

import orjson
import pytest
from rich.cells import cell_len

from tests.api.cli.terminal import Terminal

PASSWORD = "three plain words"


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    made = Terminal(tmp_path)
    made.ok("db", "upgrade")
    return made


def test_accounts_without_a_database_are_not_ready(tmp_path: Path) -> None:
    assert Terminal(tmp_path).run("user", "list").returncode == 3


def test_an_empty_list_says_how_to_add_the_first(terminal: Terminal) -> None:
    told = terminal.run("user", "list")
    assert (told.returncode, told.stdout) == (0, "")
    assert "gridsvc user add LOGIN --role ADMIN --commit" in told.stderr


def test_a_dry_run_refuses_what_could_not_be_done(terminal: Terminal) -> None:
    refused = terminal.run("user", "add", "somebody", "--role", "VISITOR")
    assert (refused.returncode, "visitor" in refused.stderr) == (2, True)


def test_the_life_of_an_account(terminal: Terminal) -> None:
    add = ("user", "add", "wang", "--role", "ADMIN", "--name", "王 <b>")
    dry = terminal.run(*add)
    assert (dry.returncode, terminal.json("user", "list")) == (0, [])
    assert "--commit" in dry.stderr
    assert terminal.run(*add, "--commit", stdin="short\n").returncode == 2

    made = terminal.run(*add, "--commit", stdin=PASSWORD + "\n")
    assert made.returncode == 0, made.stderr
    assert PASSWORD not in made.stderr + made.stdout
    [account] = terminal.json("user", "list")  # type: ignore[misc]
    assert (account["login"], account["role"], account["has_password"]) == ("wang", "ADMIN", True)

    assert terminal.run(*add, "--commit", stdin=PASSWORD + "\n").returncode == 2
    assert terminal.run("user", "password", "wang", "--commit", stdin="another long one\n").returncode == 0

    told = terminal.json("user", "add", "li", "--role", "STEWARD", "--no-password")
    assert isinstance(told, dict)
    assert (told["login"], told["committed"]) == ("li", False)
    told = terminal.json("user", "add", "li", "--role", "STEWARD", "--no-password", "--commit")
    assert isinstance(told, dict)
    assert (told["active"], told["has_password"], told["committed"]) == (True, False, True)
    told = terminal.json("user", "close", "li", "--commit")
    assert isinstance(told, dict)
    assert (told["active"], told["committed"]) == (False, True)

    last = terminal.run("user", "close", "wang", "--commit")
    assert (last.returncode, "last active ADMIN" in last.stderr) == (2, True)


def test_a_device_gets_a_token_for_what_its_role_may_and_no_more(terminal: Terminal) -> None:
    terminal.ok("user", "add", "camera-1", "--role", "DEVICE", "--no-password", "--commit")
    ask = ("user", "token", "camera-1", "--name", "north gate")
    for commit in ((), ("--commit",)):
        refused = terminal.run(*ask, "--action", "PUBLISH", *commit)
        assert (refused.returncode, "PUBLISH" in refused.stderr) == (2, True)
    assert terminal.ok(*ask, "--action", "RESOLVE") == ""
    secret = terminal.ok(*ask, "--action", "RESOLVE", "--commit")
    assert len(secret.strip()) >= 43
    issued = orjson.loads(terminal.ok(*ask, "--action", "RESOLVE", "--commit", "--json"))
    assert (issued["login"], issued["actions"]) == ("camera-1", ["RESOLVE"])


def test_a_token_that_leaked_is_found_and_revoked(terminal: Terminal) -> None:
    terminal.ok("user", "add", "camera-1", "--role", "DEVICE", "--no-password", "--commit")
    assert "No token of camera-1 works." in terminal.run("user", "tokens", "camera-1").stderr
    for name in ("north gate", "南门"):
        terminal.ok("user", "token", "camera-1", "--name", name, "--action", "RESOLVE", "--commit")
    told = terminal.ok("user", "tokens", "camera-1").splitlines()
    assert [line.split()[0] for line in told] == ["NUMBER", "1", "2"]
    assert [line.index(name) for line, name in zip(told, ("NAME", "north gate", "南门"), strict=True)] == [32] * 3

    for unknown in (("tokens", "nobody"), ("revoke", "7"), ("revoke", "7", "--commit"), ("revoke", "0")):
        assert terminal.run("user", *unknown).returncode == 2
    dry = terminal.run("user", "revoke", "1")
    assert (dry.returncode, "would revoke token 1 of camera-1 (north gate); add --commit" in dry.stderr) == (0, True)
    assert [token["number"] for token in terminal.json("user", "tokens", "camera-1")] == [1, 2]  # type: ignore[attr-defined]
    gone = terminal.json("user", "revoke", "1", "--commit")
    assert isinstance(gone, dict)
    assert (gone["number"], gone["name"], gone["committed"]) == (1, "north gate", True)
    assert [token["number"] for token in terminal.json("user", "tokens", "camera-1")] == [2]  # type: ignore[attr-defined]
    assert terminal.run("user", "revoke", "1", "--commit").returncode == 2


def test_no_command_takes_a_password_as_an_argument(terminal: Terminal) -> None:
    assert terminal.run("user", "password", "wang", PASSWORD, "--commit").returncode == 2


def test_what_limits_an_account_and_is_not_there_is_told(terminal: Terminal) -> None:
    terminal.ok("sample", "--cells", "60", "--commit")
    ask = ("user", "add", "dora", "--role", "DISPATCHER", "--no-password", "--area")
    assert "there is no area 990101999" in terminal.run(*ask, "990101999").stderr
    told = terminal.run(*ask, "990101001").stderr
    assert "there is no" not in told


def test_the_list_names_what_limits_an_account_in_columns(terminal: Terminal) -> None:
    terminal.ok("sample", "--cells", "60", "--commit")
    scopes = (("--area", "990101001"), ("--department", "SO-990101001"), ("--area", "990101999"))
    for number, scope in enumerate(scopes):
        terminal.ok(
            "user", "add", f"d{number}", "--role", "DISPATCHER", "--no-password", *scope, "--name", "丁", "--commit"
        )
    told = terminal.ok("user", "list").splitlines()
    reaches = [line.split("DISPATCHER  ")[1].removesuffix("丁").strip() for line in told[1:]]
    assert reaches == ["990101001 昌顺街道", "SO-990101001 昌顺街道办事处", "990101999"]
    assert {cell_len(line.removesuffix("丁").removesuffix("NAME")) for line in told} == {
        cell_len(told[0]) - len("NAME")
    }
