"""The lines that every page shows: found by place, and the whole country is a place."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import lazy

from entero.directory.crisis_lines.lines import lines_for


def crisis(_request: HttpRequest) -> dict[str, Any]:
    return {"crisis_lines": lazy(lambda: list(lines_for()), list)()}
