"""waymark-demo-councils: same seed, same bytes; and the true figures that it states are those of the files it writes,
counted here by a reader that shares no code with it or with a node.

    demo_councils_test.py PROGRAM
"""

import bisect
import collections
import csv
import datetime
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
EXTRACT = datetime.date(2025, 6, 30)
PERIOD = (datetime.date(2023, 4, 1), datetime.date(2024, 3, 31))
NO_REASON = {"", "unknown", "archived"}


def make(folder, seed):
    subprocess.run([PROGRAM, "--out", str(folder), "--seed", str(seed)], check=True)
    return pathlib.Path(folder)


def digest(folder):
    total = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            total.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def rows(path, encoding="utf-8-sig", delimiter=","):
    with open(path, encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def day(text, form):
    """None for a blank one and for a date that does not exist."""
    try:
        return datetime.datetime.strptime(text, form).date()
    except ValueError:
        return None


class Life:
    """What one child's files say."""

    def __init__(self):
        self.birth = None
        self.pieces = set()     # early help: start, end, reason
        self.social_care = []   # start, end
        self.referrals = []     # day, nfa
        self.contacts = []      # day, nfa

    def early_help(self):
        """Pieces that touch, or lie one day apart, joined."""
        joined = []
        for start, end, reason in sorted(self.pieces, key=lambda piece: (piece[0], piece[1] or EXTRACT)):
            if joined and joined[-1][1] is not None and (start - joined[-1][1]).days <= 1:
                joined[-1] = (joined[-1][0], end, reason)
            else:
                joined.append((start, end, reason))
        return joined

    def in_social_care(self, on):
        return any(start <= on and (end is None or on < end or start == on) for start, end in self.social_care)


def read_ssd(folder, form, encoding="utf-8-sig", delimiter=",", early_help=True):
    lives = collections.defaultdict(Life)
    read = lambda name: rows(folder / f"{name}.csv", encoding, delimiter)
    for row in read("ssd_person"):
        lives[row["pers_person_id"]].birth = day(row["pers_dob"], form)
    for row in read("ssd_early_help_episodes") if early_help else []:
        add_piece(lives[row["earl_person_id"]], day(row["earl_episode_start_date"], form), row["earl_episode_end_date"],
                  row["earl_episode_end_reason"], form)
    for row in read("ssd_contacts"):
        lives[row["cont_person_id"]].contacts.append((day(row["cont_contact_date"], form), row["cont_contact_outcome"] == "nfa"))
    for row in read("ssd_cin_episodes"):
        life, nfa = lives[row["cine_person_id"]], row["cine_referral_nfa"] == "yes"
        life.referrals.append((day(row["cine_referral_date"], form), nfa))
        if not nfa and row["cine_close_reason"] != "RC8":
            life.social_care.append((life.referrals[-1][0], day(row["cine_close_date"], form)))
    return lives


def add_piece(life, start, end_text, reason, form):
    end = day(end_text, form)
    if start is None or start > EXTRACT or (end is not None and end < start):
        return
    life.pieces.add((start, end, reason))


def read_own_words(folder):
    """The council with Windows-1252, semicolons and words of its own."""
    form = "%d/%m/%Y"
    words = {"Goals achieved – closed": "outcomes_met", "Left area": "moved"}
    lives = collections.defaultdict(Life)
    read = lambda name: rows(folder / f"{name}.csv", "windows-1252", ";")
    for row in read("early help"):
        life = lives[row["Child’s ref"]]
        life.birth = day(row["Born"], form)
        add_piece(life, day(row["Date opened"], form), row["Date closed"], words.get(row["Why closed"], row["Why closed"]), form)
    for row in read("social care"):
        lives[row["Child’s ref"]].social_care.append((day(row["Date opened"], form), day(row["Date closed"], form)))
    for row in read("referrals"):
        lives[row["Child’s ref"]].referrals.append((day(row["Received on"], form), row["NFA?"] == "yes"))
    for row in read("contacts"):
        lives[row["Child’s ref"]].contacts.append((day(row["Received on"], form), row["Led to"] == "closed at front door"))
    return lives


def read_events(folder):
    lives = read_ssd(folder / "ssd", "%Y-%m-%d", early_help=False)
    opened = {}
    events = {tuple(row.items()): row for row in rows(folder / "plans" / "events.csv")}  # each once
    for row in events.values():
        when = datetime.date.fromisoformat(row["when"][:10])
        if row["what"] == "Plan opened":
            opened[row["case_child"]] = when
        else:
            lives[row["case_child"]].pieces.add((opened.pop(row["case_child"]), when, row["result"]))
    for child, start in opened.items():
        lives[child].pieces.add((start, None, ""))
    return lives


def birthday_18(birth):
    try:
        return birth.replace(year=birth.year + 18)
    except ValueError:
        return datetime.date(birth.year + 18, 3, 1)


def figures(lives):
    """The same figures as truth.json has for a council."""
    counts = collections.Counter()
    durations = []
    windows = {183: collections.Counter(), 365: collections.Counter()}
    for life in lives.values():
        counts["referrals"] += sum(PERIOD[0] <= on <= PERIOD[1] for on, _ in life.referrals)
        counts["referrals_nfa"] += sum(nfa and PERIOD[0] <= on <= PERIOD[1] for on, nfa in life.referrals)
        counts["contacts"] += sum(PERIOD[0] <= on <= PERIOD[1] for on, _ in life.contacts)
        counts["contacts_nfa"] += sum(nfa and PERIOD[0] <= on <= PERIOD[1] for on, nfa in life.contacts)
        episodes = life.early_help()
        starts = [start for start, _, _ in episodes]
        for start, end, reason in episodes:
            if end is None or not PERIOD[0] <= end <= PERIOD[1]:
                continue
            counts["early_help_closures"] += 1
            counts["outcomes_met"] += reason == "outcomes_met"
            counts["end_reason_known"] += reason not in NO_REASON
            durations.append((end - start).days)
            for days, window in windows.items():
                last = end + datetime.timedelta(days)
                if life.birth and end < birthday_18(life.birth) <= last:
                    continue
                if any(why == "moved" and end <= left <= last for _, left, why in episodes if left):
                    continue
                window["followed_up"] += 1
                after = bisect.bisect_right(starts, end)
                window["returned"] += after < len(starts) and starts[after] <= last
                if not life.in_social_care(end):
                    window["followed_up_not_in_social_care"] += 1
                    window["referred"] += any(end < on <= last for on, _ in life.referrals)
    durations.sort()
    quartiles = [durations[-(-len(durations) * part // 4) - 1] for part in (1, 2, 3)]
    return {**counts, "duration_quartiles_days": quartiles,
            "windows": [{"days": days, **window} for days, window in windows.items()]}


class DemoCouncilsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = make(pathlib.Path(cls.temporary.name) / "a", 1)
        cls.truth = {council["code"]: council for council in json.loads((cls.folder / "truth.json").read_text())["councils"]}

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def check(self, code, lives):
        stated = {key: value for key, value in self.truth[code].items() if key not in ("code", "name", "region")}
        self.assertEqual(figures(lives), stated)

    def test_truth_is_that_of_the_safeguarding_dataset(self):
        self.check("E99000001", read_ssd(self.folder / "E99000001" / "ssd", "%Y-%m-%d"))
        self.check("E99000004", read_ssd(self.folder / "E99000004" / "ssd", "%Y-%m-%d %H:%M:%S"))
        self.check("E99000006", read_ssd(self.folder / "E99000006" / "ssd", "%d/%m/%Y", "windows-1252", ";"))

    def test_truth_is_that_of_files_with_own_words(self):
        self.check("E99000002", read_own_words(self.folder / "E99000002" / "extract"))

    def test_truth_is_that_of_the_event_log(self):
        self.check("E99000007", read_events(self.folder / "E99000007"))

    def test_same_seed_gives_the_same_bytes(self):
        base = pathlib.Path(self.temporary.name)
        self.assertEqual(digest(make(base / "b", 1)), digest(self.folder))
        self.assertNotEqual(digest(make(base / "c", 2)), digest(self.folder))

    def test_councils_are_realistic(self):
        rates = []
        for code, council in self.truth.items():
            self.assertTrue(code.startswith("E990000"))
            self.assertTrue(400 <= council["early_help_closures"] <= 8500, council)
            rates.append(council["windows"][1]["returned"] / council["windows"][1]["followed_up"])
        self.assertEqual(len(rates), 12)
        self.assertLess(min(rates), .13)
        self.assertGreater(max(rates), .24)

    def test_files_have_mistakes_for_the_quality_report(self):
        text = (self.folder / "E99000001" / "ssd" / "ssd_early_help_episodes.csv").read_text()
        lines = text.splitlines()
        self.assertGreater(len(lines), len(set(lines)))   # duplicates
        self.assertIn(",2023-02-30,", text)               # a date that does not exist
        self.assertIn(",archived,", text)                 # a code that nobody knows
        self.assertIn("Château".encode("windows-1252"),
                      (self.folder / "E99000002" / "extract" / "early help.csv").read_bytes())

    def test_total_size_is_modest(self):
        total = sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())
        self.assertLess(total, 60_000_000)


if __name__ == "__main__":
    unittest.main()
