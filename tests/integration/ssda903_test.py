"""The return on looked-after children through the real program, against Python's own reading of the same files."""

import collections
import csv
import datetime
import sys
import unittest

from harness import SHARED_DATA
from returns_reference import Return903
from returns_site import accounted, checked, left_out, measured, site

DATA = SHARED_DATA / "ssda903"
EXTRACT = datetime.date(2018, 3, 31)
FIRST, LAST = datetime.date(2017, 4, 1), datetime.date(2018, 3, 31)
SOURCES = """[[source]]
format = "ssda903"
path = "{path}"
covered_from = 2015-04-01
extract_date = 2018-03-31
"""
# Moves between levels need early help, and the children in need, who are all of social care; here each is one closed case
# of nobody's.
OTHER_LEVELS = "".join(f"""[[source]]
format = "event-log"
path = "nobody.csv"
covered_from = 2015-04-01
extract_date = 2018-03-31
[source.mapping]
shape = "episodes"
person = "child"
start = "start"
end = "end"
level = "{level}"
""" for level in ("early_help", "cin"))


def write_rows(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


class Returns(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.reference = Return903(DATA, EXTRACT)

    def test_every_file_whole(self):
        with site(SOURCES.format(path=DATA)) as folder:
            report = checked(folder)
            self.assertTrue(accounted(report))
            files = {file["file"].rsplit("/", 1)[-1]: file for file in report["files"]}
            for path in sorted(DATA.glob("*.csv")):
                with open(path, encoding="utf-8-sig", newline="") as file:
                    self.assertEqual(files[path.name]["rows_read"], sum(1 for _ in csv.DictReader(file)), path.name)
            unused = {name for name, file in files.items() if left_out(file, "no metric uses") == file["rows_read"]}
            self.assertEqual(unused, {path.name for path in DATA.glob("*.csv")} - {"header.csv", "episodes.csv"})

            episodes = files["episodes.csv"]
            pieces = collections.Counter(self.reference.pieces)
            self.assertEqual(left_out(episodes, "short break"), len(self.reference.short_breaks))
            self.assertEqual(episodes["rows_used"], len(pieces))
            self.assertEqual(files["header.csv"]["rows_used"], len(self.reference.children))
            self.assertEqual(report["totals"]["cla"], len(pieces))
            self.assertEqual(report["totals"]["persons"], len({piece[0] for piece in pieces}))
            self.assertEqual(sum(row["complete"] for row in report["fields"] if row["field"] == "social_care.need"),
                             len(pieces))
            self.assertGreater(len(measured(folder, "all")), 0)

    def test_spells_and_time_looked_after_equal_the_reference(self):
        with site(SOURCES.format(path=DATA) + OTHER_LEVELS) as folder:
            (folder / "nobody.csv").write_text("child,start,end\nnobody,2016-01-01,2016-02-01\n")
            rows = [row for row in measured(folder, "31", "--period", "2017-18") if row["counted"] == "episodes"]
            moves = {row["quantity"]: row for row in rows}
            ended, days = self.reference.moves_out(FIRST, LAST, EXTRACT)
            row = moves["social_care>none"]
            self.assertEqual(row["numerator"], ended)
            self.assertGreater(ended, 100)
            self.assertEqual(row["denominator"], days)

    def test_what_the_return_cannot_tell_is_not_available(self):
        with site(SOURCES.format(path=DATA)) as folder:
            shown = {row["metric"] for row in measured(folder, "all") if row["status"] == "shown"}
            self.assertEqual(shown, {"33-cla", "43"})
            for metric, missing in (("33-cin", "child in need"), ("33-cp", "child protection"),
                                    ("23-social-care", "child in need")):
                self.assertIn(f"no source carries {missing} episodes", {row["reason"] for row in measured(folder, metric)})

    def test_two_years_count_once_whatever_their_names(self):
        # The year before: what began by then; what ended later was open.
        before = datetime.date(2017, 3, 31)
        date = lambda text: datetime.datetime.strptime(text, "%d/%m/%Y").date()
        earlier = [{**row, **({"DEC": "", "REC": ""} if row["DEC"] and date(row["DEC"]) > before else {})}
                   for row in self.reference.rows if date(row["DECOM"]) <= before]
        self.assertGreater(len(earlier), 1000)
        with site(SOURCES.format(path="later")) as folder:
            (folder / "later").mkdir()
            write_rows(folder / "later" / "episodes.csv", self.reference.rows)
            alone, figures = checked(folder), measured(folder, "all")
        for names in (("a", "b"), ("b", "a")):
            with site(SOURCES.format(path="years")) as folder:
                (folder / "years" / "2017").mkdir(parents=True)
                write_rows(folder / "years" / "2017" / f"{names[0]}_council.csv", earlier)
                write_rows(folder / "years" / f"{names[1]}.csv", self.reference.rows)
                report = checked(folder)
                self.assertTrue(accounted(report))
                self.assertEqual(report["totals"], alone["totals"])
                self.assertEqual(left_out(report["files"][1], "a later file has the same record"), len(earlier))
                self.assertEqual(measured(folder, "all"), figures)


if __name__ == "__main__":
    if not DATA.is_dir():
        print(f"SKIP: no SSDA903 files at {DATA}")
        sys.exit(0)
    unittest.main(verbosity=2)
