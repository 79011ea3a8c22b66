"""The web server says nothing about who asked, and names a port that is taken."""

import logging
import socket

import pytest
from gunicorn.config import Config

from entero.conf import server


def test_port_in_use_is_not_free() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert server.is_free("127.0.0.1", taken.getsockname()[1]) is False
        free = socket.socket()
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        assert server.is_free("127.0.0.1", port) is True


def test_quiet_logger_never_names_an_address(caplog: pytest.LogCaptureFixture) -> None:
    logger = server.QuietLogger(Config())
    with caplog.at_level(logging.WARNING):
        logger.warning("Invalid request from ip=192.0.2.77: bad start")
        logger.warning("Worker slow")
    assert caplog.messages == ["Invalid request", "Worker slow"]
