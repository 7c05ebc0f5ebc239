"""Councils that are recoded, merge and split: who released what before goes on counting, and what is published goes on under
the new names. Real processes; officers sign who succeeded whom."""

import json
import shutil
import unittest

import made_up
from harness import Federation, run, wait_until

NORTH, REGION = "E12999901", "Test Region North"
BEFORE = ["E99000001", "E99000002", "E99000003", "E99000004"]
RECODED, MERGED, ONE_PART, OTHER_PART = AFTER = ["E99000011", "E99000012", "E99000013", "E99000014"]
OTHERS = ["E99000005", "E99000006", "E99000007"]
DAY = "2023-04-01"


def round_text(round_id, period, breakdowns=()):
    return made_up.round_text(round_id, made_up.item("19", period, breakdowns=list(breakdowns)), open_minutes=600)


def area(kind, code):
    return (f'{kind} {{ code: "{code}" name: "Test Council {int(code[-2:])}" region_code: "{NORTH}" '
            f'region_name: "{REGION}" old_code: {100 + int(code[-2:])} }}\n')


def succession(before, after):
    sides = [f'before: "{code}"' for code in before] + [f'after: "{code}"' for code in after]
    return f'successions {{ day: "{DAY}" {" ".join(sides)} }}\n'


class Succession(unittest.TestCase):
    def prepare(self, federation):
        from harness import BIN
        catalogue = federation.directory / "catalogue"
        shutil.copytree(BIN.parent / "share" / "waymark" / "catalogue", catalogue)
        (catalogue / "areas.textproto").write_text("".join(area("areas", code) for code in BEFORE + OTHERS + AFTER))
        (catalogue / "former_areas.textproto").write_text(
            succession(BEFORE[:1], [RECODED]) +
            succession(BEFORE[1:3], [MERGED]) + succession(BEFORE[3:], [ONE_PART, OTHER_PART]))
        configs = {}
        for i, code in enumerate(BEFORE + OTHERS + AFTER[1:]):
            folder = federation.directory / code
            made_up.make_ssd(folder / "ssd", seed=100 + i, people=1200)
            (folder / "policy.toml").write_text(made_up.POLICY)
            (folder / "node.toml").write_text(made_up.node_toml(code, f"Test Council {int(code[-2:])}", catalogue))
            configs[code] = folder / "node.toml"
        federation.make_officers(3, threshold=2)
        federation.start_coordinator(catalogue=catalogue)
        return configs

    def join(self, federation, configs, codes):
        for code in codes:
            federation.enrol(code, configs[code])
            federation.start_node(code, configs[code])

    def publish_roster(self, federation):
        file = federation.signed_roster(*federation.officer_keys[:2])
        federation.roster("publish", file)
        return json.loads(file.read_text())

    def ask(self, federation, round_id, period, breakdowns=()):
        federation.open_round(round_text(round_id, period, breakdowns))
        federation.wait_published(round_id)
        return {one["council"]: one for one in federation.round(round_id)["councils"]}

    def absences(self, federation, round_id, period, breakdowns=()):
        """Council: why it gave nothing, "" where it did."""
        federation.open_round(round_text(round_id, period, breakdowns))
        federation.wait_published(round_id)
        coverage = json.loads(federation.waymark("coverage", "--metric", "19", "--period", period, "--json"))
        self.assertEqual(coverage["round_id"], round_id)
        return {one["council"]: "" if one["takes_part"] else one["absence"] for one in coverage["councils"]}

    def figures(self, federation, code, period):
        answer = json.loads(federation.waymark("benchmark", "--metric", "19", "--geography", code, "--period", period,
                                               "--json"))
        return answer["figures"]

    def trend(self, federation, code):
        return json.loads(federation.waymark("trend", "--metric", "19", "--geography", code, "--json"))

    def test_history_goes_on(self):
        with Federation() as federation:
            configs = self.prepare(federation)
            self.join(federation, configs, BEFORE + OTHERS)
            self.assertNotIn("successions", self.publish_roster(federation), "those who would end are members")
            self.assertEqual(set(self.absences(federation, "before", "2022-23").values()), {""})
            counts = {code: self.figures(federation, code, "2022-23")[0] for code in BEFORE}

            # April comes. The recoded council goes on with its state; the others begin with states of their own.
            for code in BEFORE:
                federation.nodes[code].stop()
            config = configs[BEFORE[0]]
            config.write_text(config.read_text().replace(BEFORE[0], RECODED))
            configs[RECODED] = config
            for code in BEFORE:
                federation.roster("revoke", "--council", code)
            self.join(federation, configs, AFTER)
            log = federation.nodes[RECODED].log
            wait_until(lambda: "until the officers' roster names this council" in log(), "the node to wait for the officers")
            roster = self.publish_roster(federation)
            self.assertEqual([(one["before"], one["after"]) for one in roster["successions"]],
                             [(BEFORE[:1], [RECODED]), (BEFORE[1:3], [MERGED]), (BEFORE[3:], [ONE_PART, OTHER_PART])])
            for code in AFTER:
                wait_until(lambda: '"roster held"' in federation.nodes[code].log(), f"the roster at {code}")
            _, error = run("waymark-coordinator", "token", "--config", federation.config, "--council", BEFORE[3], "--out",
                           federation.directory / "late.join", expect=1)
            self.assertIn(f"make a join file for {ONE_PART} or {OTHER_PART}", error)

            # Those who take over ledgers import them; one part of the split does not.
            for old, new in ((BEFORE[1], MERGED), (BEFORE[2], MERGED), (BEFORE[3], ONE_PART)):
                report = federation.directory / f"{old}.json"
                run("waymark-node", "ledger", "export", "--config", configs[old], "--out", report)
                _, error = run("waymark-node", "ledger", "import", "--config", configs[new], "--key", "00" * 32, report,
                               expect=1)
                self.assertIn("not the one that the officers signed", error)
                altered = report.with_suffix(".altered")
                altered.write_text(report.read_text().replace('"2022-23"', '"2021-22"'))
                _, error = run("waymark-node", "ledger", "import", "--config", configs[new], altered, expect=1)
                self.assertIn("not signed by that council's key", error)
                run("waymark-node", "ledger", "import", "--config", configs[new], report)

            # What left before does not leave again, whoever asks how.
            again = self.absences(federation, "again", "2022-23", ["sex"])
            self.assertEqual({code: again[code] for code in AFTER}, dict.fromkeys(AFTER, "not released"))
            # Days that nobody has released yet: the part that knows its predecessor's ledger can tell, the other cannot.
            fresh = self.absences(federation, "fresh", "2021-22")
            self.assertEqual({code: fresh[code] for code in AFTER},
                             {RECODED: "", MERGED: "", ONE_PART: "", OTHER_PART: "not released"})
            federation.waymark("round", "withdraw", "again", "--reason", "the earlier figures stand")
            federation.waymark("round", "withdraw", "fresh", "--reason", "asked of the wrong year")
            self.assertEqual(set(self.absences(federation, "after", "2023-24").values()), {""})
            self.check_trends(federation, counts)
            self.check_next_catalogue(federation, counts)
            self.check_new_folder(federation, configs)

    def check_trends(self, federation, counts):
        recoded = self.trend(federation, RECODED)
        series = recoded["series"][0]["figures"]
        self.assertEqual([(one["period"], one["geography_code"]) for one in series],
                         [("2022-23", RECODED), ("2023-24", RECODED)])
        self.assertIn(f"(continued from {BEFORE[0]})", series[0]["geography_name"])
        self.assertEqual(series[0]["numerator"], counts[BEFORE[0]]["numerator"])
        self.assertEqual([(one["what"], one["is_incomparable"]) for one in recoded["breaks"]], [("succession", False)])
        self.assertIn(f"{BEFORE[0]} became {RECODED} on {DAY}", federation.waymark("trend", "--metric", "19",
                                                                                    "--geography", RECODED))
        merged = self.trend(federation, MERGED)
        series = merged["series"][0]["figures"]
        self.assertEqual([one["period"] for one in series], ["2022-23", "2023-24"])
        self.assertIn(f"(sum of {BEFORE[1]}, {BEFORE[2]})", series[0]["geography_name"])
        for part in ("numerator", "denominator"):
            # As of any group, rounded to the nearest ten.
            self.assertAlmostEqual(series[0][part], counts[BEFORE[1]][part] + counts[BEFORE[2]][part], delta=5)
        for code in (ONE_PART, OTHER_PART):
            split = self.trend(federation, code)
            series = split["series"][0]["figures"]
            self.assertEqual([one["geography_code"] for one in series], [BEFORE[3], code])
            self.assertIn("(before the split)", series[0]["geography_name"])
            self.assertEqual([(one["what"], one["is_incomparable"]) for one in split["breaks"]], [("succession", True)])
            self.assertNotIn("latest", {key for key, value in split["series"][0].items() if value})
        region = self.trend(federation, NORTH)
        self.assertEqual([one["what"] for one in region["breaks"]], ["succession"])
        coverage = federation.waymark("coverage", "--metric", "19", "--period", "2022-23")
        self.assertIn(f"{BEFORE[3]} split into {ONE_PART}, {OTHER_PART} on {DAY}", coverage)
        self.assertIn(f"{BEFORE[1]}, {BEFORE[2]} merged into {MERGED} on {DAY}", coverage)
        table = federation.directory / "open"
        federation.waymark("export", "--out", table)
        self.assertTrue(any(f"{BEFORE[0]} became {RECODED}" in file.read_text() for file in table.rglob("*.csv")))

    def check_next_catalogue(self, federation, counts):
        """Those that ended are former ones in the next version of the catalogue: what they published goes on under their names."""
        catalogue = federation.directory / "catalogue"
        former = catalogue / "former_areas.textproto"
        (catalogue / "areas.textproto").write_text("".join(area("areas", code) for code in OTHERS + AFTER))
        former.write_text("".join(area("former", code) for code in BEFORE) + former.read_text())
        lead = federation.directory / "lead"
        run("waymark-coordinator", "access", "add", "--config", federation.config, "--name", "lead", "--role",
            "regional-lead", "--regions", NORTH, "--out", lead)
        federation.coordinator.stop()
        federation.coordinator.start()
        federation.wait_for_coordinator()
        self.check_trends(federation, counts)
        for identity in (federation.operator, lead):
            answer = json.loads(run("waymark", "--identity", identity, "benchmark", "--metric", "19", "--geography",
                                    BEFORE[3], "--period", "2022-23", "--json")[0])
            self.assertEqual(answer["figures"][0]["geography_name"], "Test Council 4")
            self.assertEqual(answer["figures"][0]["numerator"], counts[BEFORE[3]]["numerator"])
        ask = ("compare", "--metric", "19", "--period", "2022-23", "--council")
        compared = federation.waymark(*ask, BEFORE[3])
        self.assertIn("Council: Test Council 4", compared)
        self.assertIn(f"Region: {REGION}", compared)
        self.assertIn(f"Councils changed: {BEFORE[3]} split into {ONE_PART}, {OTHER_PART} on {DAY}", compared)
        since = json.loads(federation.waymark("compare", "--metric", "19", "--period", "2023-24", "--council", RECODED,
                                              "--json"))
        self.assertIn(f"{BEFORE[0]} became {RECODED} on {DAY}", since["successions"][0])
        error = run("waymark", "--identity", federation.operator, *ask, MERGED, expect=1)[1]
        self.assertIn(f"merged into {MERGED} on {DAY}; `waymark trend` goes through both", error)
        _, error = run("waymark-coordinator", "token", "--config", federation.config, "--council", BEFORE[3], "--out",
                       federation.directory / "later.join", expect=1)
        self.assertIn("is no local authority any more", error)
        self.assertIn("(4 former ones)", run("waymark-coordinator", "check-config", "--config", federation.config)[0])

    def check_new_folder(self, federation, configs):
        """The attack: the recoded council begins with an empty ledger."""
        node = federation.nodes[RECODED]
        node.stop()
        config = configs[RECODED]
        shutil.move(config.parent / "state", config.parent / "kept")
        self.join(federation, configs, [RECODED])
        self.publish_roster(federation)
        log = federation.nodes[RECODED].log
        wait_until(lambda: "older copy" in log() or '"roster held"' in log(), "the fresh node")
        federation.open_round(round_text("attack", "2022-23", ["sex"]))
        wait_until(lambda: {one["code"]: one["absence"] for one in federation.round("attack")["councils"]}[RECODED] not in
                   ("", "no response"), "the fresh node to decline")
        federation.waymark("round", "close", "attack")
        answered = {one["code"]: one["answered"] for one in federation.round("attack")["councils"]}
        self.assertFalse(answered[RECODED])


if __name__ == "__main__":
    unittest.main()
