"""A ledger that is put back from an older copy is found out, whatever the file itself says."""

import json
import shutil
import sqlite3
import unittest

import made_up
from harness import Federation, run

RULED_OUT = "the ledger is an older copy"


class RollBack(unittest.TestCase):
    def ledger(self, config):
        return json.loads(run("waymark-node", "ledger", "show", "--config", config, "--json")[0])["entries"]

    def answer(self, federation, config, round_id, expect=0, period="2022-23"):
        text = made_up.ROUND.format(id=round_id, minutes=30)
        federation.open_round(text.replace("2022-23", period))
        return run("waymark-node", "run", "--config", config, "--once", "--poll-seconds", "1", expect=expect)[1]

    def test_a_copied_back_ledger_releases_nothing_until_it_is_put_right(self):
        with Federation() as federation:
            configs, _, catalogue = made_up.prepare(federation, 1, people=60)
            code, config = next(iter(configs.items()))
            ledger = config.parent / "state" / "ledger.db"
            federation.start_coordinator(catalogue=catalogue)
            federation.enrol(code, config)
            self.answer(federation, config, "first")
            older = federation.directory / "older.db"
            with sqlite3.connect(ledger) as source, sqlite3.connect(older) as copy:
                source.backup(copy)
            self.answer(federation, config, "second")
            newest = federation.directory / "newest.db"
            with sqlite3.connect(ledger) as source, sqlite3.connect(newest) as copy:
                source.backup(copy)
            entries = len(self.ledger(config))

            # The older copy is a whole chain, and `ledger verify` has nothing against it.
            self.put(older, ledger)
            run("waymark-node", "ledger", "verify", "--config", config)
            before = len(self.ledger(config))
            self.assertLess(before, entries)
            error = self.answer(federation, config, "third", expect=None)
            self.assertIn(RULED_OUT, error)
            self.assertIn("round second", error)
            self.assertEqual(len(self.ledger(config)), before, "nothing is charged, drawn or stored")
            self.assertFalse(any(c["answered"] for c in federation.round("third")["councils"]))
            _, error = run("waymark-node", "ledger", "reconcile", "--config", config, expect=None)
            self.assertIn(RULED_OUT, error)

            # The newest copy put back: all is well again.
            self.put(newest, ledger)
            self.assertEqual(len(self.ledger(config)), entries)
            run("waymark-node", "run", "--config", config, "--once", "--poll-seconds", "1")
            self.assertTrue(all(c["answered"] for c in federation.round("third")["councils"]))

            # Lost for good: the loss is recorded, and what may have been lost counts as released.
            self.put(older, ledger)
            said, _ = run("waymark-node", "ledger", "reconcile", "--config", config, "--accept-loss")
            self.assertIn("The loss is recorded", said)
            self.answer(federation, config, "fourth")
            self.assertTrue(all(c["answered"] for c in federation.round("fourth")["councils"]))
            self.assertEqual(self.ledger(config)[before]["kind"], "reconciled")
            charges = [entry for entry in self.ledger(config)[before:] if entry["kind"] in ("charge", "item")]
            self.assertEqual(charges, [], "nothing new leaves for periods before the loss")
            run("waymark-node", "ledger", "verify", "--config", config)

            # And a second roll-back, behind the reconciliation, is found too.
            self.put(older, ledger)
            self.assertIn(RULED_OUT, self.answer(federation, config, "fifth", expect=None))

    def put(self, copy, ledger):
        for end in ("", "-wal", "-shm"):
            path = ledger.with_name(ledger.name + end)
            if path.exists():
                path.unlink()
        shutil.copy(copy, ledger)


if __name__ == "__main__":
    unittest.main()
