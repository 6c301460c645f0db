import base64
import stat

import pytest

from standalone import environment
from standalone.speech import Refusal


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path):
    keys = environment.read_keys(tmp_path)
    assert environment.read_keys(tmp_path) == keys
    assert stat.S_IMODE((tmp_path / "keys.env").stat().st_mode) == 0o600
    name, _, value = keys["FIELD_KEYS"].partition(":")
    assert name == "k1"
    assert len(base64.b64decode(value)) == len(base64.b64decode(keys["BLIND_INDEX_KEY"])) == 32


def test_two_state_folders_have_different_keys(tmp_path):
    (tmp_path / "other").mkdir()
    first, second = environment.read_keys(tmp_path), environment.read_keys(tmp_path / "other")
    assert all(first[name] != second[name] for name in first)


def test_lost_keys_are_not_replaced_while_data_need_them(tmp_path):
    with pytest.raises(Refusal, match="Пропал файл ключей"):
        environment.read_keys(tmp_path, needed=True)
    assert not (tmp_path / "keys.env").exists()


def test_what_the_person_has_set_wins(monkeypatch, tmp_path):
    monkeypatch.setenv("DEMO", "0")
    made = environment.made_here({}, static=tmp_path, address="http://localhost:8000", demo=True)
    assert environment.with_own_variables(made)["DEMO"] == "0"


def test_the_example_is_for_the_database_that_comes_along(monkeypatch, tmp_path):
    monkeypatch.delenv("DEMO", raising=False)
    assert (environment.is_demo(own_database=False), environment.is_demo(own_database=True)) == (True, False)


@pytest.mark.parametrize("asked", ["1", "yes"])
def test_o11_the_example_never_opens_in_a_database_of_ones_own(monkeypatch, asked):
    monkeypatch.setenv("DEMO", asked)
    assert environment.is_demo(own_database=False)
    with pytest.raises(Refusal, match="только во встроенной базе"):
        environment.is_demo(own_database=True)
