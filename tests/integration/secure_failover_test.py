"""The leader of secure sums fails in the middle of one, in whatever way: it is finished or begun anew, and summed once."""

import json
import random
import signal
import sys
import time
import unittest

import made_up
import postgresql
import summed
from coordinators import LEASE_SECONDS, Door, Network, Pair, Watcher, check_history, check_terms, place
from harness import run, wait_until

SEED = 20260215


class SecureFailover(unittest.TestCase):
    """The leader goes in the middle of a secure sum: members join a session of the next one, and nothing is summed twice."""

    def start(self, pair, server):
        for copy in pair.copies.values():
            copy.place = copy.place or place(pair.directory, server, server.directory)
        configs, _, catalogue = made_up.prepare(pair, summed.COUNCILS, people=150)
        pair.make_officers(3, threshold=2)
        pair.start_coordinators(catalogue)
        for code, config in configs.items():
            (config.parent / "policy.toml").write_text(summed.POLICY)
            pair.enrol(code, config)
        file = pair.directory / "roster.json"
        pair.roster("propose", "--out", file, "--one-part")
        for key in pair.officer_keys[:2]:
            run("waymark-coordinator", "roster", "sign", "--key", key, file)
        pair.roster("publish", file)
        return configs

    def kill(self, pair, leader):
        leader.process.kill()
        pair.leader(not_this=leader)

    def test_the_next_leader_finishes_a_sum_that_is_being_opened(self):
        self.finish_what_is_being_opened(self.kill)

    def test_the_next_leader_finishes_it_though_the_one_before_goes_on_after_a_stop(self):
        self.finish_what_is_being_opened(self.stop_past_the_lease)

    def finish_what_is_being_opened(self, fault):
        with postgresql.Server() as server, Pair() as pair:
            configs = self.start(pair, server)
            for code, config in configs.items():
                pair.start_node(code, config)
            leader = pair.leader()
            # The kill must come within the moment between two of the database's commits.
            server.sql("CREATE FUNCTION wait_a_little() RETURNS trigger LANGUAGE plpgsql AS "
                       "$$ BEGIN PERFORM pg_sleep(1); RETURN NEW; END $$; CREATE TRIGGER slow BEFORE INSERT ON sums "
                       "FOR EACH ROW EXECUTE FUNCTION wait_a_little()")
            pair.open_round(summed.ROUND.format(id="opened", minutes=4, least=7, extra=""))
            wait_until(lambda: server.sql("SELECT count(*) FROM openings").strip() == "1", "the last step", pause=0.01)
            self.assertEqual(server.sql("SELECT count(*) FROM sums").strip(), "0", "too late")
            fault(pair, leader)
            after = pair.leader(not_this=leader)
            with Watcher(pair.history, pair, "opened"):
                wait_until(lambda: pair.state_at(after, "opened") == "published", "the sum", 260)
            self.assertIn("secure session gone on with", after.log())
            self.assertEqual(server.sql("SELECT count(*) FROM sums").strip(), "1")
            check_terms(self, pair)
            for code, config in configs.items():
                entries = json.loads(
                    run("waymark-node", "ledger", "show", "--entries", "--config", config, "--json")[0])["entries"]
                kinds = [entry["kind"] for entry in entries]
                self.assertEqual([kinds.count(kind) for kind in ("session", "charge", "contributors signed", "item")],
                                 [1, 2, 1, 2], "nothing new was asked for")

    def test_members_sum_once_at_the_next_leader(self):
        with postgresql.Server() as server, Pair() as pair:
            configs = self.start(pair, server)
            last = list(configs)[-1]
            for code, config in configs.items():
                if code != last:
                    pair.start_node(code, config)
            leader = pair.leader()
            pair.open_round(summed.ROUND.format(id="sum", minutes=4, least=7, extra=""))
            for node in pair.nodes.values():
                wait_until(lambda: '"secure session joined"' in node.log(), "every node to join")
            leader.process.kill()
            after = pair.leader(not_this=leader)
            leader.process.start()
            pair.start_node(last, configs[last])
            with Watcher(pair.history, pair, "sum"):
                for copy in pair.copies.values():
                    wait_until(lambda: pair.state_at(copy, "sum") == "published", f"the sum at {copy.name}", 260)
            check_history(self, pair.history, "sum")
            check_terms(self, pair)
            self.assertIs(pair.leader(), after)
            self.assertEqual(server.sql("SELECT count(*) FROM sums").strip(), "1")
            found = {figure["quantity"]: figure for figure in json.loads(
                pair.waymark("benchmark", "--metric", "1", "--json"))["figures"] if figure["geography_code"] == "participants"}
            self.assertEqual(found["any"]["contributors"], summed.COUNCILS)
            for code, config in configs.items():
                entries = json.loads(
                    run("waymark-node", "ledger", "show", "--entries", "--config", config, "--json")[0])["entries"]
                kinds = [entry["kind"] for entry in entries]
                self.assertEqual([kinds.count(kind) for kind in ("charge", "contributors signed", "item")], [2, 1, 2], code)
                self.assertEqual(kinds.count("session"), 1 if code == last else 2, code)

    def sum_through(self, pair, server, fault):
        """A round in whose session all but one council are when the fault comes; the last one comes after it."""
        configs = self.start(pair, server)
        *early, last = configs
        for code in early:
            pair.start_node(code, configs[code])
        leader = pair.leader()
        pair.open_round(summed.ROUND.format(id="sum", minutes=8, least=7, extra=""))
        for code in early:
            wait_until(lambda: '"secure session joined"' in pair.nodes[code].log(), "every node to join")
        began = time.monotonic()
        server = fault(pair, leader) or server
        pair.start_node(last, configs[last])
        with Watcher(pair.history, pair, "sum"):
            for copy in pair.copies.values():
                wait_until(lambda: pair.state_at(copy, "sum") == "published", f"the sum at {copy.name}", 500)
        print(f"{fault.__name__}: {time.monotonic() - began:.1f} s")
        check_history(self, pair.history, "sum")
        check_terms(self, pair)
        self.check_once(pair, server, configs)

    def check_once(self, pair, server, configs):
        """One sum, one publication; each council charged once for each item, and nothing of it released twice."""
        self.assertEqual(server.sql("SELECT count(*) FROM sums").strip(), "1")
        self.assertEqual(server.sql("SELECT count(*) FROM log WHERE kind = 4").strip(), "1")
        found = [figure for figure in json.loads(pair.waymark("benchmark", "--metric", "1", "--json"))["figures"]
                 if figure["geography_code"] == "participants" and figure["quantity"] == "any"]
        self.assertGreaterEqual(found[0]["contributors"], 7)
        for code, config in configs.items():
            run("waymark-node", "ledger", "verify", "--config", config)
            kinds = [entry["kind"] for entry in json.loads(
                run("waymark-node", "ledger", "show", "--entries", "--config", config, "--json")[0])["entries"]]
            self.assertLessEqual(kinds.count("charge"), 2, code)
            self.assertLessEqual(kinds.count("item"), 2, code)
            self.assertLessEqual(kinds.count("session"), 3, code)

    def stop_past_the_lease(self, pair, leader):
        leader.frozen = True
        leader.process.process.send_signal(signal.SIGSTOP)
        pair.leader(not_this=leader)
        time.sleep(random.Random(SEED).uniform(0, LEASE_SECONDS))
        leader.process.process.send_signal(signal.SIGCONT)
        leader.frozen = False
        wait_until(lambda: "leads no more" in leader.log(), "the stopped one to step down")

    def test_a_leader_that_was_stopped_past_its_lease_opens_nothing(self):
        with postgresql.Server() as server, Pair() as pair:
            self.sum_through(pair, server, self.stop_past_the_lease)

    def test_a_leader_that_is_cut_off_from_councils_and_database_opens_nothing(self):
        missing = Network.missing()
        if missing:
            print(f"by the database's socket alone, not by the network: {missing}")
        with postgresql.Server() as server, Pair() as pair:
            doors = {}
            try:
                for number, copy in enumerate(pair.copies.values(), start=1):
                    copy.network = None if missing else Network(number)
                    folder = pair.directory / copy.name
                    folder.mkdir()
                    doors[copy.name] = Door(folder, server.directory / ".s.PGSQL.5432")
                    copy.place = place(pair.directory, server, folder)

                def cut_off(pair, leader):
                    leader.frozen = True
                    doors[leader.name].open = False
                    if leader.network:
                        leader.network.set("down")
                    pair.leader(not_this=leader)
                    time.sleep(random.Random(SEED).uniform(0, LEASE_SECONDS))
                    doors[leader.name].open = True
                    if leader.network:
                        leader.network.set("up")
                    wait_until(lambda: pair.state_at(leader, "sum"), "the one that was cut off to answer again", 120)
                    leader.frozen = False

                self.sum_through(pair, server, cut_off)
            finally:
                for copy in pair.copies.values():
                    if copy.process:
                        copy.process.kill()
                    if copy.network:
                        copy.network.close()
                for door in doors.values():
                    door.close()

    def test_a_sum_is_made_once_though_the_database_fails_over(self):
        with postgresql.Server() as server, postgresql.Standby(server) as standby, Pair() as pair:
            for copy in pair.copies.values():
                copy.place = place(pair.directory, server, f"{server.directory},{standby.directory}")

            def the_standby_takes_over(pair, leader):
                server.stop()
                time.sleep(random.Random(SEED).uniform(0, LEASE_SECONDS))
                standby.promote()
                return standby

            self.sum_through(pair, server, the_standby_takes_over)


if __name__ == "__main__":
    missing = postgresql.missing()
    if missing:
        print(f"SKIP: {missing}")
        sys.exit(0)
    unittest.main()
