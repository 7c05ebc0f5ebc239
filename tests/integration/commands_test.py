"""The commands as a person meets them: an analyst's first hour, and what is refused."""

import csv
import io
import json
import shutil
import unittest

import made_up
from harness import Federation, run, wait_until


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.federation = Federation()
        cls.configs, cls.secret, cls.catalogue = made_up.prepare(cls.federation, 4, people=150)
        cls.config = next(iter(cls.configs.values()))

    @classmethod
    def tearDownClass(cls):
        cls.federation.__exit__(None, None, None)

    def test_help_and_version_of_every_program(self):
        for program in ("waymark-node", "waymark-coordinator", "waymark"):
            self.assertIn("0.1.0", run(program, "--version")[0])
            self.assertIn("--help", run(program, "--help")[0])
            run(program, "--no-such-option", expect=2)
            run(program, expect=2)

    def test_measure_needs_no_policy_no_enrolment_and_no_network(self):
        folder = self.config.parent
        alone = folder / "alone.toml"
        alone.write_text(self.config.read_text())
        WholeWay.without_policy(alone)
        rows = json.loads(run("waymark-node", "measure", "--config", alone, "--metric", "1,10", "--json")[0])
        for row in rows:
            for key in ("metric", "version", "period", "breakdown", "numerator", "denominator", "value", "unit"):
                self.assertIn(key, row)
            self.assertIsInstance(row["breakdown"], dict)
        self.assertTrue(any(row["value"] is not None for row in rows))

    def test_every_metric_of_the_library_has_figures_or_a_reason(self):
        rows = json.loads(run("waymark-node", "measure", "--config", self.config, "--metric", "all", "--period",
                              "2022-23", "--json")[0])
        listed = {metric["id"] for metric in json.loads(run("waymark", "metrics", "--json")[0])}
        self.assertEqual({row["metric"] for row in rows}, listed)
        for row in rows:
            self.assertEqual(row["status"] == "shown", row["value"] is not None, row)
            if row["status"] == "not available":
                self.assertTrue(row["reason"], row)

    def test_a_window_that_has_not_ended_is_not_called_finished(self):
        rows = json.loads(run("waymark-node", "measure", "--config", self.config, "--metric", "1", "--period", "2024-25",
                              "--json")[0])
        state = {row["window_days"]: row["completeness"] for row in rows}
        self.assertEqual(state[365], "partial")

    def test_a_period_before_coverage_gives_no_number(self):
        rows = json.loads(run("waymark-node", "measure", "--config", self.config, "--metric", "10", "--period", "2019-20",
                              "--json")[0])
        self.assertTrue(rows)
        for row in rows:
            self.assertIsNone(row["value"])
            self.assertEqual(row["completeness"], "not covered")

    def test_csv_and_json_say_the_same(self):
        arguments = ("measure", "--config", self.config, "--metric", "1", "--period", "2022-23")
        rows = json.loads(run("waymark-node", *arguments, "--json")[0])
        table = list(csv.DictReader(io.StringIO(run("waymark-node", *arguments, "--csv")[0])))
        self.assertEqual(len(rows), len(table))
        for row, line in zip(rows, table):
            self.assertEqual(line["metric"], row["metric"])
            self.assertEqual(line["numerator"], "" if row["numerator"] is None else str(row["numerator"]))

    def test_unknown_words_name_what_is_known(self):
        for arguments, words in ((("--metric", "99"), ["99"]), (("--period", "2024-26"), ["2024-25"]),
                                 (("--breakdown", "shoe_size"), ["sex"]), (("--unit", "cats"), ["families"]),
                                 (("--metric", "1", "--window", "17"), ["183", "365"])):
            _, error = run("waymark-node", "measure", "--config", self.config, *arguments, expect=1)
            for word in words:
                self.assertIn(word, error)

    def test_every_error_of_a_configuration_has_its_line(self):
        bad = self.federation.write("bad.toml", '[council]\ncode = "X"\n[node]\nstat = "x"\n[[source]]\nformat = "exel"\n')
        _, error = run("waymark-node", "check-config", "--config", bad, expect=1)
        for line in ("bad.toml:2", "bad.toml:4", "did you mean state", "bad.toml:6"):
            self.assertIn(line, error)

    def test_a_preview_draws_and_charges_nothing(self):
        for mode in ("thresholded", "noised"):
            metric = "19" if mode == "thresholded" else "1"
            output, _ = run("waymark-node", "preview", "--config", self.config, "--metric", metric, "--period", "2022-23",
                            "--mode", mode, "--unit", "episodes")
            self.assertIn("exact" if mode == "thresholded" else "charge", output)
            item = json.loads(run("waymark-node", "preview", "--config", self.config, "--metric", metric, "--period",
                                  "2022-23", "--mode", mode, "--unit", "episodes", "--json")[0])[0]
            # What the contribution bound leaves out is told here, and stands in no release.
            self.assertEqual("left_out" in item, mode == "noised")
            self.assertEqual([one for one in item.get("left_out", []) if one["members"] < one["families"]], [])
        entries = json.loads(run("waymark-node", "ledger", "show", "--config", self.config, "--json")[0])["entries"]
        self.assertEqual(entries, [])

    def test_what_the_policy_does_not_allow_is_refused(self):
        _, error = run("waymark-node", "preview", "--config", self.config, "--metric", "2", "--period", "2022-23",
                       "--mode", "noised", expect=3)
        self.assertIn("policy", error)


class WholeWay(unittest.TestCase):
    @staticmethod
    def without_policy(config):
        config.write_text(config.read_text().replace('policy = "policy.toml"\n', ""))

    def test_absent_suppressed_zero_and_shown_look_different_and_a_node_without_policy_releases_nothing(self):
        with Federation() as federation:
            configs, _, catalogue = made_up.prepare(federation, 6, people=300)
            codes = list(configs)
            closed, silent, partly = codes[:3]  # no policy; enrolled and never started; metric 1 not allowed
            self.without_policy(configs[closed])
            policy = configs[partly].parent / "policy.toml"
            policy.write_text(policy.read_text().replace('metric = "1"\n', 'metric = "16"\n'))
            federation.start_coordinator(catalogue=catalogue)
            for code in codes:
                federation.enrol(code, configs[code])
                if code != silent:
                    federation.start_node(code, configs[code])
            federation.open_round(made_up.ROUND.format(id="states", minutes=30))
            wait_until(lambda: sum(c["answered"] for c in federation.round("states")["councils"]) == 4, "four answers")
            # A node without a policy says so, at the look after the one at which it found out.
            wait_until(lambda: {"code": closed, "absence": "not allowed by its policy"} in [
                {"code": c["code"], "absence": c["absence"]} for c in federation.round("states")["councils"]], "the reason")
            federation.waymark("round", "close", "states")
            federation.wait_published("states")
            shown = json.loads(federation.waymark("benchmark", "--metric", "1", "--json"))
            reasons = {c["council"]: c["absence"] for c in shown["coverage"]}
            self.assertEqual([reasons[code] for code in codes],
                             ["not allowed by its policy", "not connected", "not released", "", "", ""])
            text = federation.waymark("compare", "--metric", "1", "--council", partly)
            self.assertIn("[absent]", text)
            self.assertIn("not released", text)
            everyone = next(f for f in shown["figures"]
                            if f["geography_code"] == "participants" and f["quantity"] == "any")
            self.assertEqual(everyone["contributors"], 3)
            self.assertEqual(everyone["absent"], 3)
            # Regions have fewer than three contributors somewhere: that is said, not shown as nothing.
            regional = json.loads(federation.waymark("benchmark", "--metric", "1", "--json"))["figures"]
            self.assertIn("too few councils", {f["status"] for f in regional if f["level"] == "region"})
            position = run("waymark-node", "position", "--config", configs[codes[3]], "--metric", "1", "--unit", "episodes")
            self.assertIn("participants", position[0])
            ledger = json.loads(run("waymark-node", "ledger", "show", "--config", configs[closed], "--json")[0])
            self.assertEqual(ledger["entries"], [], "without a policy nothing is charged, drawn or released")
            federation.waymark("round", "withdraw", "states", "--reason", "a wrong extract")
            self.assertIn("a wrong extract", federation.waymark("round", "show", "states"))
            _, refused = run("waymark", "--identity", federation.operator, "benchmark", "--metric", "1", expect=1)
            self.assertIn("withdrawn", refused)
            federation.open_round(made_up.ROUND.format(id="anew", minutes=30))
            wait_until(lambda: sum(c["answered"] for c in federation.round("anew")["councils"]) == 4, "four answers anew")
            federation.waymark("round", "close", "anew")
            again = json.loads(federation.waymark("benchmark", "--metric", "1", "--json"))
            values = lambda answer: [{**figure, "round_id": ""} for figure in answer["figures"]]
            self.assertEqual(values(again), values(shown), "what is asked again gets what left before")

    def test_a_join_file_serves_once_and_for_one_council(self):
        with Federation() as federation:
            configs, _, catalogue = made_up.prepare(federation, 2, people=20)
            codes = list(configs)
            federation.start_coordinator(catalogue=catalogue)
            join = federation.enrol(codes[0], configs[codes[0]])
            _, error = run("waymark-node", "enrol", "--config", configs[codes[1]], "--join", join, expect=1)
            self.assertIn(codes[0], error)
            # A thief with the same file and another key gets nothing.
            shutil.rmtree(configs[codes[0]].parent / "state")
            _, error = run("waymark-node", "enrol", "--config", configs[codes[0]], "--join", join, expect=None)
            self.assertNotEqual(error, "")


if __name__ == "__main__":
    unittest.main()
