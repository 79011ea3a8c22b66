"""Cut the facilities of San Diego County out of SAMHSA's two directories of 2022: run by hand.

Usage: python scripts/make_demo_data.py FOLDER, which holds SAMHSA's two xlsx files. They need openpyxl.
"""

import csv
import sys
from pathlib import Path

import openpyxl

TARGET = Path(__file__).resolve().parents[1] / "src/entero/directory/demo_data"
ZIP_PREFIXES = ("919", "920", "921")
FILES = {
    "National_Directory_SA_Facilities_2022.xlsx": "samhsa-2022-sa.csv",
    "National_Directory_MH_Facilities_2022.xlsx": "samhsa-2022-mh.csv",
}


def cut(source: Path, target: Path) -> int:
    """Keep the header and the rows of the county; return how many rows."""
    book = openpyxl.load_workbook(source, read_only=True)
    rows = book.worksheets[0].iter_rows(values_only=True)
    header = [str(name) for name in next(rows)]
    zip_column = header.index("zip")
    kept = [row for row in rows if str(row[zip_column]).startswith(ZIP_PREFIXES)]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(["" if cell is None else cell for cell in row] for row in kept)
    return len(kept)


if __name__ == "__main__":
    for source_name, target_name in FILES.items():
        count = cut(Path(sys.argv[1]) / source_name, TARGET / target_name)
        print(f"{target_name}: {count} facilities", file=sys.stderr)
