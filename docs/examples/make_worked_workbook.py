#!/usr/bin/env python3
"""Makes worked-workbook.xlsx: how published figures may be used in a spreadsheet, with formulas over a table as `waymark export`
or the HTTP address gives it, and the query text that fills it. Its figures are made up.

    make_worked_workbook.py [FOLDER]     default: this script's own
"""

import csv
import datetime
import pathlib
import sys

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table

HERE = pathlib.Path(__file__).parent
MADE = datetime.datetime(2026, 1, 1)
COLUMNS = ["time_period", "geographic_level", "region_name", "new_la_code", "la_name", "counted", "quantity_label", "value",
           "lower", "upper", "unit", "numerator", "denominator", "status", "definition_version", "round_id"]


def add_table(sheet, name, row, headers, lines):
    """One header row, then the lines, marked up as a table with that name."""
    for at, header in enumerate(headers, 1):
        sheet.cell(row, at, header).font = Font(bold=True)
    for number, line in enumerate(lines, row + 1):
        for at, value in enumerate(line, 1):
            cell = sheet.cell(number, at, value)
            if isinstance(value, str) and value.startswith("=") and name == "Figures":
                cell.data_type = "s"  # councils' own words are text
    sheet.add_table(Table(displayName=name, ref=f"A{row}:{get_column_letter(len(headers))}{row + len(lines)}"))


def title(sheet, text, *lines):
    sheet["A1"] = text
    sheet["A1"].font = Font(bold=True, size=14)
    for row, line in enumerate(lines, 2):
        sheet.cell(row, 1, line)


def number(text):
    try:
        return float(text)
    except ValueError:
        return text


def make(folder):
    with open(HERE / "figures.csv", encoding="utf-8", newline="") as file:
        figures = [[number(line[name]) if name in ("value", "lower", "upper", "numerator", "denominator") else line[name]
                    for name in COLUMNS] for line in csv.DictReader(file)]
    query = (HERE / "benchmarks.pq").read_text(encoding="utf-8")
    book = openpyxl.Workbook()
    cover = book.active
    cover.title = "Cover"
    title(cover, "Worked example: one council beside the others",
          "Figures in this workbook are made up. Put your own in the worksheet Figures: by the query in the worksheet "
          "Query, or from a file of `waymark export`.",
          "Worksheet Comparison: choose a council in the cell below Council; its figure, interval, rank and place are "
          "formulas.",
          "Worksheet Figures: the table that the query gives.",
          "Worksheet Query: the text of the query, for Excel and Power BI.",
          "[c] suppressed; [x] not available; [z] not applicable; [low] rounds to zero; [absent] no table from the council; "
          "[few] too few councils. They are text, so formulas leave them out. 0 is zero.")
    comparison = book.create_sheet("Comparison")
    title(comparison, "One council beside all participants",
          "This worksheet contains one table. Change the council's name in the first line.")
    at = "INDEX(Figures[{}],MATCH($B$4,Figures[la_name],0))"
    everyone = 'INDEX(Figures[{}],MATCH("All participants",Figures[geographic_level],0))'
    council = "IFERROR(" + at + ',"[x]")'
    add_table(comparison, "Comparison", 3, ["What", "Value"], [
        ["Council", next(line[4] for line in figures if line[4] and isinstance(line[7], float))],
        ["Value", "=" + council.format("value")],
        ["Lower end of the 95% interval", "=" + council.format("lower")],
        ["Upper end of the 95% interval", "=" + council.format("upper")],
        ["Status", "=" + council.format("status")],
        ["All participants", "=" + everyone.format("value")],
        ["Councils with a value", '=COUNTIFS(Figures[geographic_level],"Local authority",Figures[status],"shown")'],
        ["Councils suppressed", '=COUNTIFS(Figures[geographic_level],"Local authority",Figures[status],"suppressed")'],
        ["Councils with a higher value",
         '=IF(ISNUMBER($B$5),COUNTIFS(Figures[geographic_level],"Local authority",Figures[value],">"&$B$5),"[x]")'],
        ["Clearly different from all participants",
         '=IF(ISNUMBER($B$5),IF(OR($B$6>$B$9,$B$7<$B$9),"yes","no: its interval holds it"),"[x]")']])
    sheet = book.create_sheet("Figures")
    title(sheet, "Published figures of one metric (made up)", "This worksheet contains one table.")
    add_table(sheet, "Figures", 3, COLUMNS, figures)
    text = book.create_sheet("Query")
    title(text, "Query text (Power Query, M)", "This worksheet contains one table: a line of the query in each row.")
    add_table(text, "Query", 3, ["Line"], [[line or " "] for line in query.splitlines()])
    for sheet in book.worksheets:
        sheet.column_dimensions["A"].width = 44
        for column in "BCDEFGHIJKLMNOP":
            sheet.column_dimensions[column].width = 18
    for row in cover.iter_rows(min_row=2, max_col=1):
        row[0].alignment = Alignment(wrap_text=True, vertical="top")
    cover.column_dimensions["A"].width = 100
    book.properties.created = book.properties.modified = MADE
    book.properties.title = "Worked example of Waymark's published figures"
    path = pathlib.Path(folder) / "worked-workbook.xlsx"
    book.save(path)
    return path


if __name__ == "__main__":
    print(make(sys.argv[1] if len(sys.argv) > 1 else HERE))
