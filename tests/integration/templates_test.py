"""A made-up council's event log and CSV templates through the real node: metrics 23-outcomes, 27 to 30, 39, 41 and 42
against a calculation from the same rows that shares no code with it."""

import collections
import csv
import datetime
import json
import math
import pathlib
import random
import shutil
import tempfile
import unittest

from harness import ROOT, run

FIRST, LAST = datetime.date(2024, 4, 1), datetime.date(2025, 3, 31)
EXTRACT = datetime.date(2025, 6, 30)
OUTCOMES = ["education", "early_years", "health", "substance_use", "family_relationships", "abuse_and_exploitation",
            "crime", "domestic_abuse", "housing", "finances"]
SERVICES = ["Family Support", "Young, Carers|Team", "Parenting", ""]
TEAMS = ["East", "West", "North", ""]
DAY = datetime.timedelta(1)


def category(name):
    return name.replace("|", "/") or "not known"


def share(numerator, denominator):
    """Per cent and Wilson's interval."""
    z, p, n = 1.959963984540054, numerator / denominator, denominator
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return 100 * p, 100 * max(0, middle - half), 100 * min(1, middle + half)


class Council:
    """Everything as lists of dictionaries, and as the files that the node reads."""

    def __init__(self, directory, seed):
        self.chance = random.Random(seed)
        self.directory = pathlib.Path(directory)
        self.children = {f"P{i:03d}": f"F{i // 2:03d}" for i in range(120)}
        self.births = {child: datetime.date(2008, 1, 1) + DAY * self.chance.randrange(5500) for child in self.children}
        self.make_episodes()
        self.make_scores()
        self.make_needs()
        self.make_views()
        self.make_staffing()
        self.make_costs()
        self.write()

    def day(self, first=datetime.date(2023, 6, 1), last=EXTRACT):
        return first + DAY * self.chance.randrange((last - first).days + 1)

    def make_episodes(self):
        self.episodes = []
        for child in self.children:
            start = self.day(datetime.date(2023, 4, 1), datetime.date(2024, 12, 1))
            while start < EXTRACT and len([e for e in self.episodes if e["child"] == child]) < 3:
                end = start + DAY * self.chance.randrange(10, 300)
                if end > EXTRACT or self.chance.random() < 0.2:
                    end = None
                self.episodes.append({
                    "child": child, "start": start, "end": end,
                    "reason": "" if end is None else self.chance.choice(["outcomes_met", "outcomes_met", "disengaged"]),
                    "service": self.chance.choice(SERVICES), "team": self.chance.choice(TEAMS),
                    "worker": self.chance.choice(["W1", "W2", "W3", "W4", ""])})
                if end is None:
                    break
                start = end + DAY * self.chance.randrange(5, 200)

    def make_scores(self):
        self.scores = []
        for episode in self.episodes:
            if self.chance.random() < 0.4:
                continue
            tool, better = self.chance.choice([("Star", "high"), ("SDQ", "low")])
            row = {"person": episode["child"], "tool": tool, "better": better, "start": episode["start"],
                   "start_score": self.chance.randrange(0, 40) / 4, "end": None, "end_score": None,
                   "service": episode["service"]}
            if episode["end"] and self.chance.random() < 0.8:
                row["end"] = min(EXTRACT, episode["end"] + DAY * self.chance.randrange(0, 45))
                row["end_score"] = self.chance.randrange(0, 40) / 4
            self.scores.append(row)
        # A child whom no other source knows.
        self.scores.append({"person": "STRANGER", "tool": "Star", "better": "high", "start": FIRST, "start_score": 1.0,
                            "end": LAST, "end_score": 2.125, "service": ""})

    def make_needs(self):
        self.needs = []
        for episode in self.episodes:
            for outcome in self.chance.sample(range(1, 11), 3):
                ended = episode["end"] is not None
                self.needs.append({
                    "person": episode["child"], "outcome": outcome, "start": episode["start"],
                    "present": self.chance.random() < 0.7, "end": episode["end"],
                    "met": self.chance.choice([True, False, None]) if ended else None, "service": episode["service"]})

    def make_views(self):
        self.views = []
        for number in range(150):
            answered = self.chance.random() < 0.6
            self.views.append({
                "survey": self.chance.choice(["Closing", "Six months on"]), "date": self.day(),
                "person": self.chance.choice(list(self.children)) if self.chance.random() < 0.7 else "",
                "asked": answered or self.chance.random() < 0.9, "answered": answered,
                "response": self.chance.choice(["positive", "positive", "neutral", "negative", ""]) if answered else ""})

    def make_staffing(self):
        self.staffing = []
        for worker, team in [("W1", "East"), ("W2", "West"), ("W3", "East"), ("W5", "West"), ("W6", "North")]:
            self.staffing.append({"from": datetime.date(2023, 1, 1), "to": None, "team": team, "worker": worker,
                                  "fte": self.chance.choice([0.6, 0.8, 1.0])})
        self.staffing[-1]["to"] = LAST - DAY  # left the day before: North has nobody on the last day
        self.staffing.append({"from": LAST, "to": LAST, "team": "East", "worker": "", "fte": 1.25})
        self.staffing.append({"from": LAST + DAY, "to": None, "team": "West", "worker": "W9", "fte": 1.0})

    def make_costs(self):
        self.costs = [
            # Two lines of one year, one of them longer than the period.
            {"service": "Family Support", "from": FIRST, "to": LAST, "cost": 100000.01},
            {"service": "Family Support", "from": datetime.date(2023, 4, 1), "to": LAST, "cost": 73100.0},
            # Quarter by quarter.
            {"service": "Young, Carers|Team", "from": FIRST, "to": datetime.date(2024, 9, 30), "cost": 25000.5},
            {"service": "Young, Carers|Team", "from": datetime.date(2024, 10, 1), "to": LAST, "cost": 30000.0},
            # Not whole: a day is missing.
            {"service": "Parenting", "from": FIRST + DAY, "to": LAST, "cost": 9999.0}]

    def write(self):
        def text(value):
            if isinstance(value, bool):
                return "yes" if value else "no"
            return "" if value is None else str(value)

        def table(path, header, rows):
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(header)
                writer.writerows([[text(value) for value in row] for row in rows])

        table(self.directory / "episodes.csv",
              ["child", "family", "born", "from", "to", "reason", "service", "team", "worker"],
              [[e["child"], self.children[e["child"]], self.births[e["child"]], e["start"], e["end"], e["reason"],
                e["service"], e["team"], e["worker"]] for e in self.episodes])
        for name in ("scores", "needs", "views", "staffing", "costs"):
            rows = list(getattr(self, name))
            self.chance.shuffle(rows)
            table(self.directory / "templates" / f"{name}.csv", rows[0].keys(), [row.values() for row in rows])
        self.config = self.directory / "node.toml"
        self.config.write_text(f"""[council]
code = "E06000001"
name = "Hartlepool"
[node]
catalogue = "{ROOT / 'catalogue'}"
[questionnaires]
system_guide = "guide.toml"
data_maturity = "data.toml"
[[source]]
format = "event-log"
path = "episodes.csv"
covered_from = 2023-04-01
extract_date = {EXTRACT}
[source.mapping]
shape = "episodes"
level = "early_help"
person = "child"
family = "family"
birth = "born"
start = "from"
end = "to"
end_reason = "reason"
service = "service"
team = "team"
worker = "worker"
[[source]]
format = "templates"
path = "templates"
covered_from = 2023-04-01
extract_date = {EXTRACT}
""")

    # --- the calculation ---

    def merged(self):
        """Episodes of one child that lie at most a day apart are one; none of these do (gaps are 5 days or more)."""
        return self.episodes

    def unit(self, row_child, number, unit):
        if unit == "episodes":
            return number
        return row_child if unit == "children" else self.children.get(row_child, row_child)

    def ended(self):
        return [e for e in self.merged() if e["end"] and FIRST <= e["end"] <= LAST]


class Templates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp(prefix="waymark-test-")
        cls.council = Council(cls.directory, 20240401)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.directory)

    def measure(self, metric, *more):
        """(counted, breakdown as text, quantity) → row."""
        out, _ = run("waymark-node", "measure", "--config", self.council.config, "--metric", metric, "--period", "2024-25",
                     "--json", *more)
        rows = {}
        for row in json.loads(out):
            if row["metric"] != metric:
                continue
            key = (row["counted"], "|".join(row["breakdown"].values()), row["quantity"])
            self.assertNotIn(key, rows)
            rows[key] = row
        return rows

    def check(self, row, numerator, denominator, value=None, digits=9):
        self.assertEqual(row["status"], "shown", row)
        self.assertAlmostEqual(row["numerator"], numerator, digits)
        self.assertAlmostEqual(row["denominator"], denominator, digits)
        if value is None:
            value, lower, upper = share(numerator, denominator)
            self.assertAlmostEqual(row["lower"], lower, digits)
            self.assertAlmostEqual(row["upper"], upper, digits)
        self.assertAlmostEqual(row["value"], value, digits)

    def test_distance_travelled(self):
        pairs = [s for s in self.council.scores if s["end"] and FIRST <= s["end"] <= LAST]
        self.assertGreater(len(pairs), 20)
        change = lambda s: (s["end_score"] - s["start_score"]) * (1 if s["better"] == "high" else -1)
        kind = lambda s: "improved" if change(s) > 0 else "same" if change(s) == 0 else "worse"
        rows = self.measure("27", "--breakdown", "tool")
        for name, chosen in [("", pairs), *((tool, [p for p in pairs if p["tool"] == tool]) for tool in ("Star", "SDQ"))]:
            for quantity in ("improved", "same", "worse"):
                count = sum(kind(pair) == quantity for pair in chosen)
                self.check(rows["episodes", name, quantity], count, len(chosen))
        for tool in ("Star", "SDQ"):
            changes = [change(p) for p in pairs if p["tool"] == tool]
            mean = rows["episodes", tool, "mean_change"]
            self.check(mean, sum(changes), len(changes), sum(changes) / len(changes))
            self.assertEqual(mean["unit"], "points")
        self.assertNotIn(("episodes", "", "mean_change"), rows)

    def test_distance_travelled_by_age_has_the_stranger_as_not_known(self):
        rows = self.measure("27", "--breakdown", "age_band")
        self.assertGreaterEqual(rows["episodes", "not known", "improved"]["numerator"], 1)
        self.assertEqual(rows["episodes", "unborn", "improved"]["status"], "not available")

    def test_coverage_of_scores(self):
        def scored(e):
            return any(s["person"] == e["child"] and s["end"] and s["start"] >= e["start"] and
                       s["end"] <= e["end"] + 30 * DAY for s in self.council.scores)
        rows = self.measure("27-coverage", "--breakdown", "service")
        ended = self.council.ended()
        for unit in ("episodes", "children", "families"):
            for service in [None, *SERVICES]:
                chosen = [(i, e) for i, e in enumerate(ended) if service is None or e["service"] == service]
                units = lambda cases: len({self.council.unit(e["child"], i, unit) for i, e in cases})
                row = rows[unit, "" if service is None else category(service), "ratio"]
                self.check(row, units([c for c in chosen if scored(c[1])]), units(chosen))

    def test_needs_met(self):
        rows = self.measure("28", "--breakdown", "outcome,outcome|service")
        ended = [(i, n) for i, n in enumerate(self.council.needs)
                 if n["present"] and n["end"] and FIRST <= n["end"] <= LAST]
        for unit in ("episodes", "children", "families"):
            units = lambda needs: {self.council.unit(n["person"], i, unit) for i, n in needs}
            self.check(rows[unit, "", "met"], len(units([x for x in ended if x[1]["met"]])), len(units(ended)))
            for number, outcome in enumerate(OUTCOMES, 1):
                chosen = [x for x in ended if x[1]["outcome"] == number]
                self.check(rows[unit, outcome, "met"], len(units([x for x in chosen if x[1]["met"]])),
                           len(units(chosen)))
                for service in SERVICES:
                    crossed = [x for x in chosen if x[1]["service"] == service]
                    row = rows[unit, f"{outcome}|{category(service)}", "met"]
                    if crossed:
                        self.check(row, len(units([x for x in crossed if x[1]["met"]])), len(units(crossed)))
                    else:
                        self.assertEqual(row["status"], "not available")

    def test_needs_at_the_start(self):
        rows = self.measure("23-outcomes")
        assessments = collections.defaultdict(set)
        for need in self.council.needs:
            if FIRST <= need["start"] <= LAST:
                key = (need["person"], need["start"])
                assessments[key] |= {need["outcome"]} if need["present"] else set()
        for unit in ("episodes", "children", "families"):
            units = lambda keys: len({self.council.unit(key[0], key, unit) for key in keys})
            for number, outcome in enumerate(OUTCOMES, 1):
                having = [key for key, present in assessments.items() if number in present]
                self.check(rows[unit, "", outcome], units(having), units(assessments))

    def test_family_view(self):
        asked = [v for v in self.council.views if v["asked"] and FIRST <= v["date"] <= LAST]
        view = self.measure("29", "--breakdown", "survey")
        rate = self.measure("29-response", "--breakdown", "survey")
        for survey in ("", "Closing", "Six months on"):
            chosen = [v for v in asked if not survey or v["survey"] == survey]
            answered = [v for v in chosen if v["answered"]]
            positive = [v for v in answered if v["response"] == "positive"]
            self.check(view["episodes", survey, "positive"], len(positive), len(answered))
            self.check(rate["episodes", survey, "answered"], len(answered), len(chosen))

    def test_open_cases_a_worker(self):
        rows = self.measure("30", "--breakdown", "team")
        opened = [(i, e) for i, e in enumerate(self.council.merged())
                  if e["start"] <= LAST and (e["end"] is None or e["end"] > LAST)]
        staff = [s for s in self.council.staffing if s["from"] <= LAST and (s["to"] is None or s["to"] >= LAST)]
        for unit in ("episodes", "children", "families"):
            units = lambda cases: len({self.council.unit(e["child"], i, unit) for i, e in cases})
            fte = sum(s["fte"] for s in staff)
            self.check(rows[unit, "", "ratio"], units(opened), fte, units(opened) / fte)
            for team in TEAMS:
                cases = units([c for c in opened if c[1]["team"] == team])
                fte = sum(s["fte"] for s in staff if s["team"] == team)
                row = rows[unit, category(team), "ratio"]
                if fte:
                    self.check(row, cases, fte, cases / fte)
                else:
                    self.assertEqual(row["status"], "not available")
            workers = {e["worker"] for _, e in opened} | {s["worker"] for s in staff}
            loads = sorted(units([c for c in opened if c[1]["worker"] == worker]) for worker in workers if worker)
            for quantity, p in (("median_a_worker", 0.5), ("ninetieth_centile_a_worker", 0.9)):
                expected = next(x for i, x in enumerate(loads, 1) if i >= p * len(loads) - 1e-9)
                self.assertEqual(rows[unit, "", quantity]["value"], expected)
                self.assertEqual(rows[unit, "", quantity]["denominator"], len(loads))
                self.assertEqual(rows[unit, "", quantity]["unit"], "cases")

    def test_cost_of_a_closure_that_met_its_outcomes(self):
        rows = self.measure("39", "--breakdown", "service")
        met = [(i, e) for i, e in enumerate(self.council.ended()) if e["reason"] == "outcomes_met"]
        cost = {}
        for service in SERVICES[:2]:
            cost[service] = 0
            for line in (c for c in self.council.costs if c["service"] == service):
                days = (line["to"] - line["from"]).days + 1
                inside = (min(line["to"], LAST) - max(line["from"], FIRST)).days + 1
                cost[service] += math.floor(round(line["cost"] * 100) * inside / days + 0.5) / 100
        for unit in ("episodes", "children", "families"):
            units = lambda cases: len({self.council.unit(e["child"], i, unit) for i, e in cases})
            for service, pounds in cost.items():
                closures = units([c for c in met if c[1]["service"] == service])
                self.check(rows[unit, category(service), "ratio"], pounds, closures, pounds / closures)
            closures = units([c for c in met if c[1]["service"] in cost])
            self.check(rows[unit, "", "ratio"], sum(cost.values()), closures, sum(cost.values()) / closures)
            self.assertEqual(rows[unit, "Parenting", "ratio"]["status"], "not available")
            self.assertEqual(rows[unit, "not known", "ratio"]["status"], "not available")
        self.assertEqual(rows["episodes", "", "ratio"]["unit"], "£")

    def test_questionnaires(self):
        config = self.council.config
        arguments = ("--config", config)
        listed = json.loads(run("waymark-node", "questionnaire", "list", *arguments, "--json")[0])
        self.assertEqual({q["id"]: q["questions"] for q in listed},
                         {"system_guide": 41, "data_maturity": 25, "enablers": 16})
        for questionnaire in ("system_guide", "data_maturity"):
            run("waymark-node", "questionnaire", "new", questionnaire, *arguments, "--period", "2024-25")
            run("waymark-node", "questionnaire", "new", questionnaire, *arguments, expect=1)
        secret = "a reason that stays here"
        run("waymark-node", "questionnaire", "fill", "system_guide", *arguments,
            stdin=f"2\n1\n{secret}\na plan\nno\n\n\n\nq\n")
        run("waymark-node", "questionnaire", "fill", "system_guide", *arguments, stdin="4\n4\n\n\nq\n")
        text = (pathlib.Path(self.directory) / "guide.toml").read_text()
        self.assertIn(secret, text)
        status = json.loads(run("waymark-node", "questionnaire", "status", *arguments, "--json")[0])
        self.assertEqual({s["id"]: s["answered"] for s in status},
                         {"system_guide": 3, "data_maturity": 0, "enablers": None})
        out, _ = run("waymark-node", "measure", *arguments, "--metric", "41,42", "--json")
        self.assertNotIn(secret, out)
        answers = {(r["metric"], r["breakdown"].get("question")): r["quantity"] for r in json.loads(out)
                   if r["numerator"] == 1}
        self.assertEqual(answers, {("41", "F1"): "mostly_yes", ("41", "F2"): "no", ("41", "F3"): "no",
                                   ("41-target", "F1"): "yes", ("41-target", "F3"): "no"})
        self.assertEqual({r["period"] for r in json.loads(out) if r["metric"] in ("41", "42")}, {"2024-25"})
        # A slip of the pen has its line.
        path = pathlib.Path(self.directory) / "data.toml"
        path.write_text(path.read_text().replace('answer = ""', 'answer = "perhaps"', 1))
        line = path.read_text().splitlines().index('answer = "perhaps"') + 1
        _, error = run("waymark-node", "questionnaire", "check", "data_maturity", *arguments, expect=1)
        self.assertIn(f"data.toml:{line}: answers.S1.answer", error)
        self.assertIn("mostly_yes", error)

    def test_blank_templates(self):
        folder = pathlib.Path(self.directory) / "blank"
        run("waymark-node", "templates", folder)
        written = {path.name: path.read_text() for path in folder.iterdir()}
        self.assertEqual(sorted(written), ["costs.csv", "needs.csv", "scores.csv", "staffing.csv", "standards.csv",
                                           "views.csv"])
        self.assertEqual(written["costs.csv"], "service,from,to,cost\n")
        (folder / "costs.csv").write_text("mine")
        run("waymark-node", "templates", folder)
        self.assertEqual((folder / "costs.csv").read_text(), "mine")

    def test_every_row_is_used_or_counted(self):
        report = json.loads(run("waymark-node", "check-data", "--config", self.council.config, "--json")[0])
        files = {pathlib.Path(f["file"]).name: f for f in report["files"]}
        for name in ("scores", "needs", "views", "staffing", "costs"):
            self.assertEqual(files[f"{name}.csv"]["rows_read"], len(getattr(self.council, name)))
            left = sum(x["rows"] if isinstance(x, dict) else x for x in files[f"{name}.csv"]["left_out"]) \
                if isinstance(files[f"{name}.csv"]["left_out"], list) else 0
            self.assertEqual(files[f"{name}.csv"]["rows_used"] + left, files[f"{name}.csv"]["rows_read"])
        self.assertIn("1 children are in no other source", json.dumps(report))


if __name__ == "__main__":
    unittest.main()
