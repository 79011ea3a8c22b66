"""Names that can lie on a kitchen table: what would tell others about the reader is left out."""

import re
import unicodedata

TELLING = re.compile(
    r"traffick|\btrata\b|exploit|explot|slave|esclav|prostit|sexual|\bsex\b|\bsexo|abus|assault|agresi|"
    r"\brape|violaci|violenc|domestic|victim|surviv|sobreviv|suicid|crisis|\bhiv\b|\bvih\b|\baids\b|\bsida\b|"
    r"lgbt|\bgay|queer|trans(?:gender|g[eé]nero)|\bpride\b|orgullo|addict|adicci|drug|droga|alcohol|"
    r"substance|sustancia|detox|desintox|rehab|recovery|recuperaci|methadone|metadona|opioid|"
    r"mental|psych|psiqui|psicol|trauma|shelter|refugio|rescue|escape",
    re.IGNORECASE,
)


def is_telling(text: str) -> bool:
    """Say whether a name tells a stranger what somebody went there for. Accents do not hide it."""
    plain = unicodedata.normalize("NFC", text)
    return TELLING.search(plain) is not None


def neutral(*names: str) -> str:
    """Return the first of the names that tells nothing, or an empty text."""
    return next((name for name in names if name and not is_telling(name)), "")
