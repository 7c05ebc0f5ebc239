"""Metrics from the Department for Education's files, by the program and again here by a few lines over csv.DictReader."""

import csv
import json
import math
import pathlib
import re
import sys
import tempfile
import unittest

from harness import ROOT, SHARED_DATA, run

DFE = SHARED_DATA / "dfe"
EVERY = "34,35,36,37,38,40"


def rows_of(pattern):
    path, = DFE.glob(pattern)
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


AREAS = {code: (name, old) for code, name, old in re.findall(
    r'code: "(E\d+)" name: "([^"]+)".*old_code: (\d+)', (ROOT / "catalogue" / "areas.textproto").read_text())}
BY_OLD = {old: code for code, (name, old) in AREAS.items()}


class Reference:
    """What the files say, by ONS code of today."""

    def __init__(self):
        self.plans = self.dfe("d3_*.csv", "CPP_start")
        self.population = self.dfe("ons_*.csv", "population_estimate")
        looked_after = [row for row in rows_of("cla_*.csv") if row["population_type"].startswith("Children starting")]
        self.looked_after = self.of(looked_after, "children_count")
        self.tool = {}
        for row in rows_of("lait_extract.csv"):
            if row["la_number"] in BY_OLD:
                self.tool[row["measure"], BY_OLD[row["la_number"]], row["period"]] = number(row["value"])

    def dfe(self, pattern, column):
        return self.of(rows_of(pattern), column)

    @staticmethod
    def of(rows, column):
        return {(row["time_period"], BY_OLD[row["old_la_code"]]): number(row[column]) for row in rows
                if row["old_la_code"] in BY_OLD}

    def interventions(self, code, year=2025):
        """Plans started and newly looked after, per 10,000 aged 0 to 17: what metric 34 finds in these files."""
        plans, looked_after = self.plans.get((str(year), code)), self.looked_after.get((str(year), code))
        population = self.population.get((str(year - 1), code))
        if plans is None or looked_after is None or not population:
            return None
        return 10000 * (plans + looked_after) / population

    def line(self, weighted, year=2025):
        """Least squares by the normal equations, in exact sums."""
        points = []
        for code in AREAS:
            x, y = self.tool.get(("ChildPov", code, str(year))), self.interventions(code, year)
            if x is not None and y is not None:
                points.append((x, y, self.population[str(year - 1), code] if weighted else 1))
        s = [math.fsum(w * x ** i * y ** j for x, y, w in points) for i, j in ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1))]
        slope = (s[0] * s[4] - s[1] * s[2]) / (s[0] * s[3] - s[1] ** 2)
        return (s[2] - slope * s[1]) / s[0], slope, len(points)


class PublishedTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.reference = Reference()

    def tearDown(self):
        self.folder.cleanup()

    def measure(self, code, metric=EVERY, *more):
        config = pathlib.Path(self.folder.name) / "node.toml"
        config.write_text(f'[council]\ncode = "{code}"\nname = "A council"\n[[published]]\npath = "{DFE}"\n')
        output, _ = run("waymark-node", "measure", "--config", config, "--metric", metric, "--json", *more)
        return {(row["metric"], row["quantity"]): row for row in json.loads(output)}

    def near(self, got, wanted):
        if wanted is None:
            self.assertIsNone(got)
        else:
            self.assertAlmostEqual(got, wanted, delta=1e-9 * max(1, abs(wanted)))

    def test_every_figure_is_that_of_the_files(self):
        lines = {weighted: self.reference.line(weighted) for weighted in (True, False)}
        self.assertGreater(lines[True][2], 140)
        for code in ("E06000001", "E09000003", "E08000038", "E10000016", "E06000053", "E09000001", "E06000066"):
            rows = self.measure(code)
            reference, tool = self.reference, self.reference.tool
            total = reference.interventions(code)
            self.near(rows["34", "partial_total"]["value"], total)
            deprivation = tool["ChildPov", code, "2025"]
            for suffix, weighted in (("", True), ("_unweighted", False)):
                if ("35", "expected" + suffix) not in rows:
                    self.assertIsNone(deprivation)
                    continue
                intercept, slope, _ = lines[weighted]
                expected = intercept + slope * deprivation
                self.near(rows["35", "expected" + suffix]["value"], expected)
                self.near(rows["35", "gap" + suffix]["value"], None if total is None else total - expected)
            self.near(rows["36", "value"]["value"], tool["FirstYJS", code, "2024"])
            self.near(rows["37", "value"]["value"], tool["TotPermEx", code, "2023/24"])
            self.near(rows["40", "value"]["value"], tool["FSP_NEW_GOODDEV", code, "2025"])
            spend = [tool[measure, code, "2024-25 (OT)"] for measure in
                     ("SureStartFinance", "FamilySupportFinance", "YoungPeopleFinance")]
            population = reference.population["2024", code]
            self.near(rows["38", "total"]["value"], None if None in spend else sum(spend) / population)

    def test_each_input_says_its_year_file_and_line(self):
        rows = self.measure("E06000001")
        inputs = {entry["measure"]: entry for entry in rows["34", "partial_total"]["inputs"]}
        self.assertEqual({name: entry["year"] for name, entry in inputs.items()},
                         {"plans_started": "2024-25", "looked_after_started": "2024-25",
                          "population_0_17": "30 June 2024"})
        for entry in inputs.values():
            line = (DFE / entry["file"]).read_text(encoding="utf-8-sig").splitlines()[entry["line"] - 1]
            self.assertIn("Hartlepool", line)
            self.assertIn(str(entry["value"]), line.split(","))

    def test_what_is_missing_is_named_and_a_substitute_labelled(self):
        rows = self.measure("E06000001")
        total = rows["34", "partial_total"]
        self.assertEqual(total["completeness"], "partial")
        self.assertIn("first-time entrants", total["reason"])
        self.assertIn("children aged 10 to 17 (children), which no file has", total["reason"])
        self.assertIn("pupils on the school roll (pupils), which no file has", total["reason"])
        substitutes = {entry["measure"]: entry["substitute"] for row in rows.values() for entry in row["inputs"]}
        self.assertIn("0 to 17 in place of 0 to 19", substitutes["population_0_17"] or
                      rows["38", "total"]["inputs"][-1]["substitute"])
        self.assertIn("in place of the income deprivation", substitutes["child_low_income_percent"])
        self.assertIn("in place of lines 3.4.4 and 3.4.5", substitutes["spend_family_support"])
        self.assertEqual(substitutes["plans_started"], "")

    def test_a_period_takes_the_years_that_ended_by_its_end(self):
        rows = self.measure("E06000001", EVERY, "--period", "2021-22")
        years = {entry["measure"]: entry["year"] for row in rows.values() for entry in row["inputs"]}
        self.assertEqual(years["plans_started"], "2021-22")
        self.assertEqual(years["population_0_17"], "30 June 2021")
        self.assertEqual(years["first_time_entrants_rate"], "2021")
        self.assertEqual(years["permanent_exclusions_percent"], "2020/21")
        self.near(rows["34", "partial_total"]["value"], self.reference.interventions("E06000001", 2022))
        # There was no collection of school results in 2020/21: not an older year in its place.
        self.assertEqual(rows["40", "value"]["status"], "not available")
        self.assertIsNone(rows["40", "value"]["value"])

    def test_check_data_of_published_files_alone(self):
        config = pathlib.Path(self.folder.name) / "node.toml"
        config.write_text(f'[council]\ncode = "E06000001"\nname = "A council"\n[[published]]\npath = "{DFE}"\n')
        output, _ = run("waymark-node", "check-data", "--config", config, "--json")
        report = json.loads(output)
        self.assertEqual(report["files"], [])
        self.assertTrue(any(file["values"] for file in report["published"]["files"]))
        states = {state["metric"]: state for state in report["metrics"]}
        self.assertEqual(states["36"]["completeness"], "complete")
        self.assertEqual(states["34"]["completeness"], "partial")
        self.assertNotIn("1", states)
        text, _ = run("waymark-node", "check-data", "--config", config)
        self.assertIn("there is no [[source]]", text)

    def test_the_rough_guide_is_the_years_spend_over_closures_that_met_their_outcomes(self):
        folder = pathlib.Path(self.folder.name)
        (folder / "eh.csv").write_text("child,from,to,why\n" + "".join(
            f"c{i},2024-05-01,2024-{6 + i % 3:02}-01,{'outcomes_met' if i % 4 else 'disengaged'}\n" for i in range(20)))
        config = folder / "node.toml"
        config.write_text(f"""[council]
code = "E06000001"
name = "A council"
[[published]]
path = "{DFE}"
[[source]]
format = "event-log"
path = "eh.csv"
covered_from = 2022-04-01
extract_date = 2025-06-30
[source.mapping]
shape = "episodes"
level = "early_help"
person = "child"
start = "from"
end = "to"
end_reason = "why"
""")
        output, _ = run("waymark-node", "measure", "--config", config, "--metric", "38,39", "--period", "2024-25",
                        "--json")
        rows = {(row["metric"], row["quantity"]): row for row in json.loads(output)}
        guide = rows["39", "rough_guide"]
        self.near(guide["numerator"], rows["38", "total"]["numerator"])
        self.assertEqual(guide["denominator"], 15)
        self.near(guide["value"], guide["numerator"] / 15)
        self.assertIn("a rough guide only", guide["note"])
        self.assertEqual(rows["39", ""]["status"], "not available")
        # A quarter has no spend of its own.
        output, _ = run("waymark-node", "measure", "--config", config, "--metric", "39", "--period", "2024-25-Q1",
                        "--json")
        self.assertNotIn("rough_guide", [row["quantity"] for row in json.loads(output)])

    def test_a_council_without_files_is_told_what_to_name(self):
        config = pathlib.Path(self.folder.name) / "none.toml"
        config.write_text('[council]\ncode = "E06000001"\nname = "A council"\n[[published]]\n')
        _, error = run("waymark-node", "measure", "--config", config, "--metric", "36", expect=1)
        self.assertIn("none.toml:4", error)
        self.assertIn('path = "dfe"', error)


if __name__ == "__main__":
    if not DFE.is_dir():
        print("SKIP: the published files are not at hand")
        sys.exit(0)
    unittest.main()
