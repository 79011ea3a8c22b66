"""Are both languages complete, and does the Spanish speak to everybody?

``python scripts/check_messages.py`` fails with one line for each fault.
``python scripts/check_messages.py --write`` first collects new texts into the catalogues.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parents[1] / "src" / "entero"
LANGUAGE = "es"

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|%%")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
NUMBER = re.compile(r"\+?\d(?:[\d().\s-]*\d)?")
WORD = re.compile(r"[^\W\d_]{2,}")

SAME_IN_BOTH = {
    "Entero",
    "Total",
    "total",
    "No",
    "no",
    "SAMHSA",
    "ZIP",
    "HSDS",
    "English",
    "Español",
}

GENDERED_STEMS = (
    "abusad|acompañad|acostumbrad|amenazad|asustad|atrapad|avergonzad|bienvenid|cansad|conectad|confundid|"
    "detenid|encerrad|engañad|enojad|escuchad|explotad|forzad|golpead|herid|interesad|lastimad|libre y segur|"
    "list|manipulad|obligad|preocupad|preparad|protegid|querid|rechazad|registrad|segur|sol|sometid|tranquil|"
    "traficad|tratad|usad|vendid|vigilad|violad"
)
ADDRESSED = re.compile(
    rf"\b(?:estás|estés|eres|seas|fuiste|has sido|te sientes|te sientas|te sentiste|te quedes|te quedas|"
    rf"sigas|sigues|vas a estar|puedes estar|te dejaron|te tienen|te tuvieron)\s+"
    rf"(?:(?:muy|tan|más|bien|ya|siempre)\s+)?(?:{GENDERED_STEMS})[ao]s?\b",
    re.IGNORECASE,
)
ADDRESSED_ALONE = re.compile(
    r"\b(?:bienvenid[ao]s?|querid[ao]s?|(?:tú|ti|contigo) mism[ao]|amig[ao]s?,|usuari[ao]s?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with one text."""

    where: str
    text: str
    say: str

    def __str__(self) -> str:
        return f"{self.where}: {self.say}: {self.text[:90]!r}"


def gendered_address(spanish: str) -> str | None:
    """Return the words that address the reader as female or male, or None."""
    found = ADDRESSED.search(spanish) or ADDRESSED_ALONE.search(spanish)
    return found.group(0) if found else None


def pair_faults(english: str, spanish: str) -> Iterator[str]:
    """Compare one text in both languages."""
    for name, pattern in (("placeholders", PLACEHOLDER), ("tags", TAG)):
        if Counter(pattern.findall(english)) != Counter(pattern.findall(spanish)):
            yield f"{name} differ"
    if _numbers(english) != _numbers(spanish):
        yield "numbers differ"
    if english == spanish and WORD.search(_bare(english)) and english not in SAME_IN_BOTH:
        yield "the same in both languages"
    if _questions(english) and "?" in spanish and "¿" not in spanish:
        yield "a question without ¿"
    words = gendered_address(spanish)
    if words:
        yield f"addresses the reader by gender ({words})"


def _bare(text: str) -> str:
    return TAG.sub("", PLACEHOLDER.sub("", text))


def _numbers(text: str) -> Counter[str]:
    return Counter(re.sub(r"\D", "", number) for number in NUMBER.findall(_bare(text)))


def _questions(text: str) -> bool:
    return text.rstrip().endswith("?")


def catalogues(root: Path) -> list[Path]:
    return sorted(root.rglob(f"locale/{LANGUAGE}/LC_MESSAGES/django.po"))


def entry_faults(entry: polib.POEntry) -> Iterator[str]:
    """Look at one entry of a catalogue."""
    if entry.fuzzy:
        yield "fuzzy"
    if not entry.translated():
        yield "not translated"
        return
    if entry.msgid_plural:
        yield from pair_faults(entry.msgid_plural, entry.msgstr_plural[1])
        if "%" in entry.msgstr_plural[0] or "{" in entry.msgstr_plural[0]:
            yield from pair_faults(entry.msgid, entry.msgstr_plural[0])
    else:
        yield from pair_faults(entry.msgid, entry.msgstr)


def collect(root: Path) -> None:
    """Gather every text below root into its catalogues, as the framework does it."""
    if shutil.which("xgettext") is None:
        sys.exit("xgettext is missing. Debian, Ubuntu: apt install gettext; macOS: brew install gettext")
    code = (
        "import sys, django\n"
        "from django.conf import settings\n"
        "settings.configure()\n"
        "django.setup()\n"
        "from django.core.management import call_command\n"
        f"call_command('makemessages', locale=['{LANGUAGE}'], no_location=True, no_obsolete=True,"
        " no_wrap=True, verbosity=0)\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True, env=_clean_environment())


def _clean_environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}


def missing_and_stale(root: Path) -> Iterator[Fault]:
    """Compare what the sources say with what the catalogues hold."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "entero"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "data"))
        collect(copy)
        for catalogue in catalogues(root):
            name = catalogue.relative_to(root)
            kept, fresh = _texts(catalogue), _texts(copy / name)
            for text in sorted(fresh - kept):
                yield Fault(str(name), text, "not in the catalogue (run with --write)")
            for text in sorted(kept - fresh):
                yield Fault(str(name), text, "no longer used (run with --write)")


def _texts(catalogue: Path) -> set[str]:
    return {entry.msgid for entry in polib.pofile(str(catalogue)) if not entry.obsolete}


def faults(root: Path = SOURCE) -> list[Fault]:
    """Return everything that is wrong with the catalogues below root."""
    found = list(missing_and_stale(root))
    for catalogue in catalogues(root):
        name = str(catalogue.relative_to(root))
        for entry in polib.pofile(str(catalogue)):
            found += [Fault(name, entry.msgid, say) for say in entry_faults(entry)]
    return found


def main() -> int:
    if "--write" in sys.argv[1:]:
        collect(SOURCE)
    found = faults()
    for fault in found:
        print(fault)
    print(f"{len(catalogues(SOURCE))} catalogues, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
