"""The same rows in any order, and split over any number of files, give byte-identical figures and totals: with a few
people, who stand in one group, and with so many that they stand in several; and so do the formats of every return."""

import csv
import json
import pathlib
import random
import re
import shutil
import tempfile
import unittest

import annex_a_test
import large_workbook
import made_up
from harness import BIN, SHARED_DATA, run
from returns_site import measured, site

SEED = 20261122
HEADER = "case,child,family,record,level,opened,closed,source,why,need,ward,birth,sex,nfa"
CONFIG = """[council]
code = "E06000998"
name = "Any Order"
[node]
state = "state"
catalogue = "{catalogue}"
"""
SOURCE = """[[source]]
format = "event-log"
path = "{path}"
covered_from = 2020-04-01
extract_date = 2025-03-31
carries = ["early_help", "social_care"]
[source.mapping]
shape = "episodes"
id = "case"
person = "child"
family = "family"
kind = "record"
level = "level"
start = "opened"
end = "closed"
source = "source"
end_reason = "why"
need = "need"
area = "ward"
birth = "birth"
sex = "sex"
nfa = "nfa"
"""


def date(generator, first, last):
    return f"{generator.randint(first, last)}-{generator.randint(1, 12):02}-{generator.randint(1, 28):02}"


def rows(children, generator):
    """Overlapping cases, cases of one day, quoted wards with breaks, rows twice, long and short ids, odd values."""
    made = []
    for number in range(children):
        child = f"P{number:05}" if number % 3 else f"child-of-the-council-{number}"
        family = f"F{number // 2}"
        birth, sex = date(generator, 2004, 2020), generator.choice(["F", "M", "", "not stated"])
        for _ in range(generator.randint(1, 3)):
            ward = generator.choice(["North", "\"East, \"\"new\"\"\"", "\"South\n Side\"", "", "West"])
            opened = date(generator, 2020, 2025)
            common = (ward, birth if generator.random() < 0.97 else date(generator, 2004, 2020), sex)
            source = generator.choice(["1A", "5B", "10", "", "9", "of old"])
            case = f"C{len(made)}" if generator.random() < 0.9 else ""
            if generator.random() < 0.2:
                made.append((case, child, family, "referral", "", opened, "", source, "", "", *common,
                             generator.choice("YN")))
                continue
            closed = "" if generator.random() < 0.2 else date(generator, 2020, 2026)
            made.append((case, child, family, "case", generator.choice(["EH", "EH", "CIN", "CP"]), opened, closed, source,
                         generator.choice(["outcomes_met", "step_up", "moved", ""]), generator.choice(["N1", "N4", ""]),
                         *common, ""))
            if generator.random() < 0.02:
                made.append(made[-1])
    return [",".join(row) for row in made]


class RowOrder(unittest.TestCase):
    def figures(self, files):
        """(what check-data says but for files, and measure) of rows in `files`."""
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            config = CONFIG.format(catalogue=BIN.parent / "share" / "waymark" / "catalogue")
            for i, lines in enumerate(files):
                (folder / f"{i}.csv").write_text("\n".join([HEADER, *lines]) + "\n")
                config += SOURCE.format(path=f"{i}.csv")
            (folder / "node.toml").write_text(config)
            report = json.loads(run("waymark-node", "check-data", "--config", folder / "node.toml", "--json")[0])
            measured, _ = run("waymark-node", "measure", "--config", folder / "node.toml", "--json", "--metric",
                              "1,2,4,5,9,16", "--period", "2021-22,2022-23", "--breakdown", "area,age_band,sex")
        files = report.pop("files")
        report["rows"] = sum(file["rows_read"] for file in files), sum(file["rows_used"] for file in files)
        tallies = {}
        for file in files:
            for part in ("left_out", "notes"):
                for tally in file[part]:
                    tallies[tally["reason"]] = tallies.get(tally["reason"], 0) + tally["rows"]
        report["tallies"] = dict(sorted(tallies.items()))
        report["issues"] = [issue for issue in report["issues"] if not issue["file"]]
        return report, measured

    def check(self, children):
        generator = random.Random(SEED + children)
        lines = rows(children, generator)
        expected = self.figures([lines])
        self.assertGreater(expected[0]["tallies"]["the same as another row"], 0)
        self.assertGreater(len(json.loads(expected[1])), 100)
        for parts in (1, 3):
            shuffled = lines[:]
            generator.shuffle(shuffled)
            files = [shuffled[i::parts] for i in range(parts)]
            found = self.figures(files)
            self.assertEqual(found[0], expected[0])
            self.assertTrue(found[1] == expected[1], f"figures differ in {parts} shuffled files")

    def test_few_people(self):
        self.check(400)

    def test_many_people(self):
        self.check(70_000)


def shuffled_csv(source, targets, generator):
    """The file's rows in another order, spread over the targets."""
    with open(source, newline="", encoding="utf-8-sig") as file:
        header, *lines = csv.reader(file)
    generator.shuffle(lines)
    for part, target in enumerate(targets):
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *lines[part::len(targets)]])


class OtherFormats(unittest.TestCase):
    """Each format's own files, and the same with every table's rows shuffled and, where it may have several, split."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="waymark-order-")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.generator = random.Random(SEED)

    def check(self, name, path, other, days, more=""):
        source = '[[source]]\nformat = "{}"\npath = "{}"\ncovered_from = {}\nextract_date = {}\n'
        figures = []
        for place in (path, other):
            with site(source.format(name, place, *days) + more) as folder:
                figures.append(measured(folder, "all"))
        self.assertTrue(any(row["status"] == "shown" and row["value"] for row in figures[0]))
        self.assertEqual(figures[0], figures[1])

    def shared(self, name):
        path = SHARED_DATA / name
        if not path.exists():
            print(f"not compared: {name}, whose files are not at hand")
            self.skipTest("no data")
        return path

    def test_standard_dataset(self):
        made_up.make_ssd(self.folder / "ssd", seed=3)
        for path in sorted((self.folder / "ssd").glob("*.csv")):
            shuffled_csv(path, [self.folder / "other" / path.name], self.generator)
        self.check("ssd", self.folder / "ssd", self.folder / "other", (made_up.COVERED_FROM, made_up.EXTRACT))

    def test_annex_a(self):
        lists = annex_a_test.read_sheets(self.shared("annex-a") / "Annex_A.xlsx")
        annex_a_test.as_csv(lists, self.folder / "lists")
        for path in sorted((self.folder / "lists").glob("*.csv")):
            shuffled_csv(path, [self.folder / "other" / path.name], self.generator)
        self.check("annex-a", self.folder / "lists", self.folder / "other", ("2020-09-16", annex_a_test.EXTRACT))

    def test_return_on_looked_after_children(self):
        data = self.shared("ssda903")
        other = self.folder / "other"
        shuffled_csv(data / "header.csv", [other / "h1.csv", other / "a" / "h2.csv"], self.generator)
        shuffled_csv(data / "episodes.csv", [other / f"e{part}.csv" for part in range(3)], self.generator)
        self.check("ssda903", data, other, ("2015-04-01", "2018-03-31"))

    def test_census(self):
        data = self.shared("cin-census") / "fake_CIN_data.xml"
        shutil.copy(data, self.folder / "census.xml")
        before, *children = re.split(r"(?=<Child>)", data.read_text(encoding="utf-8"))
        last, after = re.match(r"(.*?</Child>)(.*)", children.pop(), re.DOTALL).groups()
        children.append(last)
        self.generator.shuffle(children)
        (self.folder / "other").mkdir()
        for part in range(2):
            (self.folder / "other" / f"{part}.xml").write_text(before + "".join(children[part::2]) + after, encoding="utf-8")
        self.check("cin-census", self.folder / "census.xml", self.folder / "other", ("2020-07-22", "2022-07-21"))

    def test_workbook(self):
        whole = list(large_workbook.rows(3000, SEED, 0))
        self.generator.shuffle(whole)
        mapping = large_workbook.SOURCE.partition("[source.mapping]")[2]
        large_workbook.write_workbook(self.folder / "cases.xlsx", 3000, SEED)
        large_workbook.write_workbook(self.folder / "other.xlsx", 3000, made=whole)
        self.check("event-log", self.folder / "cases.xlsx", self.folder / "other.xlsx", ("2015-01-01", "2025-12-31"),
                   "[source.mapping]" + mapping)


if __name__ == "__main__":
    unittest.main(verbosity=2)
