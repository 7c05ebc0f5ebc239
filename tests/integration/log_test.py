"""The transparency log with real processes: a coordinator that goes back, forgets, or shows two councils two logs is found out by
the nodes themselves, by what they tell each other through it, and by file."""

import contextlib
import json
import pathlib
import re
import shutil
import sqlite3
import unittest

import made_up
from harness import Federation, run


class TransparencyLog(unittest.TestCase):
    def start(self, federation, nodes, officers=True):
        configs, _, catalogue = made_up.prepare(federation, nodes, people=60)
        if officers:
            federation.make_officers(3, threshold=2)
        federation.start_coordinator(catalogue=catalogue)
        for code, config in configs.items():
            federation.enrol(code, config)
        if officers:
            federation.roster("publish", federation.signed_roster(*federation.officer_keys[:2]))
        return configs

    def store(self, federation):
        return federation.directory / "coordinator-state" / "waymark.db"

    def look(self, config, expect=0):
        """One look of a node, answers sent; what it said."""
        return run("waymark-node", "run", "--config", config, "--once", "--poll-seconds", "1", expect=expect)[1]

    def open(self, federation, round_id, period="2022-23"):
        federation.open_round(made_up.ROUND.format(id=round_id, minutes=30).replace("2022-23", period))

    def rewrite(self, federation, *statements):
        """What a coordinator does that may do anything: its store is changed behind its programs."""
        federation.coordinator.stop()
        with sqlite3.connect(self.store(federation), timeout=20) as database:
            for statement in statements:
                database.execute(statement)
        federation.coordinator.start()
        federation.wait_for_coordinator()

    def head(self, config):
        return json.loads(run("waymark-node", "log", "show", "--config", config, "--json")[0])

    def test_everything_decided_is_in_the_log_and_nodes_keep_its_head(self):
        with Federation() as federation:
            configs = self.start(federation, 4)
            config = next(iter(configs.values()))
            _, error = run("waymark-node", "log", "show", "--config", config, expect=1)
            self.assertIn("has not been shown", error)
            self.open(federation, "autumn")
            for other in configs.values():
                self.look(other)
            self.assertEqual(self.head(config)["size"], 2)  # a roster and a round
            federation.wait_published("autumn")
            self.look(config)
            self.assertEqual(self.head(config)["size"], 3)
            kept = pathlib.Path(config).parent / "state" / "log-head.json"
            before = kept.read_bytes()
            self.look(config)
            self.assertEqual(kept.read_bytes(), before, "a head that is the same is not written again")

    def test_a_log_that_went_back_is_refused(self):
        with Federation() as federation:
            configs = self.start(federation, 3)
            config = next(iter(configs.values()))
            self.open(federation, "first")
            self.look(config)
            self.open(federation, "second", period="2021-22")
            self.look(config)
            self.rewrite(federation, "DELETE FROM log WHERE subject = 'second'")
            said = self.look(config, expect=1)
            self.assertIn("log went back", said)
            self.assertIn("shown 3 entries", said)
            self.assertIn("now 2 entries", said)
            self.assertEqual(self.head(config)["size"], 3)

    def test_a_round_that_is_not_in_the_log_is_not_answered(self):
        with Federation() as federation:
            configs = self.start(federation, 3)
            code, config = next(iter(configs.items()))
            self.open(federation, "secret")
            self.rewrite(federation, "DELETE FROM log WHERE subject = 'secret'")
            said = self.look(config)
            self.assertIn("is not in the coordinator's log", said)
            answered = {c["code"]: c["answered"] for c in federation.round("secret")["councils"]}
            self.assertFalse(answered[code])
            # Nor is one whose question is another than the log's.
            self.open(federation, "open", period="2021-22")
            self.rewrite(federation, "UPDATE log SET hash = zeroblob(32) WHERE subject = 'open'")
            self.assertIn("is not in the coordinator's log", self.look(config))

    def test_a_roster_that_is_not_in_the_log_is_not_taken(self):
        with Federation() as federation:
            configs = self.start(federation, 3)
            config = next(iter(configs.values()))
            self.rewrite(federation, "DELETE FROM log WHERE kind = 1")
            said = self.look(config)
            self.assertIn("the roster of epoch 1 is not in the coordinator's log", said)

    def fork(self, federation, configs):
        """Two councils are each shown a whole log that only grows: one with the round "for-all", one with "for-one"."""
        one, other = list(configs.items())[:2]
        self.look(one[1])
        self.look(other[1])
        self.open(federation, "for-all")
        self.look(one[1])
        self.rewrite(federation, "DELETE FROM log WHERE subject = 'for-all'", "DELETE FROM releases",
                     "DELETE FROM rounds")
        self.open(federation, "for-one", period="2021-22")
        return one, other

    def assert_named(self, said, one, other):
        self.assertIn("the coordinator shows two logs", said)
        self.assertIn(f"council {one}", said)
        self.assertIn("this council", said)
        self.assertEqual(said.count("2 entries, root") % 2, 0)
        roots = {part.split(",")[0] for part in said.split("root ")[1:]}
        self.assertEqual(len(roots), 2, "both heads are named")

    def test_two_logs_are_found_out_by_what_the_coordinator_passes_on(self):
        with Federation() as federation:
            configs = self.start(federation, 3)
            (one, _), (other, config) = self.fork(federation, configs)
            said = self.look(config, expect=1)
            self.assert_named(said, one, other)
            self.assertFalse(any(c["answered"] for c in federation.round("for-one")["councils"]), "nothing is answered")
            # It stays found out, whatever is passed on after.
            self.rewrite(federation, "DELETE FROM witnesses")
            self.assertIn("has shown two logs", self.look(config, expect=1))
            self.assertTrue(self.head(config)["forked"])

    def test_two_logs_are_found_out_by_file_where_nothing_is_passed_on(self):
        with Federation() as federation:
            configs = self.start(federation, 3)
            (one, one_config), (other, config) = self.fork(federation, configs)
            self.rewrite(federation, "DELETE FROM witnesses")
            self.look(config)  # nobody told it
            file = federation.directory / "head.json"
            run("waymark-node", "log", "export-head", "--config", one_config, file)
            _, said = run("waymark-node", "log", "compare", "--config", config, file, expect=1)
            self.assert_named(said, one, other)
            self.assertIn("has shown two logs", self.look(config, expect=1))

    def test_files_of_one_log_agree_and_bad_ones_are_refused(self):
        with Federation() as federation:
            configs = self.start(federation, 3)
            one, other = list(configs.values())[:2]
            self.look(one)
            file = federation.directory / "head.json"
            run("waymark-node", "log", "export-head", "--config", one, file)
            self.open(federation, "autumn")
            self.look(other)
            said, _ = run("waymark-node", "log", "compare", "--config", other, file)
            self.assertIn("One log", said)
            self.assertIn("1 entry", said)
            self.assertNotIn("not checked", said)
            good = json.loads(file.read_text())
            for wrong, expected in (({"size": 9}, "not signed by the coordinator's key"),
                                    ({"coordinator_signature": "00" * 64}, "not signed by the coordinator's key"),
                                    ({"council_signature": "00" * 64}, "not signed by council"),
                                    ({"root": "zz"}, "is no head of a log"),
                                    ({"size": -1}, "is no head of a log"),
                                    ({"signed": "yesterday"}, "is no head of a log")):
                file.write_text(json.dumps({**good, **wrong}))
                _, said = run("waymark-node", "log", "compare", "--config", other, file, expect=1)
                self.assertIn(expected, said)
            self.assertFalse(self.head(other)["forked"])

    def test_rounds_ask_for_what_the_officers_signed_alone(self):
        with Federation() as federation:
            configs, _, catalogue = made_up.prepare(federation, 3, people=60)
            federation.make_officers(3, threshold=2, signs_catalogue=True)
            federation.start_coordinator(catalogue=catalogue)
            for code, config in configs.items():
                federation.enrol(code, config)
            config = next(iter(configs.values()))
            self.open(federation, "early")
            self.assertIn("no catalogue that the officers signed", self.look(config))
            file = federation.directory / "catalogue.json"
            command = ("waymark-coordinator", "catalogue")
            run(*command, "propose", "--config", federation.config, "--out", file)
            one, two, _ = federation.officer_keys
            said, _ = run(*command, "sign", file, "--key", one, "--catalogue", catalogue)
            self.assertIn("It is the catalogue that is installed here", said)
            _, error = run(*command, "publish", "--config", federation.config, file, expect=1)
            self.assertIn("the catalogue of version 1 is signed by 1 of the federation's 3 officers", error)
            whole = file.read_text()
            file.write_text(whole.replace('"number": 1', '"number": 2'))
            _, error = run(*command, "sign", file, "--key", two, expect=1)
            self.assertIn("is no catalogue", error)
            file.write_text(whole)
            run(*command, "sign", file, "--key", two, "--catalogue", catalogue)
            run(*command, "publish", "--config", federation.config, file)
            said, _ = run(*command, "publish", "--config", federation.config, file)
            self.assertIn("published before", said)
            _, error = run(*command, "propose", "--config", federation.config, "--out", file, expect=1)
            self.assertIn("nothing but what version 1 has", error)
            for other in configs.values():
                self.look(other)
            federation.wait_published("early")
            said, _ = self.verify(federation)
            self.assertIn("0 rosters and 1 catalogues", said)
            self.assertIn("1 rounds were opened before the officers had signed a catalogue", said)

    def test_an_officer_sees_what_differs_before_the_catalogue_is_signed(self):
        with Federation() as federation:
            _, _, catalogue = made_up.prepare(federation, 1, people=1)
            federation.make_officers(2, threshold=2, signs_catalogue=True)
            federation.start_coordinator(catalogue=catalogue)
            file, own = federation.directory / "catalogue.json", federation.directory / "own"
            run("waymark-coordinator", "catalogue", "propose", "--config", federation.config, "--out", file)
            proposed = file.read_text()

            def sign(key, folder, *more, expect=0):
                return run("waymark-coordinator", "catalogue", "sign", "--key", key, "--catalogue", folder, *more, file, expect=expect)

            key = federation.officer_keys[0]
            shutil.copytree(catalogue, own)
            metric = sorted((own / "metrics").glob("*.textproto"))[0]
            whole = metric.read_text()
            # One's own catalogue with a fault in it, or a name that is none, is nothing to go by.
            metric.write_text(whole + "\nno_such_field: 1\n")
            self.assertIn(metric.name, sign(key, own, expect=1)[1])
            sign(key, federation.directory / "none", expect=1)
            self.assertEqual(file.read_text(), proposed)
            # What differs is said before a signature is made: here none can be.
            metric.write_text(re.sub('title: "', 'title: "Another ', whole, count=1))
            said, error = sign(federation.directory / "none.key", own, expect=1)
            self.assertIn("another definition under the same version", said)
            self.assertIn("no such key file", error)
            self.assertEqual(file.read_text(), proposed)
            shown = json.loads(sign(key, own, "--json")[0])
            self.assertEqual((len(shown["changes"]), shown["signed"], shown["signatures"]), (1, True, 1))
            self.assertIn("another definition under the same version", shown["changes"][0])
            self.assertEqual(json.loads(sign(key, catalogue, "--json")[0])["changes"], [])

    def verify(self, federation, *arguments, expect=0):
        return run("waymark", "log", "verify", "--identity", federation.operator, *arguments, expect=expect)

    def test_anyone_verifies_the_whole_log_and_what_is_published(self):
        with Federation() as federation:
            configs = self.start(federation, 4)
            self.assertIn("0 rounds", self.verify(federation)[0])
            for round_id, period in (("autumn", "2022-23"), ("again", "2022-23")):
                federation.open_round(made_up.ROUND.format(id=round_id, minutes=30).replace("2022-23", period))
                for config in configs.values():
                    self.look(config)
                federation.wait_published(round_id)
            file = federation.directory / "log.bin"
            said, _ = self.verify(federation, "--save", file)
            self.assertIn("whole and signed by the pinned key: 5 entries", said)
            self.assertIn("1 rosters and 0 catalogues, each following the one before and signed by 2 of 3 officers; 2 rounds", said)
            counts = json.loads(self.verify(federation, "--json")[0])
            self.assertEqual((counts["entries"], counts["rounds"], counts["publications"]), (5, 2, 2))
            with sqlite3.connect(self.store(federation), timeout=20) as database:
                stored = database.execute("SELECT sum(count) FROM figures").fetchone()[0]
                listed = len(database.execute("SELECT DISTINCT metric, version, period FROM published_items").fetchall())
            self.assertEqual((counts["figures"], counts["benchmarks"]), (stored, listed))
            # A council's identity has the same keys, and a saved log needs neither.
            config = next(iter(configs.values()))
            pinned = pathlib.Path(config).parent / "state" / "identity" / "client.toml"
            run("waymark", "log", "verify", "--identity", pinned.parent)
            said, _ = run("waymark", "log", "verify", "--bundle", file, "--pinned", pinned)
            self.assertIn("5 entries", said)
            shown = json.loads(run("waymark", "log", "entries", "--bundle", file, "--pinned", pinned, "--json")[0])
            self.assertEqual([entry["what"] for entry in shown],
                             ["roster of epoch 1", "round autumn", "publication of round autumn", "round again",
                              "publication of round again"])
            self.bad_bundles(federation, file, pinned)
            self.tampered(federation)
            federation.coordinator.stop()
            self.copy(federation.directory / "whole.db", self.store(federation))
            federation.coordinator.start()
            federation.wait_for_coordinator()
            federation.waymark("round", "withdraw", "again", "--reason", "a wrong extract")
            self.assertIn("1 are published and 1 withdrawn", self.verify(federation)[0])

    def bad_bundles(self, federation, file, pinned):
        whole = file.read_bytes()
        bad = federation.directory / "bad.bin"
        for content, expected in ((b"\xff" * 100, "is no log"), (b"", "head.root"), (whole[:-1], "is no log"),
                                  (whole.replace(b"autumn", b"autunm", 1), "entry 1"),
                                  (whole + whole, "the log has two of")):
            bad.write_bytes(content)
            _, error = run("waymark", "log", "verify", "--bundle", bad, "--pinned", pinned, expect=1)
            self.assertIn(expected, error)
        other = federation.directory / "other.toml"
        other.write_text(f'coordinator_key = "{"ab" * 32}"\n')
        _, error = run("waymark", "log", "verify", "--bundle", file, "--pinned", other, expect=1)
        self.assertIn("not signed by the coordinator's key", error)
        other.write_text('coordinator_key = "short"\n')
        _, error = run("waymark", "log", "verify", "--bundle", file, "--pinned", other, expect=1)
        self.assertIn("expected 64 hexadecimal digits", error)
        _, error = run("waymark", "log", "verify", "--bundle", file, expect=1)
        self.assertIn("--pinned", error)
        strangers = pinned.read_text().replace("threshold = 2", "threshold = 3")
        other.write_text(strangers)
        _, error = run("waymark", "log", "verify", "--bundle", file, "--pinned", other, expect=1)
        self.assertIn("entry 0: the roster of epoch 1 is signed by 2", error)

    def copy(self, source, target):
        with contextlib.closing(sqlite3.connect(source)) as a, contextlib.closing(sqlite3.connect(target)) as b:
            a.backup(b)

    def tampered(self, federation):
        """Each change behind the coordinator's programs is found; the store is put back after each."""
        store = self.store(federation)
        whole = federation.directory / "whole.db"
        federation.coordinator.stop()
        self.copy(store, whole)
        last = "(SELECT max(sequence) FROM figures)"
        changes = (
            (f"UPDATE figures SET (bytes, count) = (SELECT bytes, count FROM figures WHERE sequence = {last} - 1) "
             f"WHERE sequence = {last}",
             "not what the log says was published"),
            ("DELETE FROM published_items WHERE item = 0", "it is in no list of what is published"),
            (f"DELETE FROM figures WHERE sequence = {last}", "not what the log says was published"),
            ("DELETE FROM figures WHERE round_id = 'autumn'", "round autumn"),  # a later round hides it from queries
            ("UPDATE releases SET bytes = (SELECT bytes FROM releases AS other WHERE other.round_id = releases.round_id "
             "AND other.council <> releases.council LIMIT 1) WHERE round_id = 'again'", "councils' own figures"),
            ("DELETE FROM figure_sources WHERE council = (SELECT max(council) FROM figure_sources)", "councils' own figures"),
            ("DELETE FROM contributors WHERE council = (SELECT max(council) FROM contributors)", "who took part"),
            ("UPDATE published_items SET published_unix_s = published_unix_s + 1", "when it was published"),
            ("UPDATE published_items SET entry = CAST(replace(CAST(entry AS TEXT), 'again', 'other') AS BLOB)",
             "the log has no such publication"),
            ("UPDATE rounds SET publication = x'00' WHERE round_id = 'autumn'", "entry 2"),
            ("UPDATE rounds SET spec = (SELECT spec FROM rounds WHERE round_id = 'again')", "entry 1"),
            ("UPDATE rosters SET bytes = x''", "entry 0"),
            ("DELETE FROM log WHERE entry = 1", "no such round"),
        )
        for statement, expected in changes:
            federation.coordinator.stop()
            self.copy(whole, store)
            with contextlib.closing(sqlite3.connect(store)) as database, database:
                database.execute(statement)
                # What is left moves up, as a coordinator's would that hides an entry.
                rows = database.execute("SELECT kind, subject, hash FROM log ORDER BY entry").fetchall()
                database.execute("DELETE FROM log")
                database.executemany("INSERT INTO log VALUES (?, ?, ?, ?)", [(i, *row) for i, row in enumerate(rows)])
            federation.coordinator.start()
            federation.wait_for_coordinator()
            said, error = self.verify(federation, expect=None)
            self.assertIn(expected, error, statement + "\n" + said)


if __name__ == "__main__":
    unittest.main()
