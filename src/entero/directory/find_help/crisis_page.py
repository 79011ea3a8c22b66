"""The lines to call, by place and never by language."""

from dataclasses import dataclass
from typing import Any

from entero.directory.crisis_lines.lines import NATIONAL, CrisisLine, lines_for
from entero.directory.forms import StateForm, page_language
from entero.directory.places.states import by_code
from entero.directory.vocabulary.terms import languages


@dataclass(frozen=True)
class Shown:
    """A line, and the languages it speaks in the reader's words."""

    line: CrisisLine
    spoken: str


def context_of(data: Any) -> dict[str, Any]:
    """Return the lines of a state, or of the whole country when none was chosen."""
    chosen = str(data.get("state", "")) if data else ""
    state = by_code().get(chosen)
    language = page_language()
    shown = [Shown(line, _spoken(line, language)) for line in lines_for(state.code if state else None)]
    return {
        "state_form": StateForm(data),
        "state_name": state.label(language) if state else "",
        "local": [one for one in shown if one.line.place != NATIONAL],
        "national": [one for one in shown if one.line.place == NATIONAL],
    }


def _spoken(line: CrisisLine, language: str) -> str:
    names = ", ".join(languages()[code].label(language) for code in line.languages)
    return names[:1].upper() + names[1:]
