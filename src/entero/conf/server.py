"""The web server: gunicorn with threads, told to keep quiet about who asked for what."""

import socket
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger


class QuietLogger(Logger):  # type: ignore[misc]
    """Send gunicorn's words through the gate of ``conf.logs``, without addresses and paths."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers = []
        self.error_log.propagate = True

    def warning(self, msg: object, *args: Any, **kwargs: Any) -> None:
        told = "Invalid request" if str(msg).startswith("Invalid request from") else msg
        super().warning(told, *args, **kwargs)


class Site(BaseApplication):  # type: ignore[misc]
    """The site as gunicorn runs it."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.values.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from entero.conf.wsgi import application

        return application


def run(host: str, port: int, *, workers: int, threads: int) -> None:
    """Serve until stopped."""
    Site(
        {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "timeout": 60,
            "loglevel": "warning",
            "proc_name": "entero",
            "logger_class": QuietLogger,
            "control_socket_disable": True,
        }
    ).run()


def is_free(host: str, port: int) -> bool:
    """Say whether nobody else listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
