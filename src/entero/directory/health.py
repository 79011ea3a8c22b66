"""What ``entero check`` looks at in the directory."""

from collections.abc import Iterable
from datetime import date, timedelta
from math import log2

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from entero.directory import vocabulary_tables
from entero.directory.building import BUILT_ON, Seen, changed_since
from entero.directory.crisis_lines.lines import CHECK_EVERY_DAYS, lines, stale
from entero.directory.freshness import CALL_FIRST_BELOW, DAYS_A_YEAR, HALF_LIFE_DAYS, WEAKEST, call_first
from entero.directory.matching.index import Index, IndexDamaged, IndexMissing
from entero.directory.models import ImportRun, Service, ServiceStatus, Source, TurnedAway

REPORT_DAYS = 30
"""A report that waits longer than this is a silence that nobody sees."""

Found = tuple[str, bool, str]


def findings() -> Iterable[Found]:
    """Yield what was looked at, whether it is well, and what there is to say."""
    yield _vocabulary()
    yield _index()
    yield _crisis_lines()
    yield from _sources()
    yield _imports()
    yield _samples()
    yield _reports()
    yield _queue()


def _vocabulary() -> Found:
    outdated = vocabulary_tables.outdated_count()
    say = f"{outdated} terms are missing or old: run entero init" if outdated else "written and current"
    return "vocabulary", not outdated, say


def _index() -> Found:
    """Without an index the first search builds one, so only a damaged one is bad."""
    try:
        index = Index.open(settings.INDEX_DIR)
        everything, changed = changed_since(Seen.from_notes(index.notes))
    except IndexMissing:
        return "index", True, "none yet: the first search builds it"
    except (IndexDamaged, KeyError) as error:
        return "index", False, f"damaged ({error}): run entero directory index"
    beside = "all of it is old: the next search builds it" if everything else f"{len(changed)} changed since"
    return "index", True, f"{index.n} services, built on {index.notes[BUILT_ON]}; {beside}"


def _crisis_lines() -> Found:
    old = stale(timezone.localdate())
    if old:
        names = ", ".join(line.id for line in old)
        return "crisis lines", False, f"not verified for over {CHECK_EVERY_DAYS} days: {names}"
    oldest = min(line.verified_on for line in lines())
    return "crisis lines", True, f"{len(lines())}, the oldest verified on {oldest}"


def _sources() -> Iterable[Found]:
    """Old facts are no fault of the installation: they are told, and pages say to call first."""
    today = timezone.localdate()
    for slug, observed_on in Source.objects.values_list("slug", "observed_on"):
        if observed_on is None:
            continue
        years = (today - observed_on).days / DAYS_A_YEAR
        advice = "; pages say to call first" if call_first(observed_on, today) else ""
        yield "source", True, f"{slug}: facts of {observed_on}, {years:.1f} years old{advice}"


def _imports() -> Found:
    last = ImportRun.objects.exclude(state=ImportRun.State.DRY).first()
    if last is None:
        return "imports", True, "none yet"
    told = f"{last.file_name} on {timezone.localtime(last.started_at):%Y-%m-%d}: {last.state}"
    if last.state == ImportRun.State.DONE and last.refused:
        told += f", {len(last.refused)} lines refused"
    return "imports", True, told


def _samples() -> Found:
    count = Service.objects.filter(is_sample=True).count()
    if count and settings.PRODUCTION:
        return "samples", False, f"{count} invented services are shown to people who need real ones"
    return "samples", True, f"{count} invented services"


def _reports() -> Found:
    waiting = TurnedAway.objects.filter(reviewed_on=None)
    late = waiting.filter(reported_on__lt=timezone.localdate() - timedelta(days=REPORT_DAYS)).count()
    if late:
        return "reports", False, f"{late} have waited for more than {REPORT_DAYS} days at the desk"
    return "reports", True, f"{waiting.count()} wait at the desk"


def _queue() -> Found:
    active = Service.objects.filter(status=ServiceStatus.ACTIVE)
    late = active.filter(Q(assured_date=None) | Q(assured_date__lt=_call_first_before())).count()
    return "to check", True, f"{late} of {active.count()} services were last checked long ago, or never"


def _call_first_before() -> date:
    days = HALF_LIFE_DAYS[WEAKEST] * log2(1 / CALL_FIRST_BELOW)
    return timezone.localdate() - timedelta(days=int(days))
