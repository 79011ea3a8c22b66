"""Terms that records are filed under: the feed's own are kept, ours are recognized."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from entero.directory.importing.cleaning import text
from entero.directory.importing.entries import Content, Entry, Row, digest, name_based, part_of
from entero.directory.importing.links import Links
from entero.directory.importing.meaning import Filed, Meaning, add_acceptance, meaning_of, ours
from entero.directory.importing.reading.problems import Notes, RowRefused, Why
from entero.directory.importing.rows import Rows, row_id
from entero.directory.models import Taxonomy, TaxonomyTerm
from entero.directory.vocabulary_tables import Listing, term_by_row_id, term_row_id

Record = dict[str, Any]


class Filing:
    """The taxonomies and terms of one file."""

    def __init__(self, notes: Notes, source: str, links: Links) -> None:
        self.notes, self.source, self.links = notes, source, links
        self._taxonomies: dict[str, UUID] | None = None
        self._terms: dict[UUID | None, dict[str, UUID]] = {}

    def entries(self, kind: str, line: int, record: Record, *, counted: bool) -> Iterator[Entry]:
        """Yield the entries of a taxonomy or a term that stands on its own in the file."""
        if kind == "taxonomy_term":
            entries, _ = self._term(record, line)
            for entry in entries:
                entry.counted = counted and entry.kind == kind
                yield entry
            return
        own, _ = self._taxonomy(record, line)
        if own:
            own.counted = counted
            yield own
        for term in record.get("taxonomy_terms") or []:
            if isinstance(term, dict):
                entries, _ = self._term(term | {"taxonomy_detail": record}, line)
                yield from entries

    def attributes(self, rows: Rows, record: Record, owner: UUID, entity: str, line: int) -> Iterator[Entry]:
        """Add the attributes of a record to its rows; yield the terms they need first."""
        for given in _dicts(record.get("attributes")):
            try:
                entries, term_id = self._term_of(given, line)
                yield from entries
                if term_id is not None and not _is_population(term_id):
                    self._attribute(rows, given, owner, entity, term_id)
            except RowRefused as refused:
                self.notes.refuse(line, refused.why, refused.detail or "attribute")

    def _attribute(self, rows: Rows, given: Record, owner: UUID, entity: str, term_id: UUID) -> None:
        made = part_of(owner, "attribute", term_id)
        if given.get("id"):
            made = row_id("attribute", given["id"], self.notes)
        values = {
            "link_id": owner,
            "link_entity": entity,
            "link_type": text(given.get("link_type") or "", self.notes)[:50],
            "taxonomy_term_id": term_id,
            "value": text(given.get("value") or "", self.notes)[:255],
            "label": text(given.get("label") or "", self.notes)[:255],
        }
        rows.keep(Row("attribute", made, values))

    def _term_of(self, given: Record, line: int) -> tuple[list[Entry], UUID | None]:
        term = given.get("taxonomy_term")
        if isinstance(term, dict):
            return self._term(term, line)
        if not given.get("taxonomy_term_id"):
            raise RowRefused(Why.NO_ID, "taxonomy_term")
        made = row_id("taxonomy_term", given["taxonomy_term_id"], self.notes)
        if not self.links.exists("taxonomy_term", made, seen=set()):
            raise RowRefused(Why.BELONGS_TO_NOTHING, "attribute")
        return [], made

    def _term(self, term: Record, line: int) -> tuple[list[Entry], UUID]:
        """Return the entries that a term needs, none for one there is already, and its id."""
        filed = _filed(term, "")
        known = ours(filed)
        if known is not None:
            return [], term_row_id(*known)
        entries: list[Entry] = []
        entry, taxonomy_id = self._taxonomy(_taxonomy_of(term), line)
        if entry is not None:
            entries.append(entry)
        code = filed.code or text(term.get("name") or "", self.notes)[:100]
        same = self._codes(taxonomy_id).get(code)
        made = row_id("taxonomy_term", term.get("id"), self.notes)
        if same is not None and same != made:
            return entries, same
        rows = Rows(self.notes, line)
        rows.add("taxonomy_term", term | {"code": code}, taxonomy_id=taxonomy_id)
        self._codes(taxonomy_id)[code] = made
        self.links.parent("taxonomy_term", made, term.get("parent_id"))
        entries.append(_entry(f"taxonomy_term:{made}", line, term, rows))
        return entries, made

    def _taxonomy(self, taxonomy: Record, line: int) -> tuple[Entry | None, UUID | None]:
        name = text(taxonomy.get("name") or "", self.notes)[:255]
        if not name:
            return None, None
        if self._taxonomies is None:
            self._taxonomies = {found: pk for pk, found in Taxonomy.objects.values_list("id", "name")}
        given = taxonomy.get("id") or name
        made = row_id("taxonomy", given, Notes())
        same = self._taxonomies.get(name)
        if same is not None and same != made:
            return None, same
        self._taxonomies[name] = made
        rows = Rows(self.notes, line)
        rows.add("taxonomy", taxonomy | {"id": str(made)})
        return _entry(f"taxonomy:{made}", line, taxonomy, rows), made

    def _codes(self, taxonomy_id: UUID | None) -> dict[str, UUID]:
        if taxonomy_id not in self._terms:
            terms = TaxonomyTerm.objects.filter(taxonomy_id=taxonomy_id) if taxonomy_id else []
            self._terms[taxonomy_id] = {term.code: term.pk for term in terms}
        return self._terms[taxonomy_id]

    def metadata(self, rows: Rows, record: Record, owner: UUID, entity: str) -> None:
        """Add what the feed says of changes. Its ids are made from names: a person's are random."""
        for given in _dicts(record.get("metadata")):
            named = name_based("metadata", self.source, given.get("id"))
            kept = {name: value for name, value in given.items() if name not in {"id", "resource_id"}}
            kept |= {"id": str(named), "resource_type": given.get("resource_type") or entity}
            rows.try_add("metadata", kept, resource_id=owner)

    def meaning(self, record: Record) -> tuple[Meaning, str]:
        """Return what a service's terms mean to us, and the source's own codes."""
        filed = [
            _filed(given.get("taxonomy_term") or {"id": given.get("taxonomy_term_id")}, given.get("value"))
            for given in _dicts(record.get("attributes"))
        ]
        codes = sorted({one.code.replace(" ", "_") for one in filed if one.code})
        meaning = meaning_of(filed)
        add_acceptance(meaning, record.get("acceptance"))
        return meaning, f" {' '.join(codes)} " if codes else ""


def _is_population(term_id: UUID) -> bool:
    """Whom a service takes is kept as a fact, with its day and source, not as an attribute."""
    return term_by_row_id().get(term_id, (None,))[0] is Listing.POPULATIONS


def _filed(term: Any, value: Any) -> Filed:
    found = term if isinstance(term, dict) else {}
    taxonomy = _taxonomy_of(found)
    try:
        term_id = UUID(str(found.get("id")))
    except ValueError:
        term_id = None
    code = str(found.get("code") or "").strip()[:100]
    return Filed(term_id, code, str(taxonomy.get("name") or ""), "" if value is None else str(value))


def _taxonomy_of(term: Record) -> Record:
    detail = term.get("taxonomy_detail")
    if isinstance(detail, dict):
        return detail
    name = term.get("taxonomy")
    return {"name": name, "id": term.get("taxonomy_id")} if isinstance(name, str) and name else {}


def _entry(key: str, line: int, record: Record, rows: Rows) -> Entry:
    content = Content(rows.all())
    return Entry(
        key=key,
        line=line,
        digest=digest({name: value for name, value in record.items() if not name.startswith("_")}),
        make=lambda: content,
        counted=False,
    )


def _dicts(value: Any) -> list[Record]:
    return [found for found in value if isinstance(found, dict)] if isinstance(value, list) else []
