"""The reasons of a match as the lines of a card: what belongs together stands together, with its source."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby

from django.utils.translation import gettext as _

from entero.directory import sentences
from entero.directory.find_help.profile_of import HISTORY
from entero.directory.matching.answer import Code, Evidence, Reason
from entero.directory.vocabulary.terms import populations, terms

ASKED_AT_MOST = 4
"""Questions on a card; all of them stand in what to say when you call."""
ELSEWHERE = frozenset({Code.DISTANCE, Code.CHECKED, Code.CALL_FIRST})
"""Reasons that have a place of their own on the card."""
TOGETHER = frozenset({Code.ACCEPTS, Code.NEED, Code.LANGUAGE, Code.COST})

of_reason = lru_cache(maxsize=4096)(sentences.of_reason)
of_unknown = lru_cache(maxsize=4096)(sentences.of_unknown)
of_evidence = sentences.of_evidence


@dataclass(frozen=True)
class Line:
    """One line: what is known, and who says so."""

    text: str
    source: str = ""


@dataclass(frozen=True)
class Speaking:
    """In which language a page speaks, on which day, and what the sources are called."""

    language: str
    today: date
    names: Mapping[str, str]
    needs: int = 0
    """How many needs are looked for."""


def known(reasons: Sequence[Reason], speaking: Speaking) -> Iterator[Line]:
    """Yield what speaks for a service; facts of one source share a line, and it is named once in a row."""
    named = ""
    listed = [reason for reason in gender_says_it(reasons) if reason.code not in ELSEWHERE]
    for (code, evidence), group in groupby(listed, key=_kind):
        together = list(group)
        told = _source(evidence, speaking)
        source, named = ("" if told == named else told), told or named
        if code is Code.NEED and len(together) > 1:
            yield Line(_helps(together, speaking), source)
        elif code in TOGETHER:
            texts = (of_reason(reason, speaking.language, speaking.today) for reason in together)
            yield Line(". ".join(texts), source)
        else:
            for reason in together:
                yield Line(of_reason(reason, speaking.language, speaking.today), source)


def not_known(reasons: Sequence[Reason], speaking: Speaking) -> Iterator[str]:
    """Yield what to ask about, most telling first; needs that are not spoken of share a line."""
    listed = [reason for reason in gender_says_it(told_apart(reasons)) if reason.code not in ELSEWHERE]
    needs = [reason for reason in listed if reason.code is Code.NEED]
    count = 0
    for reason in listed:
        if count == ASKED_AT_MOST or (reason in needs[1:]):
            continue
        count += 1
        if reason.code is Code.NEED and len(needs) > 1:
            yield _("Does not say if it helps with: %(need)s") % {"need": _named(needs, speaking)}
        else:
            yield of_unknown(reason, speaking.language, speaking.today)


def told_apart(unknowns: Sequence[Reason]) -> tuple[Reason, ...]:
    """Leave out who somebody is where the same thing is asked about as a need."""
    needs = {reason.subject for reason in unknowns if reason.code is Code.NEED}
    same = {who for need, who in HISTORY.items() if need in needs}
    return tuple(
        reason for reason in unknowns if reason.code is not Code.ACCEPTS or reason.subject not in same
    )


def gender_says_it(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Leave out the age group where gender says the same: who takes boys takes children."""
    people = [reason.subject for reason in reasons if reason.code is Code.ACCEPTS]
    if not any(populations()[name].group == "gender" for name in people):
        return tuple(reasons)
    return tuple(
        reason
        for reason in reasons
        if reason.code is not Code.ACCEPTS or populations()[reason.subject].group != "age"
    )


def _helps(together: Sequence[Reason], speaking: Speaking) -> str:
    if len(together) == speaking.needs:
        return _("Helps with all of it")
    return _("Helps with: %(need)s") % {"need": _named(together, speaking)}


def _kind(reason: Reason) -> tuple[Code, Evidence | None]:
    return reason.code, reason.evidence


def _source(evidence: Evidence | None, speaking: Speaking) -> str:
    if evidence is None:
        return ""
    return of_evidence(evidence, speaking.language, speaking.today, speaking.names)


def _named(reasons: Iterable[Reason], speaking: Speaking) -> str:
    return ", ".join(_small(short_label(reason.subject, speaking.language)) for reason in reasons)


def short_label(term: str, language: str) -> str:
    """Return what a term is called, without the examples after the colon."""
    return terms()[term].label(language).partition(":")[0]


def _small(label: str) -> str:
    """Let a label stand in the middle of a sentence."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
