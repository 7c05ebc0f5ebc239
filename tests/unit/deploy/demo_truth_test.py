"""What a node measures from the made-up councils' files is what is true of them: every council, every format.

    demo_truth_test.py COUNCILS_PROGRAM NODE_PROGRAM

The truth was counted by the generator from the lives it made, before it wrote files and put mistakes into them; it shares
no code with a node.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

NODE = sys.argv.pop()
COUNCILS = sys.argv.pop()


def figures(config, period):
    """(metric, quantity, window) → the measured figure, of all episodes."""
    run = subprocess.run([NODE, "measure", "--config", str(config), "--metric", "1,2,10,16,16-known,19", "--period", period,
                          "--json"], check=False, capture_output=True, text=True)
    if run.returncode != 0:
        raise AssertionError(run.stderr)
    return {(each["metric"], each["quantity"], each["window_days"] if each["metric"] in ("1", "2") else 0): each
            for each in json.loads(run.stdout) if each["counted"] == "episodes" and not each["breakdown"]}


def expected(council):
    """(metric, quantity, window) → (numerator, denominator), or for durations (None, denominator, days)."""
    closures = council["early_help_closures"]
    quartiles = zip(("lower_quartile", "median", "upper_quartile"), council["duration_quartiles_days"])
    result = {("10", name, 0): (None, closures, days) for name, days in quartiles}
    result["16", "outcomes_met", 0] = (council["outcomes_met"], closures)
    result["16-known", "outcomes_met", 0] = (council["outcomes_met"], council["end_reason_known"])
    result["19", "nfa", 0] = (council["referrals_nfa"], council["referrals"])
    for window in council["windows"]:
        result["1", "any", window["days"]] = (window["returned"], window["followed_up"])
        result["2", "any", window["days"]] = (window["referred"], window["followed_up_not_in_social_care"])
    return result


class DemoTruthTest(unittest.TestCase):
    def test_a_node_measures_what_is_true(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([COUNCILS, "--out", folder], check=True)
            truth = json.loads((pathlib.Path(folder) / "truth.json").read_text())
            self.assertEqual(len(truth["councils"]), 12)
            for council in truth["councils"]:
                measured = figures(pathlib.Path(folder) / council["code"] / "node.toml", truth["period"])
                for key, true in expected(council).items():
                    with self.subTest(council=council["name"], figure=key):
                        figure = measured[key]
                        self.assertEqual((figure["numerator"], figure["denominator"], figure["value"])[:len(true)], true)


if __name__ == "__main__":
    unittest.main()
