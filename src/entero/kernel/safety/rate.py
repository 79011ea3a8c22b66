"""Limits how often one address may act, without ever storing the address.

The address is turned into an HMAC under a key that lives in memory and changes every day; neither
is written anywhere. Each process counts for itself, so the true limit is the limit times the number
of processes: enough against abuse, and nothing to steal.
"""

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest

DAY_SECONDS = 86_400
MAX_TRACKED = 20_000


@dataclass
class Limiter:
    """Allows ``limit`` acts in any ``seconds`` for one visitor (a fixed window each)."""

    limit: int
    seconds: float
    _day: int = -1
    _key: bytes = b""
    _windows: OrderedDict[bytes, tuple[float, int]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def allows(self, request: HttpRequest) -> bool:
        """Count one act of this visitor and say whether it is within the limit."""
        now = time.time()
        with self._lock:
            self._rotate(int(now // DAY_SECONDS))
            visitor = self._pseudonym(_address(request))
            started, count = self._windows.pop(visitor, (now, 0))
            if now - started >= self.seconds:
                started, count = now, 0
            self._windows[visitor] = (started, count + 1)
            if len(self._windows) > MAX_TRACKED:
                self._windows.popitem(last=False)
            return count < self.limit

    def forget(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._windows.clear()

    def _rotate(self, day: int) -> None:
        if day != self._day:
            self._day, self._key = day, secrets.token_bytes(32)
            self._windows.clear()

    def _pseudonym(self, address: str) -> bytes:
        return hmac.digest(self._key, address.encode(), hashlib.sha256)[:16]


def _address(request: HttpRequest) -> str:
    """Return who asked; behind our own proxy its last word counts, since the rest can be forged."""
    if settings.BEHIND_PROXY:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))
