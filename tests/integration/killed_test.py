"""Programs killed (SIGKILL) at any moment of a round come back, and the round ends right with one release each."""

import json
import random
import sqlite3
import time
import unittest

import made_up
from harness import Federation

NODES = 4
SEED = 20250630


class Killed(unittest.TestCase):
    def play(self, federation, configs, round_id, kills, chance):
        """Opens a round and kills programs at random moments while it runs."""
        federation.open_round(made_up.ROUND.format(id=round_id, minutes=30))
        for _ in range(kills):
            time.sleep(chance.uniform(0.0, 0.4))
            victim = chance.choice([federation.coordinator, *federation.nodes.values()])
            victim.kill()
            time.sleep(chance.uniform(0.0, 0.2))
            victim.start()
            federation.wait_for_coordinator()
        federation.wait_published(round_id)

    def releases(self, federation, round_id):
        path = federation.directory / "coordinator-state" / "waymark.db"
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as store:
            return dict(store.execute("SELECT council, bytes FROM releases WHERE round_id = ?", (round_id,)).fetchall())

    def test_rounds_end_right_whoever_is_killed(self):
        chance = random.Random(SEED)
        print(f"seed {SEED}")
        with Federation() as federation:
            configs, _, catalogue = made_up.prepare(federation, NODES, people=200)
            federation.start_coordinator(catalogue=catalogue)
            for code, config in configs.items():
                federation.enrol(code, config)
                federation.start_node(code, config)
            self.play(federation, configs, "killed", kills=12, chance=chance)
            status = federation.round("killed")
            self.assertEqual([c["code"] for c in status["councils"] if c["answered"]], sorted(configs))
            stored = self.releases(federation, "killed")
            self.assertEqual(sorted(stored), sorted(configs))
            first = json.loads(federation.waymark("benchmark", "--metric", "19", "--json"))
            # Everything once more after a restart of all: the same benchmark, the same bytes, nothing released again.
            for process in [federation.coordinator, *federation.nodes.values()]:
                process.kill()
                process.start()
            federation.wait_for_coordinator()
            time.sleep(3)
            self.assertEqual(self.releases(federation, "killed"), stored)
            self.assertEqual(json.loads(federation.waymark("benchmark", "--metric", "19", "--json")), first)
            for code, config in configs.items():
                self.check_ledger(code, config)

    def check_ledger(self, code, config):
        from harness import run
        run("waymark-node", "ledger", "verify", "--config", config)
        entries = json.loads(run("waymark-node", "ledger", "show", "--config", config, "--json")[0])["entries"]
        kinds = [entry["kind"] for entry in entries]
        self.assertEqual(kinds.count("release"), 1, code)
        # A charge comes before each noised item; a kill between the two burns one, so there may be more charges.
        self.assertGreaterEqual(kinds.count("charge"), 2, code)


if __name__ == "__main__":
    unittest.main()
