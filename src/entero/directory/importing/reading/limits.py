"""How much a file may ask of us. National directories stay far below each of these."""

FILE_BYTES = 512 * 1024**2
UNPACKED_BYTES = 1024**3
SHEET_BYTES = 256 * 1024**2
UNPACK_RATIO = 200
RATIO_FREE_BYTES = 4 * 1024**2
"""Small text packs well: below this the ratio says nothing."""

MEMBERS = 1_000
LINE_BYTES = 1024**2
FIELD_BYTES = 1024**2
COLUMNS = 500
ROWS = 3_000_000
SHEET_ROWS = 1_048_576
"""As many as Excel has."""

DEPTH = 40
RECORD_NODES = 200_000
