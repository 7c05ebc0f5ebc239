"""The worked workbook in docs/examples: made anew it is what is kept, follows the rules for spreadsheets, and its query asks for
columns that the flat table has."""

import csv
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

EXAMPLES = pathlib.Path(__file__).parents[2] / "docs" / "examples"
SOURCE = pathlib.Path(__file__).parents[2] / "coordinator" / "export" / "figure_table.cc"

DEBIANS = "/usr/bin/python3"  # has what Debian packages bring, where another stands before it in the path
try:
    import openpyxl
except ImportError:
    if os.path.exists(DEBIANS) and os.path.realpath(sys.executable) != os.path.realpath(DEBIANS):
        os.execv(DEBIANS, [DEBIANS, "-B", *sys.argv])
    print("SKIP: openpyxl is not installed")
    sys.exit(0)


class WorkedWorkbook(unittest.TestCase):
    def cells(self, path):
        book = openpyxl.load_workbook(path)
        return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}

    def test_what_is_kept_is_what_the_script_makes(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, "-B", EXAMPLES / "make_worked_workbook.py", folder], check=True,
                           capture_output=True)
            made = self.cells(pathlib.Path(folder) / "worked-workbook.xlsx")
        self.assertEqual(made, self.cells(EXAMPLES / "worked-workbook.xlsx"))

    def test_it_follows_the_rules(self):
        book = openpyxl.load_workbook(EXAMPLES / "worked-workbook.xlsx")
        self.assertEqual([sheet.title for sheet in book.worksheets], ["Cover", "Comparison", "Figures", "Query"])
        for sheet in book.worksheets:
            self.assertFalse(sheet.merged_cells.ranges)
            self.assertEqual(len(sheet.tables), 0 if sheet.title == "Cover" else 1)
            for row in sheet.iter_rows(max_col=1):
                self.assertTrue(row[0].value, (sheet.title, row[0].coordinate))

    def test_formulas_name_columns_that_are_there(self):
        book = openpyxl.load_workbook(EXAMPLES / "worked-workbook.xlsx")
        headers = {cell.value for cell in book["Figures"][3]}
        formulas = [row[1].value for row in book["Comparison"].iter_rows() if str(row[1].value).startswith("=")]
        self.assertGreaterEqual(len(formulas), 8)
        for formula in formulas:
            self.assertLessEqual(set(re.findall(r"Figures\[(\w+)\]", formula)), headers)

    def test_figures_and_query_have_the_flat_tables_columns(self):
        columns = re.findall(r'^    \{"(\w+)", "\w+",', SOURCE.read_text(encoding="utf-8"), re.M)
        self.assertGreater(len(columns), 30)
        with open(EXAMPLES / "figures.csv", encoding="utf-8", newline="") as file:
            self.assertEqual(next(csv.reader(file)), columns)
        query = (EXAMPLES / "benchmarks.pq").read_text(encoding="utf-8")
        for name in re.search(r"Columns = \{(.*?)\}", query, re.S)[1].replace('"', "").split(","):
            self.assertIn(name.strip(), columns)
        # Power BI refuses an address that is put together.
        self.assertIn('Web.Contents("https://benchmarks.example.org",', query)


if __name__ == "__main__":
    unittest.main()
