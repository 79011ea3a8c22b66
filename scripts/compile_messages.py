"""Compile every catalogue of translations, without needing gettext on the machine."""

from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parents[1] / "src" / "entero"

for catalogue in sorted(SOURCE.rglob("LC_MESSAGES/*.po")):
    target = catalogue.with_suffix(".mo")
    if not target.exists() or target.stat().st_mtime < catalogue.stat().st_mtime:
        polib.pofile(str(catalogue)).save_as_mofile(str(target))
