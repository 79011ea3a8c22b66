"""``entero match`` and ``entero directory count``, ``audit`` and ``index``."""

import argparse
import difflib
import json
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.utils import timezone

from entero.directory import counting, live, sentences
from entero.directory.cards import Card, cards_for
from entero.directory.crisis_lines.lines import lines_for
from entero.directory.matching import audit as auditing
from entero.directory.matching.answer import Match, NearMiss, Reason, Result, Step
from entero.directory.matching.match import match as find_matches
from entero.directory.matching.profile import Cost, Profile, Spot
from entero.directory.matching.text import analyze
from entero.directory.places import finder
from entero.directory.places.states import by_code
from entero.directory.vocabulary.free_text import understand
from entero.directory.vocabulary.people import Gender
from entero.directory.vocabulary.terms import Kind, languages, populations, terms

OLDEST = 120
MOST_LINES = 4


class Refused(Exception):
    """What was asked cannot be answered; the text says what to do."""


def match(options: argparse.Namespace) -> int:
    """Print the services that may take somebody, each with its reasons."""
    return _answered(lambda: _match(options))


def count(options: argparse.Namespace) -> int:
    """Print how many services there are, exactly."""
    return _answered(lambda: _count(options))


def audit(options: argparse.Namespace) -> int:
    """Print what changes when only one answer changes."""
    return _answered(lambda: _audit(options))


def build_index(options: argparse.Namespace) -> int:  # noqa: ARG001
    """Build the search index anew."""
    started = time.monotonic()
    live.rebuild()
    print(f"{live.directory().n} services are indexed ({time.monotonic() - started:.1f} s).")
    return 0


def _answered(work: Callable[[], None]) -> int:
    try:
        work()
    except Refused as problem:
        print(f"entero: {problem}", file=sys.stderr)
        return 1
    return 0


def _known(kind: str, name: str, known: Collection[str]) -> str:
    """Return the id that is meant. Raises Refused with the nearest ones."""
    wanted = name.strip().lower().replace("-", "_").replace(" ", "_")
    if wanted in known:
        return wanted
    near = difflib.get_close_matches(wanted, list(known), n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(known)}."
    raise Refused(f"there is no {kind} {name!r}. {hint}")


def _several(kind: str, text: str, known: Collection[str]) -> tuple[str, ...]:
    return tuple(_known(kind, name, known) for name in text.split(",") if name.strip())


def _match(options: argparse.Namespace) -> None:
    interface = options.interface or "en"
    profile = profile_of(options, interface)
    result = find_matches(live.directory(), profile, evidence=live.evidence_of, limit=max(options.limit, 1))
    keys = [*(found.key for found in result.matches), *(missed.key for missed in result.near_misses)]
    stops = result.plan.stops if result.plan else ()
    keys += [stop.key for stop in stops]
    cards = cards_for(dict.fromkeys(UUID(bytes=key) for key in keys), language=interface)
    say = _Saying(result, profile, cards, interface)
    if options.json:
        print(json.dumps(say.as_data(), ensure_ascii=False, indent=2))
    else:
        say.print()


def profile_of(options: argparse.Namespace, interface: str) -> Profile:
    """Return the profile that the options describe. Raises Refused."""
    if options.age is not None and not 0 <= options.age <= OLDEST:
        raise Refused(f"an age is a number of years from 0 to {OLDEST}.")
    wanted = _several("need", options.needs, terms())
    understood = understand(options.words)
    wanted = tuple(dict.fromkeys((*wanted, *understood.terms)))
    return Profile(
        age=options.age,
        gender=Gender(_known("gender", options.gender, [*Gender])) if options.gender else None,
        identities=_several("identity", options.identity, populations()),
        circumstances=_several("circumstance", options.circumstances, populations()),
        spot=_spot(options.near) if options.near else None,
        needs=tuple(name for name in wanted if terms()[name].kind is Kind.NEED),
        settings=tuple(name for name in wanted if terms()[name].kind is Kind.SETTING),
        languages=_several("language", options.language, languages()),
        cost=Cost.FREE if options.free else None,
        remote_only=options.remote,
        now=timezone.now() if options.open_now else None,
        words=tuple(dict.fromkeys(analyze(" ".join(understood.rest), interface))),
        today=timezone.localdate(),
    )


def _spot(text: str) -> Spot:
    found = finder.find(text)
    if isinstance(found, finder.Found):
        place = found.place
        return Spot(state=by_code()[place.state].number, lat=place.lat, lon=place.lon)
    if isinstance(found, finder.Ambiguous):
        raise Refused(f"{text!r} may be {' or '.join(place.label for place in found.places)}.")
    hint = f" Did you mean {' or '.join(found.hints)}?" if found.hints else " Try a ZIP code."
    raise Refused(f"there is no place {text!r}.{hint}")


class _Saying:
    """A result as data and as text, in one language."""

    def __init__(self, result: Result, profile: Profile, cards: dict[UUID, Card], language: str) -> None:
        self.result, self.profile, self.cards, self.language = result, profile, cards, language
        self.today = profile.today

    def as_data(self) -> dict[str, Any]:
        result = self.result
        question, plan = result.next_question, result.plan
        return {
            "matches": [self._match(found) for found in result.matches],
            "near_misses": [self._near_miss(missed) for missed in result.near_misses],
            "next_question": question
            and {
                "id": question.id,
                "text": sentences.of_question(question, self.language),
                "gain": question.gain,
            },
            "widened": [step.value for step in result.widened],
            "plan": plan
            and {
                "kind": plan.kind.value,
                "text": sentences.of_plan(plan, self.language),
                "stops": [{**self._names(stop.key), "needs": list(stop.needs)} for stop in plan.stops],
                "missing": list(plan.missing),
            },
            "crisis_lines": [{"name": name, "call": number} for name, number in self._lines()],
            "total": result.total,
            "refused": result.refused,
        }

    def _names(self, key: bytes) -> dict[str, Any]:
        """Name a service; one that was hidden a moment ago has no names any more."""
        card = self.cards.get(UUID(bytes=key))
        return {
            "id": str(UUID(bytes=key)),
            "service": card.name if card else "",
            "organization": card.organization if card else "",
        }

    def _match(self, found: Match) -> dict[str, Any]:
        card = self.cards.get(UUID(bytes=found.key))
        return {
            **self._names(found.key),
            "distance_miles": None if found.miles is None else round(found.miles, 1),
            "score": found.score,
            "summary": sentences.summary(found, self.language, self.today),
            "reasons": [self._reason(reason, sentences.of_reason) for reason in found.reasons],
            "unknowns": [self._reason(reason, sentences.of_unknown) for reason in found.unknowns],
            "covers": list(found.covers),
            "phones": [phone.number for phone in card.phones] if card else [],
        }

    def _near_miss(self, missed: NearMiss) -> dict[str, Any]:
        return {
            **self._names(missed.key),
            "distance_miles": None if missed.miles is None else round(missed.miles, 1),
            "fails": self._reason(missed.fails, sentences.of_failure),
        }

    def _reason(self, reason: Reason, say: Callable[..., str]) -> dict[str, Any]:
        evidence = reason.evidence
        return {
            "code": reason.code.value,
            "subject": reason.subject,
            "numbers": list(reason.numbers),
            "text": say(reason, self.language, self.today),
            "source": evidence.source if evidence and evidence.source else None,
            "observed_on": evidence.observed_on.isoformat() if evidence else None,
            "checked": bool(evidence and evidence.checked),
        }

    def _lines(self) -> list[tuple[str, str]]:
        """Return crisis lines, when the search had to go as far as hotlines."""
        if Step.HOTLINES not in self.result.widened:
            return []
        spot, spanish = self.profile.spot, int(self.language == "es")
        names = {state.number: code for code, state in by_code().items()}
        state = names.get(spot.state) if spot else None
        found = lines_for(state, topics=self.profile.needs, age=self.profile.age)
        return [(line.name[spanish], line.call or line.text) for line in found[:MOST_LINES]]

    def print(self) -> None:
        result = self.result
        print(f"{sentences.of_total(len(result.matches), result.total, self.language)}\n")
        for number, found in enumerate(result.matches, 1):
            self._print_match(number, found)
        for step in result.widened:
            print(sentences.of_step(step, self.language))
        for line, call in self._lines():
            print(f"   {line}: {call}")
        if result.plan:
            print(sentences.of_plan(result.plan, self.language))
        for missed in result.near_misses:
            fails = sentences.of_failure(missed.fails, self.language, self.today)
            print(f" x {self._names(missed.key)['service']}: {fails}")
        if result.next_question:
            print(f"\n? {sentences.of_question(result.next_question, self.language)}")

    def _print_match(self, number: int, found: Match) -> None:
        names = self._names(found.key)
        told = dict.fromkeys(name for name in (names["service"], names["organization"]) if name)
        print(f"{number:>2}. {' · '.join(told)}")
        print(f"    {sentences.summary(found, self.language, self.today)}")
        for reason in found.reasons:
            print(f"    ✓ {sentences.of_reason(reason, self.language, self.today)}")
        for reason in found.unknowns:
            print(f"    ? {sentences.of_unknown(reason, self.language, self.today)}")
        card = self.cards.get(UUID(bytes=found.key))
        for phone in card.phones[:1] if card else ():
            print(f"    {phone.number}")
        print()


def _count(options: argparse.Namespace) -> None:
    counts = _by_codes(options) if options.source else _by_vocabulary(options)
    if options.json:
        told: dict[str, Any] = {"total": counts.total}
        print(json.dumps(told | ({"by": counts.by} if options.by else {}), ensure_ascii=False))
        return
    for state, number in counts.by.items() if options.by else ():
        print(f"{state} {number:>7}")
    print(f"   {counts.total:>7}" if options.by else counts.total)


def _by_codes(options: argparse.Namespace) -> counting.Counts:
    if options.population or options.need or options.setting:
        raise Refused("count either by a source's codes or by our vocabulary, not by both.")
    try:
        return counting.by_codes(options.source, options.code)
    except counting.UnknownSource as problem:
        known = ", ".join(problem.known) or "none: import a file first"
        raise Refused(f"there is no source {problem.slug!r}. There are: {known}.") from problem
    except counting.UnknownCode as problem:
        near = difflib.get_close_matches(problem.code.upper(), problem.known, n=3, cutoff=0.4)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise Refused(f"no row of {options.source} has the code {problem.code!r}.{hint}") from problem


def _by_vocabulary(options: argparse.Namespace) -> counting.Counts:
    if options.code:
        raise Refused("codes are a source's own: name it with --source.")
    needs = [name for name, term in terms().items() if term.kind is Kind.NEED]
    settings = [name for name, term in terms().items() if term.kind is Kind.SETTING]
    return counting.by_vocabulary(
        live.directory(),
        populations=[_known("population", name, populations()) for name in options.population],
        needs=[_known("need", name, needs) for name in options.need],
        settings=[_known("setting", name, settings) for name in options.setting],
    )


def _audit(options: argparse.Namespace) -> None:
    if options.profiles < 1:
        raise Refused("an audit takes at least one profile.")
    profiles = auditing.seeded_profiles(options.profiles, options.seed, timezone.localdate())
    compared = auditing.compare(live.directory(), profiles, auditing.flip_gender)
    if options.json:
        rows = [asdict(row) | {"difference": asdict(row.difference)} for row in compared]
        told = {"flip": options.flip, "profiles": options.profiles, "seed": options.seed}
        print(json.dumps(told | {"all": rows[0], "by": rows[1:]}, ensure_ascii=False, indent=2))
        return
    print("Found by men and boys -> by women and girls, from the same place with the same needs\n")
    print("state  profiles      matches        gender not said    say no         find nothing")
    for row in compared:
        pairs = zip(asdict(row.as_they_are).values(), asdict(row.flipped).values(), strict=True)
        told_pairs = "   ".join(f"{one:>6} -> {other:<6}" for one, other in pairs)
        print(f"{row.state:<5} {row.profiles:>9}   {told_pairs}")
