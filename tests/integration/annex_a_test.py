"""Annex A through the real program: what check-data and measure say of the made-up workbook of another project, against a
reading that shares no code with ours (zipfile and xml.etree); and the same lists as CSV."""

import csv
import datetime
import json
import shutil
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

from harness import SHARED_DATA, run

WORKBOOK = SHARED_DATA / "annex-a" / "Annex_A.xlsx"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
EXTRACT = "2021-03-16"

# Of each list: the column that dates a record.
DATE = {1: "Date of Contact", 2: "Assessment start date", 3: "Date of Referral", 4: "Continuous Assessment Start Date",
        5: "Strategy discussion initiating Section 47 Enquiry Start Date", 6: "CIN Start Date",
        7: "Child Protection Plan Start Date", 8: "Date Started to be Looked After"}
END = {2: "Assessment completion date", 6: "CIN Closure Date", 7: "Child Protection Plan End Date",
       8: "Date Ceased to be Looked After"}


def column_number(reference):
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def read_sheets(path):
    """List number → rows as dictionaries: texts as they are, numbers in date cells as dates."""
    archive = zipfile.ZipFile(path)
    part = lambda name: ElementTree.fromstring(archive.read(name))
    texts = ["".join(t.text or "" for t in item.iter(MAIN + "t")) for item in part("xl/sharedStrings.xml").iter(MAIN + "si")]
    styles = part("xl/styles.xml")
    custom = {f.get("numFmtId"): f.get("formatCode") for f in styles.iter(MAIN + "numFmt")}
    is_date = [xf.get("numFmtId") == "14" or "yyyy" in custom.get(xf.get("numFmtId"), "")
               for xf in styles.find(MAIN + "cellXfs")]
    lists = {}
    for number in range(1, 12):
        table = []
        for row in part(f"xl/worksheets/sheet{number}.xml").iter(MAIN + "row"):
            cells = {}
            for cell in row.iter(MAIN + "c"):
                value = cell.find(MAIN + "v")
                if value is None or cell.get("t") == "e":
                    continue
                text = value.text or ""
                if cell.get("t") == "s":
                    text = texts[int(text)]
                elif cell.get("s") and is_date[int(cell.get("s"))]:
                    text = str(datetime.date(1899, 12, 30) + datetime.timedelta(int(text)))
                cells[column_number(cell.get("r"))] = text
            table.append(cells)
        header = table[0]
        lists[number] = [{header[c]: row.get(c, "") for c in header} for row in table[1:]]
    return lists


def as_csv(lists, folder):
    folder.mkdir()
    names = {1: "contacts.csv", 2: "List_2.csv", 3: "Annex A list 3 - referrals.csv"}
    for number, rows in lists.items():
        with open(folder / names.get(number, f"list {number}.csv"), "w", newline="", encoding="utf-8-sig") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)


class AnnexA(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="waymark-annex-a-"))
        cls.lists = read_sheets(WORKBOOK)
        as_csv(cls.lists, cls.folder / "csv")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def config(self, path, mapping=""):
        target = self.folder / "node.toml"
        target.write_text(f"""[council]
code = "E06000001"
name = "Hartlepool"
[node]
state = "state"
[scope]
includes_delivered = true
[[source]]
format = "annex-a"
path = "{path}"
covered_from = 2020-09-16
extract_date = {EXTRACT}
[source.mapping]
{mapping}
""")
        return target

    def report(self, path, mapping=""):
        return json.loads(run("waymark-node", "check-data", "--config", self.config(path, mapping), "--json", expect=None)[0])

    def test_every_row_of_the_workbook_is_used_counted_or_explained(self):
        report = self.report(WORKBOOK)
        self.assertEqual(len(report["files"]), 11)
        for number, file in enumerate(report["files"], start=1):
            with self.subTest(file=file["file"]):
                self.assertTrue(file["file"].endswith(f"sheet List {number}"))
                self.assertEqual(file["rows_read"], len(self.lists[number]))
                left_out = {reason["reason"]: reason["rows"] for reason in file["left_out"]}
                if number <= 8:
                    self.assertEqual((file["rows_used"], left_out), (len(self.lists[number]), {}))
                else:
                    self.assertEqual(left_out, {"of a table that no metric uses": len(self.lists[number])})

    def test_totals_equal_the_reference(self):
        report = self.report(WORKBOOK)
        children = {row["Child Unique ID"] for number in range(1, 9) for row in self.lists[number]}
        totals = {"persons": len(children), "families": len(children), "early_help": 0, "cin": len(self.lists[6]),
                  "cp": len(self.lists[7]), "cla": len(self.lists[8]), "referrals": len(self.lists[3]),
                  "contacts": len(self.lists[1])}
        self.assertEqual({key: report["totals"][key] for key in totals}, totals)
        fields = {field["field"]: field for field in report["fields"]}
        born = {}
        for number in range(1, 11):
            for row in self.lists[number]:
                if row["Child Unique ID"] in children and row["Date of Birth"]:
                    born[row["Child Unique ID"]] = row["Date of Birth"]
        self.assertEqual(fields["person.birth"]["complete"], len(born))

    def test_values_that_no_rule_knows_are_listed_with_their_number(self):
        unknown = {(code["field"], code["value"]): code["rows"]
                   for file in self.report(WORKBOOK)["files"] for code in file["unknown_codes"]}
        self.assertEqual(unknown, {("assessment_outcome", "CS Assessment Updated"): 5,
                                   ("need", "PSRMEM - Support with memory and cognition"): 1})

    def test_cells_with_errors_are_told(self):
        notes = {note["reason"]: note["rows"] for note in self.report(WORKBOOK)["files"][5]["notes"]}
        self.assertEqual(notes["an error in a cell (as #N/A or #REF!): taken as blank"], 10)

    def test_early_help_episodes_only_where_the_mapping_says_so(self):
        report = self.report(WORKBOOK, 'early_help_end = "assessment_completion"')
        self.assertEqual(report["totals"]["early_help"], len(self.lists[2]))
        self.assertEqual(report["coverage"]["early_help"], {"from": "2020-09-16", "extract": EXTRACT})
        self.assertIsNone(self.report(WORKBOOK)["coverage"]["early_help"])

    def test_the_lists_as_csv_give_the_same_figures(self):
        whole = self.figures(WORKBOOK)
        self.assertEqual(self.figures("csv"), whole)
        workbook, files = self.report(WORKBOOK), self.report("csv")
        for part in ("totals", "coverage", "fields"):
            self.assertEqual(files[part], workbook[part])

    def figures(self, path, mapping=""):
        output, _ = run("waymark-node", "measure", "--config", self.config(path, mapping), "--metric", "all", "--period",
                        "2020-21-Q3", "--json")
        return json.loads(output)

    def test_every_metric_has_figures_or_a_reason(self):
        rows = self.figures(WORKBOOK)
        self.assertTrue(rows)
        for row in rows:
            self.assertEqual(row["status"] == "shown", row["value"] is not None, row)
            if row["status"] == "not available":
                self.assertTrue(row["reason"], row)
        early_help = [row for row in rows if row["metric"] in ("1", "16", "18")]
        self.assertTrue(early_help)
        for row in early_help:
            self.assertEqual((row["completeness"], row["value"]), ("not available", None))

    def test_durations_by_the_proxy_equal_the_reference(self):
        period = [row for row in self.lists[2] if "2020-10-01" <= row[END[2]] <= "2020-12-31"]
        days = sorted((datetime.date.fromisoformat(row[END[2]]) - datetime.date.fromisoformat(row[DATE[2]])).days
                      for row in period)
        rows = json.loads(run("waymark-node", "measure", "--config",
                              self.config(WORKBOOK, 'early_help_end = "assessment_completion"'), "--metric", "10", "--period",
                              "2020-21-Q3", "--json")[0])
        median = [row for row in rows if row.get("quantity") == "median" and row["counted"] == "episodes"
                  and not row["breakdown"]]
        self.assertEqual(len(median), 1)
        self.assertEqual(median[0]["denominator"], len(days))
        self.assertEqual(median[0]["value"], days[(len(days) - 1) // 2])


if __name__ == "__main__":
    if WORKBOOK.is_file():
        unittest.main(verbosity=2)
    else:
        print("SKIP: the made-up Annex A workbook is not there")
