"""The motivated intruder against a federation of real processes that was asked everything one would ask to find somebody out."""

import json
import os
import pathlib
import subprocess
import unittest

import made_up
from harness import BIN, ROOT, Federation, run

THRESHOLDED = ("19", "3", "20", "22")  # 22: many outcomes, by every breakdown
NOISED = ("1", "10")
GAUSSIAN = ("5",)
MOVES = ("31",)  # a transition matrix: moves by person-days
BREAKDOWNS = ["sex", "age_band", "ethnicity", "sex|age_band", "quarter"]
DRAW_NOISE = pathlib.Path(os.environ.get("WAYMARK_DRAW_NOISE", BIN.parent / "tests" / "waymark-draw-noise"))


def policy():
    text = '[release]\napproval = "automatic"\n[floors]\nyearly_epsilon = "4"\nleast_contributors = 3\n'
    for metrics, mode in ((THRESHOLDED, "thresholded"), (NOISED + GAUSSIAN + MOVES, "noised")):
        for metric in metrics:
            text += f'[[allow]]\nmetric = "{metric}"\nversion = 1\nmode = "{mode}"\n'
            if mode == "thresholded":
                text += f"breakdowns = {json.dumps(BREAKDOWNS)}\n"
    return text


def round_text(name, period, metrics, breakdowns=(), version=1, noise=None):
    """`noise`: (\"epsilon\" or \"rho\", a fraction)."""
    text = (f'id = "{name}"\ntitle = "{name}"\nopen_minutes = 30\nleast_contributors = 3\ndata_version = {version}\n')
    for metric in metrics:
        units = ["episodes"] if metric in MOVES else ["episodes", "children"]
        text += f'[[item]]\nmetric = "{metric}"\nperiod = "{period}"\nunits = {json.dumps(units)}\n'
        text += f'mode = "noised"\n{noise[0]} = "{noise[1]}"\n' if noise else 'mode = "thresholded"\n'
        if breakdowns:
            text += f"breakdowns = {json.dumps(list(breakdowns))}\n"
    return text


class Intruder(unittest.TestCase):
    def test_a_whole_history_of_awkward_questions_gives_nobody_away(self):
        with Federation() as federation:
            configs, _, catalogue = made_up.prepare(federation, 4, people=400)
            federation.start_coordinator(catalogue=catalogue)
            for code, config in configs.items():
                (config.parent / "policy.toml").write_text(policy())
                federation.enrol(code, config)
                federation.start_node(code, config)
            questions = [
                ("year", "2022-23", THRESHOLDED, BREAKDOWNS, 1, None),
                ("again", "2022-23", THRESHOLDED, BREAKDOWNS, 1, None),  # the same question: the same answer
                ("fewer", "2022-23", THRESHOLDED, ["sex"], 1, None),  # a sub-group of what left
                ("quarter", "2022-23-Q1", THRESHOLDED, ["sex"], 1, None),  # a part of the period
                ("shifted", "2022-05-01..2023-04-30", THRESHOLDED, [], 1, None),  # nearly the same period
                ("revised", "2022-23", THRESHOLDED, BREAKDOWNS, 2, None),  # the same with newer data
                ("before", "2021-22", THRESHOLDED, BREAKDOWNS, 1, None),
                ("moves", "2021-22", MOVES, [], 1, ("epsilon", "1/2")),  # a year of its own, since the budget of the next is used up
                ("moves-again", "2021-22", MOVES, [], 1, ("epsilon", "1/2")),
                ("gaussian", "2022-23", GAUSSIAN, [], 1, ("rho", "1/100")),
                ("gaussian-again", "2022-23", GAUSSIAN, [], 1, ("rho", "1/100")),
                ("gaussian-revised", "2022-23", GAUSSIAN, [], 2, ("rho", "1/100")),
                ("noise", "2022-23", NOISED, [], 1, ("epsilon", "1")),
                ("noise-again", "2022-23", NOISED, [], 1, ("epsilon", "1")),
                ("noise-revised", "2022-23", NOISED, [], 2, ("epsilon", "1")),
                ("noise-more", "2022-23", NOISED, [], 3, ("epsilon", "1")),  # beyond the year's budget
                ("gaussian-more", "2022-23", GAUSSIAN, [], 3, ("rho", "1")),  # epsilon 7.77 at delta 1e-6
                ("other-mode", "2022-23", ["19", "20"], [], 1, ("epsilon", "1/10")),
            ]
            for name, period, metrics, breakdowns, version, noise in questions:
                federation.open_round(round_text(name, period, metrics, breakdowns, version, noise))
            for name, *_ in questions:
                federation.wait_published(name)
            done = subprocess.run(
                ["/usr/bin/python3", "-B", ROOT / "tests/attacks/intruder/play.py", "--sampler", DRAW_NOISE, "--store",
                 federation.directory / "coordinator-state" / "waymark.db", "--json", federation.directory / "findings.json"],
                capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            played = {one["attack"]: one for one in json.loads((federation.directory / "findings.json").read_text())["attacks"]}
            # There was something to attack.
            self.assertGreater(played["suppressed counts from linked tables"]["tried"], 100)
            self.assertGreater(played["small counts behind shown cells"]["tried"], 100)
            self.assertGreater(played["two answers to one question"]["tried"], 100)
            self.assertEqual(played["budget of a council's year"]["tried"], 2 * len(configs))
            self.assertEqual(played["person-days finer than their noise"]["tried"], 2 * len(configs))
            self.assertIn("(metric 31)", played["membership from noised cells"]["note"])
            # Discrete Gaussian noise was among it, charged in rho, once a question and data version.
            for config in configs.values():
                entries = json.loads(run("waymark-node", "ledger", "show", "--config", config, "--json")[0])["entries"]
                charged = [entry["round"] for entry in entries if entry["kind"] == "charge" and "rho" in entry]
                self.assertEqual(charged, ["gaussian", "gaussian-revised"])


if __name__ == "__main__":
    unittest.main()
