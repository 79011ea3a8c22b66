"""Tantivy for words, facet tokens and cells; NumPy for the exact radius and the stated score."""

import shutil
from pathlib import Path

import numpy as np

from bench.engines.common import bytes_of, curve_order, missing_package
from bench.engines.facets import CANDIDATES, Rerank, groups_of, tokens_of
from entero.directory.matching.columns import Columns
from entero.directory.matching.query import Query

NAME = "Tantivy + NumPy rerank"
FOLDER = "tantivy"
MANY_CHOICES = 8


def missing() -> str:
    return missing_package("tantivy")


def build(columns: Columns, folder: Path) -> float:
    import tantivy

    target = folder / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("t", tokenizer_name="whitespace", index_option="freq")
    schema.add_text_field("f", tokenizer_name="whitespace", index_option="basic")
    schema.add_unsigned_field("id", fast=True, indexed=False, stored=False)
    writer = tantivy.Index(schema.build(), path=str(target)).writer(heap_size=1_500_000_000, num_threads=1)
    order = curve_order(columns)
    for row, tokens in zip(order.tolist(), tokens_of(columns, order, hours=True), strict=True):
        document = tantivy.Document()
        document.add_text("t", columns.tokens[row])
        document.add_text("f", tokens)
        document.add_unsigned("id", row)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    return 0.0


def disk_bytes(folder: Path) -> int:
    return bytes_of(folder / FOLDER)


class Engine:
    def __init__(self, folder: Path) -> None:
        import tantivy

        self.tantivy = tantivy
        index = tantivy.Index.open(str(folder / FOLDER))
        index.reload()
        self.schema, self.searcher = index.schema, index.searcher()
        self.rerank = Rerank(folder)
        self.known: dict[tuple[str, str], object] = {}

    def term(self, field: str, token: str) -> object:
        """Return the query for one token; they are made once."""
        found = self.known.get((field, token))
        if found is None:
            option = "freq" if field == "t" else "basic"
            found = self.tantivy.Query.term_query(self.schema, field, token, index_option=option)
            self.known[field, token] = found
        return found

    def choice(self, field: str, tokens: list[str]) -> object:
        """Return the query for any of some tokens."""
        make, should = self.tantivy.Query, self.tantivy.Occur.Should
        if len(tokens) == 1:
            return self.term(field, tokens[0])
        if field == "f" and len(tokens) > MANY_CHOICES:
            return make.term_set_query(self.schema, field, tokens)
        return make.boolean_query([(should, self.term(field, token)) for token in tokens])

    def query(self, query: Query) -> list[int]:
        make, must = self.tantivy.Query, self.tantivy.Occur.Must
        clauses = [
            (must, make.const_score_query(self.choice("f", group), 0.0))
            for group in groups_of(query, self.rerank.limits, hours=True)
        ]
        if query.words and query.all_words:
            clauses += [(must, self.term("t", word)) for word in query.words]
        elif query.words:
            clauses.append((must, self.choice("t", list(query.words))))
        hits = self.searcher.search(make.boolean_query(clauses), limit=CANDIDATES, count=False).hits
        if not hits:
            return []
        rows = np.array(self.searcher.fast_field_values("id", [address for _, address in hits]), np.int64)
        bm25 = np.fromiter((score for score, _ in hits), float, len(hits)) if query.words else None
        return self.rerank.top(query, rows.reshape(-1), bm25)

    def processes(self) -> list[int]:
        return []

    def close(self) -> None:
        pass
