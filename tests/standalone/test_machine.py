import stat
from pathlib import Path

import pytest

from standalone import machine
from standalone.speech import Refusal

LONG = Path("x" * 60) / ("y" * 60)


def test_state_lies_in_the_project(tmp_path):
    assert machine.state_folder(tmp_path, shared=False) == tmp_path / "local"


def test_state_moves_away_from_a_project_that_the_server_cannot_reach(tmp_path):
    tmp_path.chmod(0o700)
    away = Path("/var/lib") / f"clinic-{machine.short_name(tmp_path)}"
    assert machine.state_place(tmp_path, shared=True) == away
    assert machine.state_place(tmp_path, shared=False) == tmp_path / "local"


def test_a_folder_that_only_its_owner_enters_is_closed_to_others(tmp_path):
    tmp_path.chmod(0o700)
    assert machine.others_can_enter(tmp_path / "not made yet") is False


def test_somebody_elses_state_is_refused(tmp_path, monkeypatch):
    machine.state_folder(tmp_path, shared=False)
    monkeypatch.setattr(machine.os, "geteuid", lambda: 54321)
    with pytest.raises(Refusal, match="принадлежит другому пользователю"):
        machine.state_folder(tmp_path, shared=False)


def test_socket_lies_beside_the_data(tmp_path):
    assert machine.socket_folder(Path("/srv/clinic"), "s") == Path("/srv/clinic")


def test_socket_of_a_long_path_moves_to_a_short_private_folder(tmp_path):
    folder = machine.socket_folder(tmp_path / LONG, "server.sock")
    try:
        assert len(str(folder / "server.sock")) <= machine.SOCKET_PATH_LIMIT
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert machine.socket_folder(tmp_path / LONG, "server.sock") == folder
    finally:
        folder.rmdir()


def test_short_socket_folder_of_another_user_is_refused(tmp_path, monkeypatch):
    folder = machine.socket_folder(tmp_path / LONG, "server.sock")
    target = tmp_path / "elsewhere"
    target.mkdir()
    folder.rmdir()
    folder.symlink_to(target)
    try:
        with pytest.raises(Refusal, match="принадлежит другому"):
            machine.socket_folder(tmp_path / LONG, "server.sock")
    finally:
        folder.unlink()
