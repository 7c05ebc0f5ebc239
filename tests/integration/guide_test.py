"""Questionnaires of fourteen councils over two years, through the real programs: approved by a person, sent, combined. The
distributions, changes and likeness that are published are reckoned again here from the councils' files."""

import collections
import concurrent.futures
import csv
import io
import itertools
import json
import math
import random
import re
import shutil
import urllib.request
import unittest

from harness import BIN, ROOT, Federation, free_port, run

ANSWERS = ["yes", "mostly_yes", "mostly_no", "no"]
REGIONS = {"E12999901": "Test Region North", "E12999902": "Test Region South", "E12999903": "Test Region West"}
# North: seven councils, four without a name. South: four, three of them without a name. West: three with a name.
REGION_OF = dict(zip([f"E990000{i:02d}" for i in range(1, 15)],
                     ["E12999901"] * 7 + ["E12999902"] * 4 + ["E12999903"] * 3))
UNNAMED = {f"E990000{i:02d}" for i in range(4, 11)}
ABSENT = {"E99000014"}  # in the second year
YEARS = ["2023-24", "2024-25"]
LEAST = 3


def sections():
    """[(section, [question])] of the system guide, read from the catalogue's text."""
    text = (ROOT / "catalogue" / "questionnaires" / "system_guide.textproto").read_text()
    found = []
    for part in text.split("sections {")[1:]:
        ids = re.findall(r'id: "(\w+)"', part)
        found.append((ids[0], ids[1:]))
    return found


SECTIONS = sections()
QUESTIONS = [question for _, questions in SECTIONS for question in questions]


class Truth:
    """What each council answers, by year, council and question; None: nothing."""

    def __init__(self, seed):
        chance = random.Random(seed)
        self.answers = {year: {} for year in YEARS}
        for code in REGION_OF:
            first = {question: chance.choice(ANSWERS + [None] * (chance.random() < 0.2)) for question in QUESTIONS}
            # North's councils are alike in their first theme.
            if REGION_OF[code] == "E12999901":
                first.update({question: ANSWERS[i % 4] for i, question in enumerate(SECTIONS[0][1])})
            second = {}
            for question, answer in first.items():
                place = None if answer is None else max(0, ANSWERS.index(answer) - (chance.random() < 0.5))
                second[question] = None if place is None else ANSWERS[place]
            self.answers[YEARS[0]][code], self.answers[YEARS[1]][code] = first, second
        for year in YEARS:  # nobody answers the last one; the unnamed of South all say yes to the one before it
            for code in REGION_OF:
                self.answers[year][code][QUESTIONS[-1]] = None
            for code in UNNAMED:
                if REGION_OF[code] == "E12999902":
                    self.answers[year][code][QUESTIONS[-2]] = "yes"

    def councils(self, year):
        return [code for code in REGION_OF if year == YEARS[0] or code not in ABSENT]

    def toml(self, year, code):
        lines = ['questionnaire = "system_guide"', "version = 1", f'period = "{year}"']
        for question, answer in self.answers[year][code].items():
            lines += ["", f"[answers.{question}]", f'answer = "{answer or ""}"', 'target = ""',
                      f'rationale = "a secret of {code}"', 'plan = ""']
        return "\n".join(lines) + "\n"

    def hidden(self, year, question):
        """The places at which the question is not shown, by the rule in docs/threat-model.md."""
        by_region = collections.defaultdict(list)
        for code in self.councils(year):
            if code in UNNAMED:
                by_region[REGION_OF[code]].append(self.answers[year][code][question])

        everyone = [answer for answers in by_region.values() for answer in answers]
        most = max(collections.Counter(everyone).values())
        return set(by_region) | (set() if len(everyone) >= LEAST and most + 2 <= len(everyone) else {"participants"})


def sign_test(up, down):
    moved = up + down
    return min(1, 2 * sum(math.comb(moved, i) for i in range(min(up, down) + 1)) / 2 ** moved)


def holm(values):
    order = sorted(range(len(values)), key=lambda i: values[i])
    adjusted, before = [0] * len(values), 0
    for rank, i in enumerate(order):
        before = adjusted[i] = max(before, min(1, (len(values) - rank) * values[i]))
    return adjusted


def agreement(rows):
    """Of all pairs that both answered, those that agree."""
    pairs = [(a, b) for one, other in itertools.combinations(rows, 2) for a, b in zip(one, other) if a and b]
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else None


class Guide(unittest.TestCase):
    def test_two_years_of_answers(self):
        self.truth = Truth(20260723)
        with Federation() as self.federation:
            self.prepare()
            self.check_nothing_leaves_unread()
            for year in YEARS:
                self.hold(year)
            self.first = json.loads(self.guide("--period", YEARS[0], "--json"))
            self.now = json.loads(self.guide("--alike", "--json"))
            self.check_distributions()
            self.check_states()
            self.check_change()
            self.check_alike()
            self.check_csv()
            self.check_text()
            self.check_api()
            self.check_it_is_asked_once()
            self.check_nothing_secret_left()

    def prepare(self):
        federation = self.federation
        self.catalogue = federation.directory / "catalogue"
        shutil.copytree(BIN.parent / "share" / "waymark" / "catalogue", self.catalogue)
        (self.catalogue / "areas.textproto").write_text("".join(
            f'areas {{ code: "{code}" name: "Test Council {i}" region_code: "{region}" '
            f'region_name: "{REGIONS[region]}" old_code: {100 + i} }}\n'
            for i, (code, region) in enumerate(REGION_OF.items(), 1)))
        self.port = free_port()
        federation.start_coordinator(catalogue=self.catalogue)
        federation.coordinator.stop()
        text = federation.config.read_text()
        federation.config.write_text(text.replace("[server]\n", f'[server]\nhttp_listen = "127.0.0.1:{self.port}"\n'))
        federation.coordinator.start()
        federation.wait_for_coordinator()
        self.configs = {}
        for i, code in enumerate(REGION_OF, 1):
            folder = federation.directory / code
            folder.mkdir()
            key = run("waymark-node", "approve", "--new-key", folder / "lead.key")[0].strip()
            identity = "pseudonymous" if code in UNNAMED else "named"
            (folder / "policy.toml").write_text(
                f'[release]\napproval = "by-person"\nidentity = "{identity}"\n[[approver]]\nname = "lead"\n{key}\n'
                '[[allow]]\nmetric = "41"\nversion = 1\nmode = "stated"\nbreakdowns = ["question"]\n')
            (folder / "node.toml").write_text(
                f'[council]\ncode = "{code}"\nname = "Test Council {i}"\n[node]\nstate = "state"\n'
                f'policy = "policy.toml"\ncatalogue = "{self.catalogue}"\n[questionnaires]\nsystem_guide = "guide.toml"\n')
            self.configs[code] = folder / "node.toml"
            federation.enrol(code, self.configs[code])

    def check_nothing_leaves_unread(self):
        policy = self.configs["E99000001"].parent / "policy.toml"
        before = policy.read_text()
        policy.write_text('[release]\napproval = "automatic"\n' + before[before.index("[[allow]]"):])
        self.assertIn("by-person", run("waymark-node", "check-config", "--config", self.configs["E99000001"], expect=None)[1]
                      + run("waymark-node", "run", "--config", self.configs["E99000001"], "--once", "--poll-seconds", "1",
                            expect=1)[1])
        policy.write_text(before)

    def hold(self, year):
        """A round: every council's person approves its answers."""
        rounds = {YEARS[0]: "guide-2024", YEARS[1]: "guide-2025"}
        for code in REGION_OF:
            (self.configs[code].parent / "guide.toml").write_text(self.truth.toml(year, code))
        self.federation.open_round(
            f'id = "{rounds[year]}"\ntitle = "System guide"\nopen_minutes = 30\nleast_contributors = {LEAST}\n'
            f'data_version = 1\n[[item]]\nmetric = "41"\nperiod = "{year}"\nmode = "stated"\nbreakdowns = ["question"]\n')

        def answer(code):
            config = self.configs[code]
            once = ("waymark-node", "run", "--config", config, "--once", "--poll-seconds", "1")
            run(*once)
            shown = json.loads(run("waymark-node", "preview", "--config", config, "--round", rounds[year], "--json")[0])
            stated = shown["items"][0]["states"][0]["answers"]
            self.assertEqual(stated, {question: given or "unanswered"
                                      for question, given in self.truth.answers[year][code].items()})
            run("waymark-node", "approve", "--config", config, "--round", rounds[year], "--proposal", shown["proposal"],
                "--key", config.parent / "lead.key")
            run(*once)

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(answer, self.truth.councils(year)))
        if year == YEARS[1]:
            self.federation.waymark("round", "close", rounds[year])
        self.federation.wait_published(rounds[year])

    def guide(self, *arguments, expect=0):
        return self.federation.waymark("guide", "--metric", "41", "--catalogue", self.catalogue, *arguments, expect=expect)

    def check_distributions(self):
        for year, guide in zip(YEARS, (self.first, self.now)):
            self.assertEqual([question["question"] for question in guide["questions"]], QUESTIONS)
            hidden = 0
            for question in guide["questions"]:
                unseen = self.truth.hidden(year, question["question"])
                self.assertEqual([place["code"] for place in question["places"]], [*REGIONS, "participants"])
                for place in question["places"]:
                    members = [code for code in self.truth.councils(year)
                               if place["code"] in ("participants", REGION_OF[code])]
                    given = [self.truth.answers[year][code][question["question"]] for code in members]
                    self.assertEqual(place["handed_in"], len(members), place)
                    if place["code"] in unseen:
                        hidden += 1
                        self.assertEqual((place["status"], place["answers"], place["unanswered"], place["mature_share"]),
                                         ("hidden", None, None, None), (year, question["question"]))
                        continue
                    counts = collections.Counter(given)
                    if len(members) < LEAST:
                        self.assertEqual(place["status"], "too few councils")
                        continue
                    self.assertEqual(place["status"], "shown", (year, question["question"], place))
                    self.assertEqual(place["answers"], {answer: counts[answer] for answer in ANSWERS})
                    self.assertEqual(place["unanswered"], counts[None])
            self.assertGreater(hidden, 2 * len(QUESTIONS))  # two regions, and the last question everywhere

    def check_states(self):
        """Zero, no answer, absent, hidden and not asked never look alike."""
        last, before_last = self.now["questions"][-1], self.now["questions"][-2]
        west = {place["code"]: place for place in last["places"]}["E12999903"]
        self.assertEqual((west["status"], west["answers"], west["unanswered"], west["absent"], west["handed_in"]),
                         ("too few councils", None, None, 1, 2))
        west = self.first["questions"][-1]["places"][2]
        self.assertEqual((west["status"], west["answers"], west["unanswered"], west["absent"]),
                         ("shown", dict.fromkeys(ANSWERS, 0), 3, 0))
        self.assertIsNone(west["mature_share"])
        self.assertEqual(before_last["places"][1]["status"], "hidden")
        self.assertEqual(self.first["questions"][0]["before"]["status"], "not asked")
        self.assertIsNone(self.first["questions"][0]["before"]["handed_in"])
        absent = {council["name"]: council["absence"] for council in self.now["coverage"] if council["absence"]}
        self.assertEqual(list(absent), ["Test Council 14"])

    def check_change(self):
        self.assertEqual((self.now["period_before"], self.now["round_id_before"]), (YEARS[0], "guide-2024"))
        named = [code for code in self.truth.councils(YEARS[1]) if code not in UNNAMED]
        tests = []
        for question, earlier in zip(self.now["questions"], self.first["questions"]):
            all_before = earlier["places"][-1]
            self.assertEqual({name: question["before"][name] for name in ("status", "answers", "mature_share")},
                             {name: all_before[name] for name in ("status", "answers", "mature_share")})
            moved = []
            for code in named:
                given = [self.truth.answers[year][code][question["question"]] for year in YEARS]
                if None not in given:
                    moved.append(ANSWERS.index(given[0]) - ANSWERS.index(given[1]))
            both = question["named_councils_in_both_years"]
            if not moved:
                self.assertIsNone(both)
                continue
            up, down = sum(move > 0 for move in moved), sum(move < 0 for move in moved)
            self.assertEqual((both["moved_up"], both["moved_down"], both["stayed"]), (up, down, len(moved) - up - down))
            self.assertAlmostEqual(both["sign_test_p"], sign_test(up, down), 10)
            tests.append(both)
        for both, together in zip(tests, holm([both["sign_test_p"] for both in tests])):
            self.assertAlmostEqual(both["sign_test_p_together"], together, 10)
        share = self.now["questions"][0]["places"][-1]
        if share["status"] == "shown":
            answers = share["answers"]
            self.assertAlmostEqual(share["mature_share"],
                                   100 * (answers["yes"] + answers["mostly_yes"]) / sum(answers.values()), 10)

    def check_alike(self):
        named = [code for code in self.truth.councils(YEARS[1]) if code not in UNNAMED]
        tests = []
        rows = {(row["section"], row["geography_code"]): row for row in self.now["alike"]}
        self.assertEqual(len(rows), len(SECTIONS) * len(REGIONS))
        for section, questions in SECTIONS:
            given = {code: [self.truth.answers[YEARS[1]][code][question] for question in questions] for code in named}
            for region in REGIONS:
                row = rows[section, region]
                group = [code for code in named if REGION_OF[code] == region]
                self.assertEqual(row["named_councils"], len(group))
                if len(group) < 3:
                    self.assertEqual((row["status"], row["p"], row["agreement"]), ("too few councils", None, None))
                    continue
                own = agreement([given[code] for code in group])
                others = [agreement([given[code] for code in chosen]) or 0
                          for chosen in itertools.combinations(named, len(group))]
                self.assertAlmostEqual(row["agreement"], own, 10)
                self.assertAlmostEqual(row["expected_by_chance"], sum(others) / len(others), 10)
                self.assertAlmostEqual(row["p"], sum(other >= own - 1e-9 for other in others) / len(others), 10)
                self.assertTrue(row["exact"])
                self.assertEqual(row["groupings"], len(others))
                tests.append(row)
        for row, together in zip(tests, holm([row["p"] for row in tests])):
            self.assertAlmostEqual(row["p_together"], together, 10)
        self.assertEqual(min(tests, key=lambda row: row["p"])["section"], SECTIONS[0][0])

    def check_csv(self):
        rows = list(csv.DictReader(io.StringIO(self.guide("--csv"))))
        self.assertEqual(len(rows), len(QUESTIONS) * len(ANSWERS) * (len(REGIONS) + 1))
        shown = {(row["geography_code"], row["question"], row["answer"]): row for row in rows}
        for question in self.now["questions"]:
            for place in question["places"]:
                for answer in ANSWERS:
                    row = shown[place["code"], question["question"], answer]
                    wanted = place["shorthand"] if place["answers"] is None else str(place["answers"][answer])
                    self.assertEqual((row["councils"], row["status"]), (wanted, place["status"]))
                    of_all = place["code"] == "participants"
                    self.assertEqual(row["period_before"], YEARS[0] if of_all else "")
        alike = list(csv.DictReader(io.StringIO(self.guide("--alike", "--csv"))))
        self.assertEqual([(row["section"], row["geography_code"]) for row in alike],
                         [(row["section"], row["geography_code"]) for row in self.now["alike"]])

    def check_text(self):
        text = self.guide("--alike")
        self.assertIn("13 of 14 councils handed it in. Absent: Test Council 14", text)
        self.assertIn("Since 2023-24, all participants", text)
        self.assertIn("Themes in which a region's councils are alike", text)
        self.assertIn("Test Region South", self.guide("--geography", "E12999902"))
        self.assertIn("[c] hidden", self.guide("--geography", "E12999902"))
        self.assertIn("Nothing is published of 2022-23", self.guide("--period", YEARS[0]))
        self.guide("--geography", "E1", expect=1)
        self.federation.waymark("guide", "--metric", "19", "--catalogue", self.catalogue, expect=1)

    def check_api(self):
        out = self.federation.directory / "analyst"
        run("waymark-coordinator", "access", "add", "--config", self.federation.config, "--name", "analyst", "--role",
            "national-analyst", "--token", "--out", out)
        token = out.read_text().split('token = "')[1].split('"')[0]

        def read(target):
            request = urllib.request.Request(f"http://127.0.0.1:{self.port}{target}",
                                             headers={"Authorization": f"Bearer {token}"})
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.read().decode()

        self.assertEqual(json.loads(read("/api/v1/guide/41.json?alike=yes")), self.now)
        self.assertEqual(json.loads(read("/api/v1/guide/41.json?period=2023-24")), self.first)
        self.assertEqual(json.loads(read("/api/v1/guide/41.json?round=guide-2024"))["period"], YEARS[0])
        self.assertEqual(read("/api/v1/guide/41.csv"), self.guide("--csv"))
        self.assertEqual(read("/api/v1/guide/41.csv?alike=yes"), self.guide("--alike", "--csv"))
        # The flat table of all figures hides the same, and has no row of a council without a name.
        rows = list(csv.DictReader(io.StringIO(read("/api/v1/tables/41.csv"))))
        self.assertFalse([row for row in rows if row["new_la_code"] and row["new_la_code"] not in REGION_OF])
        self.assertFalse([row for row in rows if row["new_la_code"] in UNNAMED])
        self.assertIn("[c]", {row["value"] for row in rows if row["region_code"] == "E12999901" and not row["new_la_code"]})

    def check_it_is_asked_once(self):
        path = self.federation.write("again.toml", 'id = "again"\ntitle = "Again"\nopen_minutes = 30\n'
                                     'least_contributors = 3\ndata_version = 2\n[[item]]\nmetric = "41"\nperiod = "2024-25"\n'
                                     'mode = "stated"\nbreakdowns = ["question"]\n')
        _, error = run("waymark", "--identity", self.federation.operator, "round", "open", "--file", path, expect=1)
        self.assertIn("in round guide-2025; it is asked once", error)

    def check_nothing_secret_left(self):
        for path in (self.federation.directory / "coordinator-state").rglob("*"):
            if path.is_file():
                self.assertNotIn(b"a secret of", path.read_bytes(), path)
        text = self.guide("--json") + self.guide("--period", YEARS[0], "--json") + self.guide("--csv")
        for code in UNNAMED:
            self.assertNotIn(code, text)


if __name__ == "__main__":
    unittest.main()
