"""Xapian for words (BM25), facet tokens and cells; NumPy for hours, the exact radius and the stated score.

A hundred tokens a service for its opening hours would make Xapian build three times slower, so hours are
left to the last step here.
"""

import os
import shutil
from pathlib import Path

import numpy as np

from bench.engines.common import bytes_of, curve_order, missing_package
from bench.engines.facets import CANDIDATES, Rerank, groups_of, tokens_of
from entero.directory.matching.columns import Columns
from entero.directory.matching.query import Query

NAME = "Xapian + NumPy rerank"
FOLDER = "xapian"


def missing() -> str:
    return missing_package("xapian")


def build(columns: Columns, folder: Path) -> float:
    import xapian

    target, rough = folder / FOLDER, folder / f"{FOLDER}-rough"
    for each in (target, rough):
        shutil.rmtree(each, ignore_errors=True)
    os.environ["XAPIAN_FLUSH_THRESHOLD"] = "100000"
    flags = xapian.DB_CREATE_OR_OVERWRITE | xapian.DB_NO_SYNC | xapian.DB_DANGEROUS
    database = xapian.WritableDatabase(str(rough), flags)
    order = curve_order(columns)
    for row, tokens in zip(order.tolist(), tokens_of(columns, order, hours=False), strict=True):
        document = xapian.Document()
        for word in columns.tokens[row].split():
            document.add_term("T" + word)
        for token in tokens.split():
            document.add_boolean_term("F" + token)
        database.add_document(document)
    database.commit()
    database.close()
    made = xapian.Database(str(rough))
    made.compact(str(target), xapian.DBCOMPACT_NO_RENUMBER)
    made.close()
    shutil.rmtree(rough)
    np.save(target / "rows.npy", order.astype(np.int32))
    return 0.0


def disk_bytes(folder: Path) -> int:
    return bytes_of(folder / FOLDER)


class Engine:
    def __init__(self, folder: Path) -> None:
        import xapian

        self.xapian = xapian
        self.database = xapian.Database(str(folder / FOLDER))
        self.enquire = xapian.Enquire(self.database)
        self.rows = np.load(folder / FOLDER / "rows.npy")
        self.rerank = Rerank(folder)
        self.bm25, self.no_weight = xapian.BM25Weight(1.2, 0, 1, 0.75, 0.0), xapian.BoolWeight()

    def query(self, query: Query) -> list[int]:
        make = self.xapian.Query
        groups = groups_of(query, self.rerank.limits, hours=False)
        facets = make(
            make.OP_AND,
            [make(make.OP_OR, ["F" + token for token in group]) for group in groups],
        )
        if query.words:
            how = make.OP_AND if query.all_words else make.OP_OR
            words = make(how, ["T" + word for word in query.words])
            self.enquire.set_query(make(make.OP_FILTER, words, facets))
            self.enquire.set_weighting_scheme(self.bm25)
        else:
            self.enquire.set_query(facets)
            self.enquire.set_weighting_scheme(self.no_weight)
        self.enquire.set_docid_order(self.enquire.DONT_CARE)
        found = self.enquire.get_mset(0, CANDIDATES)
        if not len(found):
            return []
        pairs = np.array([(each.docid, each.weight) for each in found])
        rows = self.rows[pairs[:, 0].astype(np.int64) - 1].astype(np.int64)
        return self.rerank.top(query, rows, pairs[:, 1] if query.words else None)

    def processes(self) -> list[int]:
        return []

    def close(self) -> None:
        self.database.close()
