"""What a facility's SAMHSA service codes say in our vocabulary, and nothing more.

The rule: a code that is present says yes; a code that is absent says nothing at all, neither yes nor no.
The mental-health directories have no gender code, so whom they take stays unknown. A facility that
lists FEM and not MALE names women and is silent on men.

Age groups are the survey's own bands: CHLD children and adolescents (0 to 17), YAD 18 to 25, ADLT 26
to 64, SNR 65 and over. The reference sheet of the substance-use edition describes CHLD as "12 or younger",
while its label, its sister edition and the gap below 18 say "children/adolescents": the label is taken.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from entero.directory.vocabulary.terms import languages, read_data

ADULT_GROUPS = frozenset({"YAD", "ADLT", "SNR"})
COST_BITS = {"free": 1, "sliding": 2, "insurance": 4}


@dataclass(frozen=True)
class Reading:
    """What the codes of one facility say."""

    terms: tuple[str, ...]
    accepted: tuple[str, ...]
    refused: tuple[str, ...]
    languages: tuple[str, ...]
    cost: int
    unknown_codes: tuple[str, ...]


@cache
def labels() -> dict[str, str]:
    """Return SAMHSA's label of each code of the 2022 and 2024 editions."""
    text = files(__package__).joinpath("samhsa_labels.tsv").read_text(encoding="utf-8")
    return dict(line.split("\t", 1) for line in text.splitlines())


def is_code_text(text: str) -> bool:
    """Say whether a cell holds service codes (at least half of its words are known codes)."""
    words = text.replace("*", " ").split()
    return bool(words) and 2 * sum(word in labels() for word in words) >= len(words)


def split_codes(text: str) -> frozenset[str]:
    """Return the codes of a cell; groups are separated by asterisks."""
    return frozenset(text.replace("*", " ").split())


def read_codes(codes: frozenset[str]) -> Reading:
    """Return what the codes say. Total: unknown codes are reported, never guessed."""
    mapping = _mapping()
    accepted = [name for name, having in mapping["accepts"].items() if codes & having]
    if "MALE" in codes:
        accepted += _by_age(codes, young="boy", grown="man")
    if "FEM" in codes:
        accepted += _by_age(codes, young="girl", grown="woman")
    cost = sum(COST_BITS[name] for name, having in mapping["cost"].items() if codes & having)
    return Reading(
        terms=tuple(name for name, having in mapping["needs"].items() if codes & having),
        accepted=tuple(dict.fromkeys(accepted)),
        refused=tuple(name for name, having in mapping["refuses"].items() if codes & having),
        languages=tuple(spoken.code for spoken in languages().values() if spoken.samhsa in codes),
        cost=cost,
        unknown_codes=tuple(sorted(codes - labels().keys())),
    )


def _by_age(codes: frozenset[str], *, young: str, grown: str) -> list[str]:
    return ([young] if "CHLD" in codes else []) + ([grown] if codes & ADULT_GROUPS else [])


@cache
def _mapping() -> dict[str, dict[str, frozenset[str]]]:
    raw = read_data("samhsa_codes.toml")
    return {
        group: {name: frozenset(having) for name, having in names.items()} for group, names in raw.items()
    }
