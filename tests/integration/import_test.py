"""A coordinator that ran on SQLite goes on in PostgreSQL: `waymark-coordinator import`, and the same answers."""

import hashlib
import json
import re
import sys
import unittest

import made_up
import postgresql
from harness import Federation, run
from summed import COUNCILS, ROUND, SummedRounds

NODES = 4


def answers(federation):
    """What the coordinator says to every kind of query, as bytes, and when it last heard of each council.

    The times are apart because they go on: a council's node speaks to whatever coordinator there is.
    """
    said = [federation.waymark(*query, "--json") for query in (
        ("benchmark", "--metric", "19"), ("benchmark", "--metric", "1"), ("round", "list"), ("round", "show", "first"),
        ("schedule", "list"))]
    heard = re.compile(r'"last_contact": ("[^"]+")')
    return [heard.sub('"last_contact": ...', text) for text in said], [heard.findall(text) for text in said]


class Import(SummedRounds):
    def point_at(self, federation, server):
        """The coordinator's configuration names the database."""
        passfile = federation.write("pgpass", "*:*:*:waymark:" + server.PASSWORD.replace("\\", "\\\\") + "\n")
        passfile.chmod(0o600)
        place = f"host={server.directory} user={server.USER} dbname=postgres passfile={passfile}"
        text = federation.config.read_text()
        federation.config.write_text(text.replace("[store]\n", f'[store]\npostgresql = "{place}"\n'))

    def test_answers_are_the_same_bytes_in_postgresql(self):
        with postgresql.Server() as server, Federation() as federation:
            configs, _, catalogue = made_up.prepare(federation, NODES, people=200)
            federation.start_coordinator(catalogue=catalogue)
            for code, config in configs.items():
                federation.enrol(code, config)
                federation.start_node(code, config)
            federation.open_round(made_up.ROUND.format(id="first", minutes=30))
            federation.wait_published("first")
            before, heard = answers(federation)
            self.point_at(federation, server)
            _, refusal = run("waymark-coordinator", "import", "--config", federation.config, expect=1)
            self.assertIn("another coordinator is running", refusal)
            self.assertEqual(server.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").strip(), "0")

            federation.coordinator.stop()
            file = federation.directory / "coordinator-state" / "waymark.db"
            hashed = hashlib.sha256(file.read_bytes()).hexdigest()
            tables = json.loads(run("waymark-coordinator", "import", "--config", federation.config, "--json")[0])
            self.assertEqual(hashlib.sha256(file.read_bytes()).hexdigest(), hashed)
            for table in tables:
                rows = server.sql(f"SELECT count(*) FROM {table['table']}").strip()
                self.assertEqual(rows, str(table["rows"]), table)
            rows = {table["table"]: table["rows"] for table in tables}
            self.assertEqual((rows["members"], rows["releases"], rows["rounds"]), (NODES, NODES, 1))
            self.assertGreater(rows["figures"], 0)
            _, refusal = run("waymark-coordinator", "import", "--config", federation.config, expect=1)
            self.assertIn("not overwritten", refusal)

            file.rename(file.with_suffix(".moved"))
            federation.coordinator.start()
            federation.wait_for_coordinator()
            after, heard_since = answers(federation)
            self.assertEqual(after, before)
            for then, now in zip(heard, heard_since, strict=True):
                self.assertEqual(len(now), len(then))
                for earlier, later in zip(then, now, strict=True):
                    self.assertLessEqual(earlier, later)
            # And it goes on: the nodes that joined before answer a further round.
            federation.open_round(made_up.ROUND.format(id="second", minutes=30).replace("2022-23", "2021-22"))
            federation.wait_published("second")
            self.assertEqual(server.sql("SELECT round_id FROM rounds ORDER BY sequence").split(), ["first", "second"])
            self.assertEqual(federation.coordinator.stop(), 0)
            self.assertNotIn(server.PASSWORD, federation.coordinator.log())

    def test_an_earlier_secure_sum_can_still_be_verified(self):
        with postgresql.Server() as server, Federation() as federation:
            self.start(federation)
            federation.open_round(ROUND.format(id="sum", minutes=30, least=7, extra=""))
            federation.wait_published("sum")
            federation.coordinator.stop()
            self.point_at(federation, server)
            tables = json.loads(run("waymark-coordinator", "import", "--config", federation.config, "--json")[0])
            self.assertEqual({table["table"]: table["rows"] for table in tables}["masked_inputs"], COUNCILS)
            state = federation.directory / "coordinator-state"
            for name in ("waymark.db", "masked"):
                (state / name).rename(state / f"{name}.moved")
            federation.coordinator.start()
            federation.wait_for_coordinator()
            verify = ("log", "verify", "--round", "sum", "--roster", federation.directory / "roster.json")
            self.assertIn(f"{COUNCILS} of {COUNCILS} councils signed", federation.waymark(*verify))
            server.sql("UPDATE masked_inputs SET bytes = set_byte(bytes, 3, get_byte(bytes, 3) # 1) WHERE member = 4")
            _, error = run("waymark", "--identity", federation.operator, *verify, expect=1)
            self.assertIn("not to be believed", error)


if __name__ == "__main__":
    missing = postgresql.missing()
    if missing:
        print(f"SKIP: {missing}")
        sys.exit(0)
    unittest.main()
