"""Who is in is said by officers, not by the coordinator: real processes, two officers of three, and a coordinator that tries
what it must not."""

import json
import sqlite3
import unittest

import made_up
from harness import Federation, run, wait_until


class Rosters(unittest.TestCase):
    def start(self, federation, nodes):
        configs, _, catalogue = made_up.prepare(federation, nodes, people=60)
        federation.make_officers(3, threshold=2)
        federation.start_coordinator(catalogue=catalogue)
        return configs

    def held(self, config):
        return json.loads(run("waymark-node", "ledger", "show", "--config", config, "--json")[0])["roster"]

    def wait_held(self, federation, configs, epoch):
        for code, config in configs.items():
            wait_until(lambda: (self.held(config) or {}).get("epoch") == epoch, f"epoch {epoch} at {code}")
            self.assertIn('"roster held"', federation.nodes[code].log())

    def test_nodes_hold_what_two_officers_signed(self):
        with Federation() as federation:
            configs = self.start(federation, 4)
            first = dict(list(configs.items())[:3])
            for code, config in first.items():
                federation.enrol(code, config)
                federation.start_node(code, config)
            one, two, three = federation.officer_keys
            file = federation.signed_roster(one)
            _, error = federation.roster("publish", file, expect=1)
            self.assertIn("signed by 1 of the federation's 3 officers, and 2 must sign", error)
            run("waymark-coordinator", "roster", "sign", "--key", one, file)  # once more is still one
            federation.roster("publish", file, expect=1)
            run("waymark-coordinator", "roster", "sign", "--key", three, file)
            federation.roster("publish", file)
            self.wait_held(federation, first, 1)
            kept = file.rename(federation.directory / "epoch-1.json")

            code, config = list(configs.items())[3]
            join = federation.directory / f"{code}.join"
            run("waymark-coordinator", "token", "--config", federation.config, "--council", code, "--out", join)
            said, _ = run("waymark-node", "enrol", "--config", config, "--join", join)
            for officer in json.loads(federation.governance.splitlines()[1].split("=")[1]):
                self.assertIn(officer, said)  # for people to compare
            federation.start_node(code, config)
            wait_until(lambda: "does not name this council" in federation.nodes[code].log(), "the node to say so")
            file = federation.signed_roster()
            proposed = file.read_text()
            _, error = run("waymark-coordinator", "roster", "sign", file, "--previous", file, "--key", one, expect=1)
            self.assertIn("is not the one that epoch 2 follows", error)
            said, _ = run("waymark-coordinator", "roster", "sign", file, "--previous", kept)
            self.assertIn("Nothing was signed", said)
            self.assertEqual(file.read_text(), proposed)
            said, _ = run("waymark-coordinator", "roster", "sign", file, "--previous", kept, "--key", one)
            changes = [line.split() for line in said.splitlines() if line.startswith(("added", "removed", "new key"))]
            self.assertEqual([(change[0], change[1]) for change in changes], [("added", code)])
            run("waymark-coordinator", "roster", "sign", file, "--key", two)
            federation.roster("publish", file)
            self.wait_held(federation, configs, 2)
            _, error = federation.roster("publish", kept, expect=1)
            self.assertIn("epoch 2 is held already", error)
            shown = json.loads(federation.roster("show", "--json")[0])
            self.assertEqual((shown["epoch"], shown["councils"], shown["signatures"]), (2, 4, 2))
            self.assertEqual(shown["hash"], self.held(config)["hash"])
            self.assertIn("epoch 2", run("waymark-node", "ledger", "show", "--config", config)[0])

    def test_a_coordinator_cannot_say_who_is_in(self):
        with Federation() as federation:
            configs = self.start(federation, 3)
            for code, config in configs.items():
                federation.enrol(code, config)
                federation.start_node(code, config)
            one, two, _ = federation.officer_keys
            for epoch in (1, 2):
                federation.roster("publish", federation.signed_roster(one, two))
                self.wait_held(federation, configs, epoch)
            code, config = next(iter(configs.items()))
            log = federation.nodes[code].log
            honest = federation.config.read_text()

            # It says that one officer is enough.
            federation.config.write_text(honest.replace("threshold = 2", "threshold = 1"))
            federation.roster("publish", federation.signed_roster(one))
            wait_until(lambda: "the roster of epoch 3 is signed by 1 of the federation's 3 officers" in log(),
                       "the refusal")
            # It appoints an officer of its own, who signs alone or twice.
            store = federation.directory / "coordinator-state" / "waymark.db"
            self.execute(store, "DELETE FROM rosters WHERE epoch = 3")
            own = federation.directory / "own.key"
            public = run("waymark-coordinator", "roster", "new-key", "--key", own)[0].strip()
            federation.config.write_text(honest.split("[governance]")[0] +
                                         f'[governance]\nofficers = ["{public}"]\nthreshold = 1\n')
            federation.roster("publish", federation.signed_roster(own))
            wait_until(lambda: "the roster of epoch 3 is signed by 0 of the federation's 3 officers" in log(),
                       "the refusal")
            # It goes back to an earlier epoch, rightly signed.
            self.execute(store, "DELETE FROM rosters WHERE epoch > 1")
            wait_until(lambda: "epoch 2 is held already, and there is no way back" in log(), "the refusal")

            for config in configs.values():
                self.assertEqual(self.held(config)["epoch"], 2)
            # None of it keeps the rounds that need no roster from being answered.
            federation.open_round(made_up.ROUND.format(id="still", minutes=30))
            federation.wait_published("still")

    def execute(self, store, sql):
        with sqlite3.connect(store, timeout=20) as database:
            database.execute(sql)


if __name__ == "__main__":
    unittest.main()
