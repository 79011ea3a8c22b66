"""The directory as it is now: a saved index that all processes share, and what changed since it was built.

Every process looks once a second whether anything changed. Changed services are read again and searched
beside the index, with their old rows hidden; so a change is seen everywhere within two seconds. When too
much changed, or all of it, or the day, one process builds the index anew while all others go on with the old
one. It takes the place of the old one in a single step: a crash at any moment leaves the old one.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import numpy as np
import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from entero.directory import changes
from entero.directory.building import (
    BUILT_ON,
    ZONES,
    Seen,
    build_and_save,
    building,
    changed_since,
    gone,
    latest,
    open_index,
)
from entero.directory.columns_of import Zones, columns_of
from entero.directory.matching.answer import WHOLE, Evidence
from entero.directory.matching.build import build
from entero.directory.matching.index import Index, IndexDamaged, Statistics, current_version
from entero.directory.matching.pool import Directory, Part
from entero.directory.matching.rows import row_of_key, word_scores
from entero.directory.matching.spelling import corrected
from entero.directory.matching.text import analyze
from entero.directory.queries import acceptance_of, listed_by

LOOK_EVERY_SECONDS = 1.0
REBUILD_ABOVE = 300
"""Changed services. All of them are read again with each further change: more would keep somebody waiting."""

MOST_BESIDE = 5_000
"""With more than this, only what is gone is hidden until the index is built anew."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class _State:
    """The index of one folder, with the changes that are already worked into ``directory``."""

    folder: Path
    main: Index
    seen: Seen
    directory: Directory
    wants_rebuild: bool = False


@dataclass
class _Keeper:
    """What this process holds; ``lock`` is held by the one thread that looks for changes."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    state: _State | None = None
    looked: float = float("-inf")
    heard: int = -1
    rebuilding: threading.Thread | None = None


_keeper = _Keeper()


def directory() -> Directory:
    """Return the directory as it was at most a second ago (two, when another process changed it).

    Builds the index when there is none. Many threads may ask at once; only one of them looks for changes,
    and the others are answered with what is there.
    """
    keeper = _keeper
    state = _held(keeper)
    if state is not None and not _is_time(keeper):
        return state.directory
    acquired = keeper.lock.acquire(blocking=state is None)
    if state is not None and not acquired:
        return state.directory
    try:
        state = _held(keeper)
        return (state if state is not None and not _is_time(keeper) else _look(keeper)).directory
    finally:
        keeper.lock.release()


def _held(keeper: _Keeper) -> _State | None:
    """Return what this process holds of the folder that is used now."""
    state = keeper.state
    return state if state is not None and state.folder == settings.INDEX_DIR else None


def refresh() -> Directory:
    """Return the directory with every change that is committed by now."""
    with _keeper.lock:
        return _look(_keeper).directory


def rebuild() -> None:
    """Build the index from the database and save it; waits for another process that is at it."""
    settings.INDEX_DIR.mkdir(parents=True, exist_ok=True)
    with building(settings.INDEX_DIR, wait=True):
        build_and_save(settings.INDEX_DIR)
    refresh()


def _is_time(keeper: _Keeper) -> bool:
    return time.monotonic() - keeper.looked >= LOOK_EVERY_SECONDS or keeper.heard != changes.heard()


def _look(keeper: _Keeper) -> _State:
    """Work in what changed, and start a rebuild where that is due."""
    heard, looked = changes.heard(), time.monotonic()
    state = _with_changes(_opened(keeper.state))
    keeper.state, keeper.heard, keeper.looked = state, heard, looked
    if state.wants_rebuild:
        state = _rebuilt(keeper, state)
        keeper.state = state
    return state


def _opened(state: _State | None) -> _State:
    """Return the state of the saved index, which another process may have replaced."""
    folder = settings.INDEX_DIR
    if state is not None and state.folder == folder and state.main.version == current_version(folder):
        return state
    try:
        return _fresh(folder, open_index(folder))
    except IndexDamaged:
        pass
    folder.mkdir(parents=True, exist_ok=True)
    with building(folder, wait=True):
        try:
            index = open_index(folder)
        except IndexDamaged:
            index = build_and_save(folder)
    return _fresh(folder, index)


def _fresh(folder: Path, index: Index) -> _State:
    main = Directory((Part(index),), tuple(index.notes[ZONES]))
    return _State(folder=folder, main=index, seen=Seen.from_notes(index.notes), directory=main)


def _with_changes(state: _State) -> _State:
    """Return the state with all changes since its index was built; the same when there are no new ones."""
    old = state.main.notes[BUILT_ON] != timezone.localdate().isoformat()
    seen = latest(state.seen)
    if seen == state.seen:
        return replace(state, wants_rebuild=state.wants_rebuild or old)
    everything, ids = changed_since(Seen.from_notes(state.main.notes))
    if len(ids) > MOST_BESIDE:
        everything, ids = True, set()
    zones = Zones(list(state.main.notes[ZONES]))
    main = state.directory.parts[0]
    hidden = gone(state.main) if everything else np.zeros(state.main.n, bool)
    for service_id in ids:
        row = row_of_key(state.main, service_id.bytes)
        if row is not None:
            hidden[row] = True
    parts = [replace(main, hidden=hidden)]
    if ids:
        parts.append(Part(_beside(state.main, zones, ids)))
    return replace(
        state,
        seen=seen,
        directory=Directory(tuple(parts), tuple(zones.names)),
        wants_rebuild=everything or old or len(ids) > REBUILD_ABOVE,
    )


def _beside(main: Index, zones: Zones, ids: set[UUID]) -> Index:
    """Build a small index of changed services, scored with the statistics of the large one."""
    columns = columns_of(zones, today=timezone.localdate(), ids=ids)
    words = {word for text in columns.tokens for word in text.split()}
    frequency = {word: main.frequency(word) for word in words}
    return build(columns, statistics=Statistics(main.statistics.rows, main.statistics.mean_length, frequency))


def _rebuilt(keeper: _Keeper, state: _State) -> _State:
    """Rebuild at once in a command, behind the scenes in a thread that answers somebody."""
    if threading.current_thread() is threading.main_thread():
        return _rebuild_here(state)
    if keeper.rebuilding is None or not keeper.rebuilding.is_alive():
        keeper.rebuilding = threading.Thread(target=_rebuild_behind, args=(state,), daemon=True)
        keeper.rebuilding.start()
    return state


def _rebuild_here(state: _State) -> _State:
    """Rebuild unless another process is at it; then the old index goes on until the new one is there."""
    with building(state.folder, wait=False) as ours:
        if not ours:
            return state
        if current_version(state.folder) == state.main.version:
            build_and_save(state.folder)
    return _with_changes(_opened(state))


def _rebuild_behind(state: _State) -> None:
    try:
        _rebuild_here(state)
    except Exception:
        log.exception("index_rebuild_failed")
    finally:
        connection.close()


def evidence_of(keys: Sequence[bytes]) -> Mapping[bytes, Mapping[str, Evidence]]:
    """Return where each service's acceptance facts come from, and who lists it; two queries."""
    ids = {key: UUID(bytes=key) for key in keys}
    claims, listed = acceptance_of(ids.values()), listed_by(ids.values())
    found: dict[bytes, dict[str, Evidence]] = {}
    for key, service_id in ids.items():
        found[key] = {
            name: Evidence(claim.source, claim.observed_on, claim.checked)
            for name, claim in claims.get(service_id, {}).items()
        }
        if service_id in listed:
            found[key][WHOLE] = Evidence(*listed[service_id])
    return found


def search_text(words: str, language: str, *, limit: int = 50) -> list[UUID]:
    """Return the services whose names or descriptions say these words, best first.

    All of the words when any service says them all, else at least one; slips of the pen are forgiven. Ties
    go by id.
    """
    here = directory()
    wanted = corrected(here, tuple(analyze(words, language)))
    found = _saying(here, wanted, all_words=True) or _saying(here, wanted, all_words=False)
    found.sort(key=lambda item: (-item[0], item[1]))
    return [UUID(bytes=key) for _, key in found[:limit]]


def _saying(here: Directory, words: tuple[str, ...], *, all_words: bool) -> list[tuple[float, bytes]]:
    found = []
    for part in here.parts:
        rows, scores = word_scores(part.index, words, all_words=all_words)
        kept = np.ones(len(rows), bool) if part.hidden is None else ~part.hidden[rows]
        arrays = part.index.arrays
        for row, score in zip(rows[kept].tolist(), scores[kept].tolist(), strict=True):
            key = int(arrays.key_high[row]).to_bytes(8, "big") + int(arrays.key_low[row]).to_bytes(8, "big")
            found.append((round(score, 9), key))
    return found
