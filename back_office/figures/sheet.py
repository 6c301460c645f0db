"""Writes the tables of a question as a workbook (xlsx): numbers stay numbers, and no cell is run."""

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from back_office.audit.file import defused
from back_office.figures.tables import FigureTable, Line, Value

TITLE = 31
"""The longest name of a sheet."""
FORBIDDEN = str.maketrans("[]:*?/\\", "       ")
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(tables: Sequence[FigureTable]) -> bytes:
    """Returns a workbook with a sheet for each table."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        _write(book.create_sheet(table.title.translate(FORBIDDEN)[:TITLE]), table)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _write(sheet: Worksheet, table: FigureTable) -> None:
    sheet.append([defused(name) for name in (table.by, *(column.name for column in table.columns))])
    for line in (*table.lines, *([table.total] if table.total else [])):
        sheet.append(_cells(line, table))


def _cells(line: Line, table: FigureTable) -> list[str | Value]:
    numbers = zip(line.values, table.columns, strict=True)
    return [defused(line.name), *(None if value is None else round(value, of.decimals) for value, of in numbers)]
