"""Two coordinators on one database: whichever fails, in whatever way and in the middle of a round, rounds end right."""

import json
import random
import signal
import sys
import time
import unittest

import made_up
import postgresql
from coordinators import LEASE_SECONDS, Door, Pair, Watcher, check_history, check_terms, place
from harness import run, wait_until

NODES = 4
SEED = 20251123

ROUND = """id = "{id}"
title = "Test round"
open_minutes = 30
least_contributors = 3
data_version = 1

[[item]]
metric = "10"
period = "{period}"
mode = "noised"
epsilon = "1/2"
units = ["episodes"]

[[item]]
metric = "19"
period = "{period}"
mode = "thresholded"
units = ["episodes"]
"""


QUARTERS = [f"{year}-Q{quarter}" for year in ("2021-22", "2022-23") for quarter in (1, 2, 3, 4)]


class Rounds(unittest.TestCase):
    """Plays rounds of noised and thresholded items while something fails, and looks at what became of them."""

    def enrol_all(self, pair, catalogue, configs):
        self.chance = random.Random(SEED)
        print(f"seed {SEED}")
        pair.start_coordinators(catalogue)
        for code, config in configs.items():
            pair.enrol(code, config)
            pair.start_node(code, config)

    def play(self, pair, fault, period, closing):
        """The fault comes before the last council's answer or, where `closing`, at about the time when the round is closed."""
        self.round_id = fault.__name__.replace("_", "-") + ("-closing" if closing else "-open")
        leader = pair.leader()
        began = time.monotonic()
        late = list(pair.nodes.values())[-1]
        late.kill()
        pair.open_round(ROUND.format(id=self.round_id, period=period))
        with Watcher(pair.history, pair, self.round_id):
            wait_until(lambda: self.stored(self.round_id) == NODES - 1, "all but one to answer")
            if closing:
                late.start()
                wait_until(lambda: self.stored(self.round_id) == NODES, "the last answer", pause=0.01)
                time.sleep(self.chance.uniform(0, 1))
                fault(pair, leader)
            else:
                self.assertEqual(pair.state_at(leader, self.round_id), "open")
                fault(pair, leader)
                late.start()
            for copy in pair.copies.values():
                wait_until(lambda: pair.state_at(copy, self.round_id) == "published", f"{self.round_id} at {copy.name}", 180)
        print(f"{self.round_id}: {time.monotonic() - began:.1f} s")
        check_history(self, pair.history, self.round_id)
        self.check_publication()

    def stored(self, round_id):
        return int(self.server.sql(f"SELECT count(*) FROM releases WHERE round_id = '{round_id}'"))

    def check_publication(self):
        """In the database: one publication, of every council's release; in the log, one entry of it."""
        where = f"WHERE round_id = '{self.round_id}'"
        self.assertEqual(self.stored(self.round_id), NODES)
        self.assertEqual(self.server.sql(f"SELECT item FROM published_items {where} ORDER BY item").split(), ["0", "1"])
        self.assertEqual(self.server.sql(f"SELECT item, count(*) FROM contributors {where} GROUP BY item ORDER BY item").split(),
                         [f"{item}|{NODES}" for item in (0, 1)])
        self.assertEqual(self.server.sql(f"SELECT count(*) FROM log WHERE kind = 4 AND subject = '{self.round_id}'").strip(), "1")
        self.assertEqual(self.server.sql("SELECT count(*) - count(DISTINCT (item, breakdown, geography, bytes)) FROM figures "
                                         + where).strip(), "0", "no figure is there twice")

    def check_ledgers(self, pair, configs, rounds):
        """Each council released once a round, and what was acknowledged to it is in the database."""
        check_terms(self, pair)
        for code, config in configs.items():
            run("waymark-node", "ledger", "verify", "--config", config)
            entries = json.loads(run("waymark-node", "ledger", "show", "--entries", "--config", config, "--json")[0])["entries"]
            kinds = [entry["kind"] for entry in entries]
            self.assertEqual([kinds.count(kind) for kind in ("release", "acknowledged")], [rounds, rounds], code)
            stored = self.server.sql(f"SELECT count(*) FROM releases WHERE council = '{code}'").strip()
            self.assertEqual(stored, str(rounds), code)


class Failover(Rounds):
    def kill(self, pair, leader):
        leader.process.kill()
        pair.leader(not_this=leader)
        leader.process.start()

    def stop_past_the_lease(self, pair, leader):
        leader.frozen = True
        leader.process.process.send_signal(signal.SIGSTOP)
        after = pair.leader(not_this=leader)
        time.sleep(self.chance.uniform(0, LEASE_SECONDS))
        leader.process.process.send_signal(signal.SIGCONT)
        leader.frozen = False
        wait_until(lambda: leader.log().count("leads no more") >= 1, "the stopped one to step down")
        self.assertIs(pair.leader(), after)

    def end_its_connections(self, pair, leader):
        for _ in range(8):
            self.server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                            " AND application_name = 'waymark-coordinator'")
            time.sleep(self.chance.uniform(0, 0.3))

    def cut_off_from_the_database(self, pair, leader):
        leader.frozen = True  # its answers wait for the database
        self.doors[leader.name].open = False
        pair.leader(not_this=leader)
        time.sleep(self.chance.uniform(0, LEASE_SECONDS))
        self.doors[leader.name].open = True
        wait_until(lambda: pair.state_at(leader, self.round_id), "the one that was cut off to answer again")
        leader.frozen = False

    def test_every_round_ends_right_whatever_becomes_of_the_leader(self):
        faults = [self.kill, self.stop_past_the_lease, self.end_its_connections, self.cut_off_from_the_database]
        with postgresql.Server() as self.server, Pair() as pair:
            self.doors = {}
            for copy in pair.copies.values():
                folder = pair.directory / copy.name
                folder.mkdir()
                self.doors[copy.name] = Door(folder, self.server.directory / ".s.PGSQL.5432")
                copy.place = place(pair.directory, self.server, folder)
            configs, _, catalogue = made_up.prepare(pair, NODES, people=200)
            self.enrol_all(pair, catalogue, configs)
            rounds = [(fault, closing) for fault in faults for closing in (False, True)]
            for (fault, closing), period in zip(rounds, QUARTERS):
                self.play(pair, fault, period, closing)
            self.check_ledgers(pair, configs, len(rounds))
            for door in self.doors.values():
                door.close()


class DatabaseFailover(Rounds):
    def the_standby_takes_over(self, pair, leader):
        self.server.stop()
        time.sleep(self.chance.uniform(0, LEASE_SECONDS))
        self.standby.promote()
        self.server = self.standby

    def play_with_a_standby(self, closing):
        with postgresql.Server() as self.server, postgresql.Standby(self.server) as self.standby, Pair() as pair:
            for copy in pair.copies.values():
                copy.place = place(pair.directory, self.server, f"{self.server.directory},{self.standby.directory}")
            configs, _, catalogue = made_up.prepare(pair, NODES, people=200)
            self.enrol_all(pair, catalogue, configs)
            self.play(pair, self.the_standby_takes_over, QUARTERS[0], closing)
            self.check_ledgers(pair, configs, 1)

    def test_nothing_acknowledged_is_lost_in_an_open_round(self):
        self.play_with_a_standby(closing=False)

    def test_nothing_acknowledged_is_lost_while_a_round_is_closed(self):
        self.play_with_a_standby(closing=True)


if __name__ == "__main__":
    missing = postgresql.missing()
    if missing:
        print(f"SKIP: {missing}")
        sys.exit(0)
    unittest.main()
