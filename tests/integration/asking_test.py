"""What is asked of published figures through the real programs, worked out again from the answers: standings, groups, trends, the
benefits model, and the export."""

import csv
import io
import json
import math
import unittest

import made_up
from harness import Federation, run

MIX = "earlier_social_care"


class Asking(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.federation = Federation()
        configs, _, catalogue = made_up.prepare(cls.federation, 5, people=400)
        cls.codes = list(configs)
        cls.federation.start_coordinator(catalogue=catalogue)
        for code in cls.codes:
            policy = configs[code].parent / "policy.toml"
            first = 'metric = "1"\nversion = 1\nmode = "noised"\n'
            policy.write_text(policy.read_text().replace(first, f'{first}breakdowns = ["{MIX}"]\n'))
            cls.federation.enrol(code, configs[code])
            cls.federation.start_node(code, configs[code])
        for name, period, by in (("first", "2021-22", []), ("second", "2022-23", [MIX])):
            cls.federation.open_round(made_up.round_text(
                name, made_up.item("19", period),
                made_up.item("1", period, "noised", epsilon="1", windows=[365], breakdowns=by)))
            cls.federation.wait_published(name)

    @classmethod
    def tearDownClass(cls):
        cls.federation.__exit__(None, None, None)

    def ask(self, *arguments):
        return json.loads(self.federation.waymark(*arguments, "--json"))

    def test_ranks_leave_open_what_intervals_do(self):
        figures = [f for f in self.ask("benchmark", "--metric", "1", "--standing")["figures"] if f["quantity"] == "any"]
        self.assertEqual({f["geography_code"] for f in figures}, set(self.codes))
        self.assertEqual({f["standing_councils"] for f in figures}, {5})
        # The z of five intervals that hold together, found by halving.
        low, high = 1.0, 5.0
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (middle, high) if math.erf(middle / math.sqrt(2)) ** 5 < 0.95 else (low, middle)
        wide = low / 1.959963984540054
        for own in figures:
            surely_better = sum(own["value"] - wide * (own["value"] - own["lower"]) >
                                other["value"] + wide * (other["upper"] - other["value"]) for other in figures)
            surely_worse = sum(own["value"] + wide * (own["upper"] - own["value"]) <
                               other["value"] - wide * (other["value"] - other["lower"]) for other in figures)
            self.assertEqual((own["rank_from"], own["rank_to"]), (surely_better + 1, 5 - surely_worse))
            self.assertLessEqual(own["funnel_998_lower"], own["funnel_95_lower"])
        total = sum(f["numerator"] for f in figures) / sum(f["denominator"] for f in figures)
        self.assertAlmostEqual(figures[0]["funnel_target"], 100 * total, places=6)

    def test_what_has_no_direction_has_no_rank(self):
        for figure in self.ask("benchmark", "--metric", "19", "--standing")["figures"]:
            self.assertIsNone(figure["rank_from"])
            self.assertIsNone(figure["quarter"])

    def test_compare_shows_the_standing_in_text_json_and_csv(self):
        arguments = ("compare", "--metric", "1", "--council", self.codes[0])
        self.assertIn("of 5", self.federation.waymark(*arguments))
        own = next(f for f in self.ask(*arguments)["figures"] if f["level"] == "council")
        table = csv.DictReader(io.StringIO(self.federation.waymark(*arguments, "--csv")))
        line = next(line for line in table if line["level"] == "council")
        self.assertEqual(line["rank_to"], str(own["rank_to"]))
        self.assertEqual(line["funnel_place"], own["funnel_place"])

    def test_a_group_is_the_sum_of_its_councils(self):
        group = self.codes[:4]
        councils = self.ask("benchmark", "--metric", "19", "--geography", ",".join(group))["figures"]
        figure, = self.ask("benchmark", "--metric", "19", "--group", ",".join(group))["figures"]
        self.assertEqual(figure["level"], "group")
        shown = [f for f in councils if f["status"] == "shown"]
        self.assertEqual(figure["contributors"], 4)
        self.assertEqual(figure["suppressed_parts"], 4 - len(shown))
        self.assertAlmostEqual(figure["value"],
                               100 * sum(f["numerator"] for f in shown) / sum(f["denominator"] for f in shown), places=6)
        for councils, word in ((self.codes[:2], "fewer than 3"), (self.codes[:3] + ["E06999999"], "E06999999")):
            _, error = run("waymark", "--identity", self.federation.operator, "benchmark", "--metric", "19", "--group",
                           ",".join(councils), expect=1)
            self.assertIn(word, error)

    def test_a_mix_of_earlier_social_care_is_made_alike(self):
        places = self.codes + ["participants"]
        strata = {}
        for figure in self.ask("benchmark", "--metric", "1", "--breakdown", MIX, "--geography", ",".join(places))["figures"]:
            if figure["quantity"] == "any":
                strata.setdefault(figure["geography_code"], {})[figure["breakdown"][MIX]] = figure
        standard = {category: one["denominator"] for category, one in strata["participants"].items() if one["denominator"]}
        self.assertEqual(set(strata["participants"]), {"yes", "no", "not known"})
        self.assertGreater(len(standard), 1)
        compared = 0
        for figure in self.ask("benchmark", "--metric", "1", "--geography", ",".join(places), "--standardise", MIX)["figures"]:
            if figure["quantity"] != "any":
                continue
            own = strata[figure["geography_code"]]
            known = {category: weight for category, weight in standard.items() if own[category]["value"] is not None}
            expected = sum(own[category]["value"] * weight for category, weight in known.items()) / sum(known.values())
            self.assertEqual(figure["standardised_by"], MIX)
            self.assertAlmostEqual(figure["standardised_value"], expected, places=6)
            self.assertLess(figure["standardised_lower"], expected)
            self.assertGreater(figure["standardised_upper"], expected)
            compared += 1
        self.assertEqual(compared, len(places))

    def test_a_trend_tests_the_change_with_its_own_uncertainty(self):
        trend = self.ask("trend", "--metric", "1")
        series = next(s for s in trend["series"] if s["figures"][0]["quantity"] == "any")
        before, after = series["figures"]
        self.assertEqual((before["period"], after["period"]), ("2021-22", "2022-23"))
        latest = series["latest"]
        change = after["value"] - before["value"]
        self.assertAlmostEqual(latest["change"], change)
        self.assertAlmostEqual(latest["lower"], change - math.hypot(after["value"] - after["lower"],
                                                                    before["upper"] - before["value"]))
        self.assertAlmostEqual(latest["upper"], change + math.hypot(after["upper"] - after["value"],
                                                                    before["value"] - before["lower"]))
        clear = latest["lower"] > 0 or latest["upper"] < 0
        self.assertEqual(latest["travel"], ("worse" if change > 0 else "better") if clear else "no clear change")
        self.assertIsNone(series["slope_a_year"])
        self.assertEqual(trend["breaks"], [])
        self.assertIn("2022-23 against 2021-22", self.federation.waymark("trend", "--metric", "1"))
        _, error = run("waymark", "--identity", self.federation.operator, "trend", "--metric", "1", "--geography", "x",
                       expect=1)
        self.assertIn("geographies", error)

    def test_the_export_has_everything_that_is_published(self):
        folder = self.federation.directory / "open-data"
        written = self.ask("export", "--out", folder)
        self.assertEqual([one["file"] for one in written], ["metric-1.csv", "metric-19.csv"])
        for metric in ("1", "19"):
            with open(folder / f"metric-{metric}.csv", encoding="utf-8") as file:
                lines = list(csv.DictReader(file))
            self.assertEqual(len(lines), next(w["figures"] for w in written if w["file"] == f"metric-{metric}.csv"))
            self.assertEqual({line["time_period"] for line in lines}, {"202122", "202223"})
            self.assertEqual({line["new_la_code"] for line in lines} - {""}, set(self.codes))
            figures = self.ask("benchmark", "--metric", metric, "--geography", ",".join(self.codes))["figures"]
            for figure in figures:
                line, = (line for line in lines if line["new_la_code"] == figure["geography_code"] and not line["breakdown"]
                         and line["quantity"] == figure["quantity"] and line["time_period"] == "202223")
                self.assertEqual(line["status"], figure["status"])
                if figure["value"] is not None:
                    self.assertAlmostEqual(float(line["value"]), figure["value"])
                else:
                    self.assertEqual(line["value"], figure["shorthand"])
            columns = json.loads((folder / f"metric-{metric}.csv-metadata.json").read_text())["tableSchema"]["columns"]
            self.assertEqual([column["name"] for column in columns], list(lines[0]))

    def test_the_benefits_model_needs_no_connection_and_shows_its_assumptions(self):
        value = json.loads(run("waymark", "value", "--json")[0])
        report = value["scenarios"][0]
        self.assertAlmostEqual(report["benefits"] / 1e6, 7.05, delta=0.05)
        self.assertAlmostEqual(report["costs"] / 1e6, 1.89, delta=0.005)
        self.assertAlmostEqual(value["scenarios"][1]["benefits"] / 1e6, 10.2, delta=0.05)
        pounds = sum(one["pounds"] for one in value["benefits_a_pound"])
        self.assertAlmostEqual(report["benefits"], value["councils"] * value["spend"] * pounds * value["confidence"] *
                               report["uplift"] * report["years"], places=1)
        asked = json.loads(run("waymark", "value", "--uplift", "4", "--years", "6", "--confidence", "50", "--councils", "1",
                               "--benefit", "looked_after=2", "--json")[0])
        self.assertEqual([one["id"] for one in asked["scenarios"]], ["asked"])
        self.assertAlmostEqual(asked["scenarios"][0]["benefits"], 6_160_000 * 2.34 * 0.5 * 0.04 * 6, places=1)
        for arguments, word in ((("--uplift", "x"), "--uplift"), (("--benefit", "tea=1"), "looked_after"),
                                (("--confidence", "101"), "--confidence"), (("--assumptions", "none.toml"), "none.toml")):
            self.assertIn(word, run("waymark", "value", *arguments, expect=1)[1])


if __name__ == "__main__":
    unittest.main()
