"""Rounds that open by themselves: real processes, a coordinator that was down for two years and is killed while it catches up."""

import json
import random
import sqlite3
import time
import unittest
from datetime import datetime, timezone

import made_up
from harness import Federation, run, wait_until

SEED = 20261015
QUARTERS = [(7, "Q1", 0), (10, "Q2", 0), (1, "Q3", -1), (4, "Q4", -1)]  # asked on the 15th of the month


def expected_rounds(since, until):
    """Round → period, of a schedule of the 15th of January, April, July and October at six o'clock in London."""
    rounds = {}
    for year in range(since.year, until.year + 1):
        for month, quarter, back in QUARTERS:
            hour = 5 if month in (4, 7, 10) else 6  # in UTC
            due = datetime(year, month, 15, hour, tzinfo=timezone.utc)
            if since < due <= until:
                begins = year + back
                rounds[f"regional-{year}{month:02d}15-0600"] = f"{begins}-{(begins + 1) % 100:02d}-{quarter}"
    return rounds


class Schedules(unittest.TestCase):
    def store(self, federation, mode="ro"):
        path = federation.directory / "coordinator-state" / "waymark.db"
        return sqlite3.connect(f"file:{path}?mode={mode}", uri=True)

    def test_what_was_missed_is_caught_up_once_each(self):
        chance = random.Random(SEED)
        print(f"seed {SEED}")
        with Federation() as federation:
            configs, _, catalogue = made_up.prepare(federation, 6, people=200)
            federation.start_coordinator(catalogue=catalogue)
            for code, config in configs.items():
                federation.enrol(code, config)
                federation.start_node(code, config)
            north, south = list(configs)[:3], list(configs)[3:]
            arguments = ["--name", "regional", "--metrics", "19,1", "--cron", "0 6 15 1,4,7,10 *", "--period",
                         "previous-quarter", "--units", "episodes", "--mode", "thresholded", "--geography",
                         "E12999901", "--open-hours", "1", "--title", "North, each quarter"]
            planned = json.loads(run("waymark", "--catalogue", catalogue, "schedule", "add", *arguments, "--dry-run",
                                     "--json")[0])
            self.assertEqual(len(planned["next"]), 10)
            for firing in planned["next"]:
                self.assertTrue(firing["local"][11:] in ("06:00 GMT", "06:00 BST"), firing)
            self.assertIn("There is no schedule yet", federation.waymark("schedule", "list"))

            federation.waymark("--catalogue", catalogue, "schedule", "add", *arguments)
            federation.waymark("--catalogue", catalogue, "schedule", "add", *arguments)  # the same again
            listed = json.loads(federation.waymark("schedule", "list", "--json"))
            self.assertEqual([one["name"] for one in listed], ["regional"])
            self.assertEqual([one["due"] for one in listed[0]["next"]], [one["due"] for one in planned["next"]])

            # As if it had been added two years ago, and no coordinator had run since.
            federation.coordinator.stop()
            since = datetime(2024, 6, 1, tzinfo=timezone.utc)
            with self.store(federation, "rw") as store:
                store.execute("UPDATE schedules SET added_unix_s = ?", (int(since.timestamp()),))
            expected = expected_rounds(since, datetime.now(timezone.utc))
            self.assertGreaterEqual(len(expected), 10)
            for _ in range(6):
                federation.coordinator.start()
                time.sleep(chance.uniform(0.05, 0.6))
                federation.coordinator.kill()
            federation.coordinator.start()
            federation.wait_for_coordinator()
            for round_id in expected:
                federation.wait_published(round_id)

            rounds = json.loads(federation.waymark("round", "list", "--json"))
            self.assertEqual({one["round_id"]: {item["period"] for item in one["items"] if item["metric"] == "19"}
                              for one in rounds}, {name: {period} for name, period in expected.items()})
            for one in rounds:
                # Of the north alone, and nobody else counts as absent.
                self.assertEqual(sorted(council["code"] for council in one["councils"]), north)
            shown = json.loads(federation.waymark("schedule", "show", "regional", "--json"))
            self.assertEqual({one["round_id"]: one["state"] for one in shown["firings"]},
                             {name: "opened" for name in expected})
            with self.store(federation) as store:
                answers = store.execute("SELECT round_id, council, count(*) FROM releases GROUP BY 1, 2").fetchall()
            self.assertEqual(sorted(answers), sorted((name, code, 1) for name in expected for code in north))

            figures = json.loads(federation.waymark("benchmark", "--metric", "19", "--period", "2024-25-Q2",
                                                    "--geography", "E12999901", "--json"))
            self.assertIn("regional-20241015-0600", json.dumps(figures))

            federation.waymark("schedule", "remove", "regional")
            self.assertIn("removed", federation.waymark("schedule", "list"))
            error = run("waymark", "--identity", federation.operator, "--catalogue", catalogue, "schedule", "add",
                        *arguments, expect=1)[1]
            self.assertIn("was called regional", error)

    def test_what_cannot_be_is_refused_and_nothing_is_added(self):
        with Federation() as federation:
            configs, _, catalogue = made_up.prepare(federation, 1, people=20)
            federation.start_coordinator(catalogue=catalogue)
            code, config = next(iter(configs.items()))
            federation.enrol(code, config)

            def refused(message, status=1, **changes):
                wanted = {"name": "s", "metrics": "19", "cron": "0 6 15 1 *", "period": "previous-quarter", **changes}
                options = [part for key, value in wanted.items() for part in ("--" + key, value)]
                error = run("waymark", "--identity", federation.operator, "--catalogue", catalogue, "schedule", "add",
                            *options, expect=status)[1]
                self.assertIn(message, error)

            refused("never fires", cron="0 6 31 2 *")
            refused('minute "61"', cron="61 6 1 1 *")
            refused("expected one of previous-quarter", period="next-quarter")
            refused("no-such", metrics="no-such")
            refused("no region", geography="E99999999")
            refused("least_contributors", **{"least-contributors": "2"})
            refused("shoe_size", breakdowns="shoe_size")
            refused("none of thresholded", mode="plain")
            self.assertIn("There is no schedule yet", federation.waymark("schedule", "list"))
            # A council may not, whatever its node is told.
            identity = federation.directory / code / "state" / "identity"
            if not identity.exists():
                identity = next(federation.directory.glob("**/identity"))
            error = run("waymark", "--identity", identity, "schedule", "list", expect=3)[1]
            self.assertIn("a council may not call", error)


if __name__ == "__main__":
    unittest.main()
