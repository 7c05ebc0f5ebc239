"""Reads a workbook with openpyxl, and prints what is in it as JSON: the other reader of workbook_test.cc."""

import json
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
sheets = []
for sheet in book.worksheets:
    sheets.append({
        "name": sheet.title,
        "merged": len(sheet.merged_cells.ranges),
        "tables": [{"name": table.name, "range": table.ref, "headers": [column.name for column in table.tableColumns]}
                   for table in sheet.tables.values()],
        "rows": [[cell.value for cell in row] for row in sheet.iter_rows()],
        "formulas": sum(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)})
print(json.dumps({"title": book.properties.title, "sheets": sheets}))
