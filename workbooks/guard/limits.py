"""How much a workbook may hold: documented limits, well above any real district's file."""

MB = 1024 * 1024

MAX_FILE_BYTES = 5 * MB
MAX_UNPACKED_BYTES = 50 * MB
MAX_RATIO = 100
MAX_PARTS = 200
MAX_SHEETS = 20

MAX_ROWS = 5_000  # rows with content, per sheet
MAX_COLUMNS = 100
MAX_CELLS = 200_000  # cells with content, per workbook
MAX_MERGED_CELLS = 2_000  # per merged range
MAX_MERGES = 5_000
BLANK_ROWS_TO_END = 1_000  # so many blank rows end a sheet

MAX_CELL_CHARS = 2_000
MAX_STRING_CHARS = 32_767  # no spreadsheet program writes a longer one
MAX_TEXT_CHARS = 10_000_000  # text of all cells together
MAX_STRINGS = 2 * MAX_CELLS
MAX_SUPPORT_BYTES = 8 * MB  # any XML part that is neither a sheet nor the shared strings
MAX_STYLES = 65_490  # what Excel itself allows
