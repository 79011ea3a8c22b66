"""Writes docs/reference/openapi.json anew from the code: python scripts/openapi.py"""

import os
from pathlib import Path

import django

TARGET = Path(__file__).resolve().parents[1] / "docs" / "reference" / "openapi.json"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entero.conf.settings")
    django.setup()
    from entero.directory.api import openapi_document

    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(openapi_document(), encoding="utf-8")
    print(f"Written: {TARGET}")


if __name__ == "__main__":
    main()
