"""Every setting is known, checked, and clear when it is wrong."""

from pathlib import Path

import pytest

from entero.conf import environment
from entero.conf.environment import SettingsError


def test_read_takes_what_is_known_and_leaves_the_rest() -> None:
    values = environment.read({"ENTERO_HOSTS": "a.example, b.example", "HOME": "/home/x"})
    assert values.names("ENTERO_HOSTS") == ["a.example", "b.example"]
    assert dict(values.values) == {"ENTERO_HOSTS": "a.example, b.example"}


def test_read_refuses_an_unknown_name() -> None:
    with pytest.raises(SettingsError, match="ENTERO_HOST is not a setting"):
        environment.read({"ENTERO_HOST": "typo.example"})


def test_read_takes_a_secret_from_its_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("  kept in a file\n")
    values = environment.read({"ENTERO_SECRET_KEY_FILE": str(secret)})
    assert values.text("ENTERO_SECRET_KEY") == "kept in a file"


def test_read_says_which_secret_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ENTERO_SECRET_KEY_FILE points to"):
        environment.read({"ENTERO_SECRET_KEY_FILE": str(tmp_path / "none")})


def test_only_secrets_have_files() -> None:
    with pytest.raises(SettingsError, match="ENTERO_HOSTS_FILE is not a setting"):
        environment.read({"ENTERO_HOSTS_FILE": "/etc/hosts"})


def test_production_needs_a_secret_key(tmp_path: Path) -> None:
    values = environment.read({"ENTERO_ENV": "production"})
    with pytest.raises(SettingsError, match="missing in production"):
        environment.secret_key(values, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_production_refuses_a_short_secret_key(tmp_path: Path) -> None:
    values = environment.read({"ENTERO_ENV": "production", "ENTERO_SECRET_KEY": "short"})
    with pytest.raises(SettingsError, match="too short"):
        environment.secret_key(values, tmp_path)


def test_development_makes_a_key_once_and_keeps_it_to_itself(tmp_path: Path) -> None:
    values = environment.read({})
    key = environment.secret_key(values, tmp_path)
    assert environment.secret_key(values, tmp_path) == key
    assert len(key) > 50
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("value", ["prod", "Production", "test"])
def test_unknown_surroundings_are_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="set it to development or production"):
        _ = environment.read({"ENTERO_ENV": value}).production


def test_flag_refuses_what_is_neither_yes_nor_no() -> None:
    with pytest.raises(SettingsError, match="ENTERO_DEBUG is 'maybe'"):
        environment.read({"ENTERO_DEBUG": "maybe"}).flag("ENTERO_DEBUG")


def test_database_reads_postgres_with_escaped_parts() -> None:
    found = environment.database("postgres://en%40tero:p%2Fw@db.example:5433/the%20house")
    assert {key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "the house",
        "USER": "en@tero",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "5433",
    }


def test_database_reads_a_socket_folder() -> None:
    assert environment.database("postgres:///entero?host=/run/postgresql")["HOST"] == "/run/postgresql"


def test_database_reads_sqlite_paths() -> None:
    assert environment.database("sqlite:////srv/entero/x.sqlite3")["NAME"] == "/srv/entero/x.sqlite3"
    assert environment.database("sqlite:///var/x.sqlite3")["NAME"] == "var/x.sqlite3"


def test_database_refuses_other_engines() -> None:
    with pytest.raises(SettingsError, match="starts with 'mysql'"):
        environment.database("mysql://x/y")
