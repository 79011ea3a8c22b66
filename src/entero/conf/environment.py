"""Reads the ``ENTERO_*`` variables. Everything an operator may set is listed here, once."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

VARIABLES = {
    "ENTERO_ENV": "'development' (default) or 'production'",
    "ENTERO_DATA_DIR": "folder of the database file, the index and the static files (./var)",
    "ENTERO_DATABASE_URL": "sqlite:///path or postgres://user:password@host:port/name",
    "ENTERO_SECRET_KEY": "long random text; or ENTERO_SECRET_KEY_FILE with a path to it",
    "ENTERO_HOSTS": "host names served, separated by commas",
    "ENTERO_HTTPS": "1 when a proxy in front speaks HTTPS (default in production)",
    "ENTERO_DEBUG": "1 shows errors in the browser; refused in production",
    "ENTERO_PATTERNS": "1 serves the pattern page /ui/",
    "ENTERO_ORGANIZATION": "name of the organization that runs this installation",
    "ENTERO_EXIT_URL": "neutral page that 'Leave this site' opens",
    "ENTERO_LOG_LEVEL": "DEBUG, INFO (default), WARNING or ERROR",
    "ENTERO_TIME_ZONE": "time zone of the organization (America/Los_Angeles)",
}
SECRETS = {"ENTERO_SECRET_KEY", "ENTERO_DATABASE_URL"}


class SettingsError(Exception):
    """An operator's setting is missing or wrong; the message says which and what to do."""


@dataclass(frozen=True)
class Environment:
    """The variables as read, with secrets taken from their files."""

    values: Mapping[str, str]

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.values.get(name)
        if value is None:
            return default
        if value.lower() in {"1", "true", "yes", "on"}:
            return True
        if value.lower() in {"0", "false", "no", "off", ""}:
            return False
        raise SettingsError(f"{name} is {value!r}: set it to 1 or 0.")

    def names(self, name: str) -> list[str]:
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    @property
    def production(self) -> bool:
        value = self.text("ENTERO_ENV", "development")
        if value not in {"development", "production"}:
            raise SettingsError(f"ENTERO_ENV is {value!r}: set it to development or production.")
        return value == "production"


def read(environ: Mapping[str, str] = os.environ) -> Environment:
    """Read and check every ``ENTERO_*`` name. Raises SettingsError on an unknown one."""
    values: dict[str, str] = {}
    for name, value in environ.items():
        if not name.startswith("ENTERO_"):
            continue
        plain = name.removesuffix("_FILE")
        if name in VARIABLES:
            values[name] = value
        elif plain in SECRETS:
            values.setdefault(plain, _secret_from(name, Path(value)))
        else:
            raise SettingsError(f"{name} is not a setting of Entero. Known: {', '.join(VARIABLES)}.")
    return Environment(values)


def _secret_from(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{name} points to {path}, which cannot be read: {error}.") from error


def secret_key(environment: Environment, data_dir: Path) -> str:
    """Return the signing key; outside production one is made and kept in the data folder."""
    given = environment.text("ENTERO_SECRET_KEY")
    if given:
        if environment.production and len(given) < 50:
            raise SettingsError("ENTERO_SECRET_KEY is too short: use at least 50 random characters.")
        return given
    if environment.production:
        raise SettingsError("ENTERO_SECRET_KEY (or ENTERO_SECRET_KEY_FILE) is missing in production.")
    path = data_dir / "secret.key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text(encoding="utf-8")


def database(url: str) -> dict[str, Any]:
    """Return Django's settings of one database. Raises SettingsError on another scheme."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path.removeprefix("/")) or ":memory:")
    if parts.scheme in {"postgres", "postgresql"}:
        query = parse_qs(parts.query)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.removeprefix("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.get("host", [parts.hostname or ""])[0],
            "PORT": str(parts.port or query.get("port", [""])[0]),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise SettingsError(
        f"ENTERO_DATABASE_URL starts with {parts.scheme!r}: use sqlite:///path or postgres://…"
    )


def _sqlite(name: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
                "PRAGMA busy_timeout=20000; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY"
            ),
        },
    }
