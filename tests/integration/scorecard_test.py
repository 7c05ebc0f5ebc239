"""The scorecard from the Department for Education's files, by the program and again here by plain sums."""

import csv
import io
import json
import re
import statistics
import sys
import unittest

from harness import ROOT, Federation, run
from published_test import AREAS, BY_OLD, DFE, Reference, rows_of

REGIONS = dict(re.findall(r'code: "(E\d+)" name: "[^"]+" region_code: "(E\d+)"',
                          (ROOT / "catalogue" / "areas.textproto").read_text()))
SPEND = ("SureStartFinance", "FamilySupportFinance", "YoungPeopleFinance")


class Board(Reference):
    """What a line says of any authority, of the latest year in the files."""

    def __init__(self):
        super().__init__()
        self.neighbours = {BY_OLD[row["old_la_code"]]: [BY_OLD[row[f"SN_{i}"]] for i in range(1, 11)]
                           for row in rows_of("sn_model*.csv") if row["old_la_code"] in BY_OLD}
        intercept, slope, _ = self.line(True)
        self.values = {"34": {}, "35": {}, "36": {}, "37": {}, "38": {}, "40": {}}
        for code in AREAS:
            of = self.interventions(code)
            deprivation = self.tool.get(("ChildPov", code, "2025"))
            self.values["34"][code] = of
            self.values["35"][code] = (None if of is None or deprivation is None
                                       else of - intercept - slope * deprivation)
            for metric, measure, year in (("36", "FirstYJS", "2024"), ("37", "TotPermEx", "2023/24"),
                                          ("40", "FSP_NEW_GOODDEV", "2025")):
                self.values[metric][code] = self.tool.get((measure, code, year))
            spend = [self.tool.get((measure, code, "2024-25 (OT)")) for measure in SPEND]
            people = self.population.get(("2024", code))
            self.values["38"][code] = None if None in spend or not people else sum(spend) / people

    def spend_of_all(self, codes):
        known = [code for code in codes if self.values["38"][code] is not None]
        return (sum(self.tool[measure, code, "2024-25 (OT)"] for code in known for measure in SPEND) /
                sum(self.population["2024", code] for code in known), len(known))


class ScorecardTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.board = Board()

    def card(self, authority, *more):
        output, _ = run("waymark", "scorecard", authority, "--published", DFE, "--json", *more)
        return json.loads(output)

    def near(self, got, wanted, context):
        if wanted is None:
            self.assertIsNone(got, context)
        else:
            self.assertAlmostEqual(got, wanted, delta=1e-9 * max(1, abs(wanted)), msg=context)

    def test_every_place_is_what_the_files_say(self):
        compared = 0
        for code in sorted(AREAS)[::12]:
            card = self.card(code)
            self.assertEqual([entry["code"] for entry in card["neighbours"]], self.board.neighbours[code])
            for row in card["rows"]:
                values, context = self.board.values[row["metric"]], (code, row["metric"])
                self.near(row["own"]["value"], values[code], context)
                like = [values[other] for other in self.board.neighbours[code] if values[other] is not None]
                self.near(row["neighbours"]["value"], statistics.fmean(like) if like else None, context)
                self.assertEqual(row["neighbours"]["made_of_authorities"], len(like))
                known = [value for value in values.values() if value is not None]
                if row["direction"] == "neutral" or values[code] is None:
                    self.assertIsNone(row["standing"], context)
                    continue
                better = [value for value in known if
                          (value > values[code] if row["direction"] == "high" else value < values[code])]
                self.assertEqual((row["standing"]["rank"], row["standing"]["of"]), (len(better) + 1, len(known)), context)
                compared += 1
        self.assertGreater(compared, 50)

    def test_england_and_regions_are_as_published_or_made_of_their_authorities(self):
        published = {(row["time_period"], row["region_code"] or row["country_code"]): float(row["CPP_start"])
                     for row in rows_of("d3_*.csv") if row["geographic_level"] in ("Regional", "National")}
        starting = {(row["time_period"], row["region_code"] or row["country_code"]): float(row["children_count"])
                    for row in rows_of("cla_*.csv") if row["population_type"].startswith("Children starting")
                    and row["geographic_level"] in ("Regional", "National")}
        children = {(row["time_period"], row["region_code"] or row["country_code"]): float(row["population_estimate"])
                    for row in rows_of("ons_*.csv") if row["geographic_level"] in ("Regional", "National")}
        for code in ("E06000001", "E08000025", "E06000066"):
            rows = {row["metric"]: row for row in self.card(code)["rows"]}
            for place, area in (("region", REGIONS[code]), ("england", "E92000001")):
                wanted = 10000 * (published["2025", area] + starting["2025", area]) / children["2024", area]
                self.near(rows["34"][place]["value"], wanted, (code, place))
                self.assertEqual(rows["34"][place]["made_of_authorities"], 0)
                within = [other for other in AREAS if place == "england" or REGIONS[other] == area]
                # What is published and what its authorities add up to are near each other.
                ours = [self.board.values["34"][other] for other in within]
                self.assertLess(min(value for value in ours if value is not None), wanted)
                self.assertGreater(max(value for value in ours if value is not None), wanted)
                if rows["38"][place]["made_of_authorities"]:
                    value, count = self.board.spend_of_all(within)
                    self.near(rows["38"][place]["value"], value, (code, place))
                    self.assertEqual(rows["38"][place]["made_of_authorities"], count)

    def test_a_regions_gap_has_an_interval_and_englands_says_why_it_has_none(self):
        for code in ("E06000001", "E08000025", "E06000066"):
            row, = [row for row in self.card(code)["rows"] if row["metric"] == "35"]
            region, england = row["region"], row["england"]
            self.assertLess(region["lower"], region["value"])
            self.assertGreater(region["upper"], region["value"])
            self.assertLess(abs(england["value"]), 0.5)
            self.assertEqual((england["lower"], england["upper"]), (None, None))
            self.assertIn("0 by construction", england["note"])
            output, _ = run("waymark", "scorecard", code, "--published", DFE)
            self.assertIn(f"95% interval {region['lower']:.1f} to {region['upper']:.1f}", " ".join(output.split()))
            self.assertIn("Metric 35, England: 0 by construction", " ".join(output.split()))

    def test_england_first_time_entrants_are_rejected_and_said_why(self):
        row, = [row for row in self.card("E06000001")["rows"] if row["metric"] == "36"]
        self.assertIsNone(row["england"]["value"])
        self.assertIn("outside the range of the authorities' own", row["england"]["note"])
        text, _ = run("waymark", "scorecard", "E06000001", "--published", DFE)
        self.assertIn("the published value is not believed", text)

    def test_text_fits_and_names_what_is_missing_and_what_stands_in(self):
        for authority in ("Hartlepool", "Bournemouth, Christchurch and Poole", "Isles of Scilly"):
            text, _ = run("waymark", "scorecard", authority, "--published", DFE)
            self.assertEqual([line for line in text.splitlines() if len(line) > 100], [], authority)
            self.assertIn("missing: permanent exclusions", text)
        text, _ = run("waymark", "scorecard", "Hartlepool", "--published", DFE)
        self.assertIn("aged 0 to 17 in place of 0 to 19", text)
        self.assertIn("(partial)", text)
        self.assertIn("not ranked", text)

    def test_csv_holds_the_same_figures_as_json(self):
        output, _ = run("waymark", "scorecard", "Leeds", "--published", DFE, "--csv")
        lines = list(csv.DictReader(io.StringIO(output)))
        card = self.card("Leeds")
        for row in card["rows"]:
            for place in ("own", "neighbours", "region", "england"):
                line, = [line for line in lines if line["metric"] == row["metric"] and line["place"] == place]
                self.assertEqual(line["value"], "" if row[place]["value"] is None else json.dumps(row[place]["value"]))
                self.assertEqual(line["status"], row[place]["status"])
                self.assertEqual(line["time_period"], row["period"])
            before = [line for line in lines if line["metric"] == row["metric"] and line["place"] == "own before"]
            self.assertEqual([line["time_period"] for line in before], [point["period"] for point in row["trend"] if point["period"] != row["period"]])

    def test_a_coordinator_says_the_same_of_what_was_imported(self):
        with Federation() as federation:
            federation.start_coordinator()
            import_published = ("waymark-coordinator", "import-published", "--config", federation.config)
            asked = ("waymark", "--identity", federation.operator, "scorecard", "Leeds", "--json")
            _, error = run(*asked, expect=1)
            self.assertIn("import-published", error)
            report, _ = run(*import_published, DFE)
            self.assertIn("first_time_entrants_rate of England, 2024", report)
            self.assertIn("no layout that is known; left alone", report)
            output, _ = run(*asked)
            self.assertEqual(self.without_files(json.loads(output)), self.without_files(self.card("Leeds")))
            # After a restart too, and with the files gone from where they were read.
            federation.coordinator.stop()
            federation.coordinator.start()
            federation.wait_for_coordinator()
            output, _ = run(*asked)
            self.assertEqual(self.without_files(json.loads(output)), self.without_files(self.card("Leeds")))
            listed, _ = run(*import_published, "--json")
            self.assertEqual(len(json.loads(listed)), 9)
            # A file that is cut short changes nothing.
            whole = (DFE / "lait_extract.csv").read_bytes()
            torn = federation.directory / "lait_extract.csv"
            torn.write_bytes(whole[:len(whole) // 2 - 7])
            _, error = run(*import_published, torn, expect=1)
            self.assertIn("lait_extract.csv:", error)
            again, _ = run(*import_published, "--json")
            self.assertEqual(again, listed)

    @staticmethod
    def without_files(card):
        """Notes name files as they were read: by path, or by name."""
        return json.loads(json.dumps(card).replace(str(DFE) + "/", ""))

    def test_bad_input_is_named(self):
        _, error = run("waymark", "scorecard", "Hartlepol", "--published", DFE, expect=1)
        self.assertIn("did you mean Hartlepool", error)
        _, error = run("waymark", "scorecard", "Leeds", "--published", DFE / "none.csv", expect=1)
        self.assertIn("none.csv", error)
        _, error = run("waymark", "scorecard", "Leeds", "--published", DFE, "--until", "31/03/2025", expect=1)
        self.assertIn("expected a day as 2025-03-31", error)


if __name__ == "__main__":
    if not DFE.is_dir():
        print("SKIP: the published files are not at hand")
        sys.exit(0)
    unittest.main()
