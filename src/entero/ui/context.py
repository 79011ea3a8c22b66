"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(_request: HttpRequest) -> dict[str, Any]:
    """Name the organization; a page shows the exit link unless it says that it is not sensitive."""
    return {"organization_name": settings.ORGANIZATION_NAME, "sensitive": True}
