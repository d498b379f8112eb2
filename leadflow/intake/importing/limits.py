"""How large things may be. A file that keeps to these never costs more than a few dozen megabytes of memory."""

MEBIBYTE = 1024 * 1024

PART_BYTES = MEBIBYTE
"""A file is stored in pieces of exactly this size, the last one shorter."""

MAX_BYTES = 200 * MEBIBYTE
MAX_ROWS = 2_000_000
MAX_COLUMNS = 500
MAX_HEADER = 200
MAX_CELL = 100_000
MAX_RECORD = MEBIBYTE
"""Bytes of one row, over all its lines; what goes beyond is skipped while reading."""

SAMPLE_BYTES = 256 * 1024
SAMPLES = 5
SHOWN_PROBLEMS = 50
KEPT_OF_A_CELL = 1000
"""Characters of a rejected row's cell that are kept for the file of rejected rows."""

CHUNK_ROWS = 8_000
CHUNK_BYTES = 6 * MEBIBYTE
"""One transaction. Three at a time take about a second each, because an open one holds back every reader of the log."""
