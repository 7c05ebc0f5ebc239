"""The same records as CSV files, in SQLite, in PostgreSQL and over ODBC give the same figures, byte for byte; and what
goes wrong with a database is said clearly and leaves nothing half-used."""

import csv
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

import made_up
import postgresql
from harness import BIN, ROOT, run, wait_until

COVERAGE = f"covered_from = {made_up.COVERED_FROM.isoformat()}\nextract_date = {made_up.EXTRACT.isoformat()}\n"
MAPPING = """[source.mapping]
shape = "episodes"
level = "early_help"
person = "earl_person_id"
start = "earl_episode_start_date"
end = "earl_episode_end_date"
id = "earl_episode_id"
need = "earl_episode_reason"
end_reason = "earl_episode_end_reason"
"""


def odbc_drivers():
    if shutil.which("odbcinst") is None:
        return []
    return re.findall(r"\[(.*)\]", subprocess.run(["odbcinst", "-q", "-d"], capture_output=True, text=True).stdout)


def tables(folder):
    """(name, header, rows) of every CSV in the folder."""
    for path in sorted(folder.glob("*.csv")):
        with open(path, newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        yield path.stem, header, rows


def type_of(column):
    return "date" if column.endswith(("date", "dob")) else "text"


def script(folder):
    """SQL that makes the folder's tables; blanks become NULL."""
    quoted = lambda value: "NULL" if value == "" else "'" + value.replace("'", "''") + "'"
    for name, header, rows in tables(folder):
        yield f"CREATE TABLE {name}({', '.join(f'{column} {type_of(column)}' for column in header)});"
        for row in rows:
            yield f"INSERT INTO {name} VALUES ({', '.join(map(quoted, row))});"


class Databases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="waymark-database-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        made_up.make_ssd(cls.folder / "ssd", seed=7, people=300)
        with sqlite3.connect(cls.folder / "records.db") as file:
            file.executescript("\n".join(["BEGIN;", *script(cls.folder / "ssd"), "COMMIT;"]))
        file.close()
        cls.server = None
        cls.missing = postgresql.missing()
        if cls.missing:
            print(f"not tested: {cls.missing}")
        else:
            cls.server = cls.enterClassContext(postgresql.Server())
            cls.server.sql("\n".join(["BEGIN;", "CREATE SCHEMA hdm;", "SET search_path = hdm;",
                                      *script(cls.folder / "ssd"), "COMMIT;"]))
            (cls.folder / "password").write_text(postgresql.Server.PASSWORD + "\n")
            (cls.folder / "password").chmod(0o600)

    def config(self, source, name="node.toml"):
        path = self.folder / name
        path.write_text(f'[council]\ncode = "E99000001"\nname = "Test Council"\n[node]\n'
                        f'catalogue = "{ROOT / "catalogue"}"\n[[source]]\n{source}')
        return path

    def source(self, keys, form="ssd"):
        return f'format = "{form}"\n{keys}\n{COVERAGE}' + (MAPPING if form != "ssd" else "")

    def measure(self, source):
        return run("waymark-node", "measure", "--config", self.config(source), "--metric", "all", "--json")[0]

    def refused(self, source, *words):
        done = subprocess.run([BIN / "waymark-node", "check-data", "--config", self.config(source)], capture_output=True,
                              text=True, timeout=120)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertNotIn(postgresql.Server.PASSWORD, done.stdout + done.stderr)
        self.assertNotRegex(done.stdout + done.stderr, "(PERSON|FAMILY|EPISODE)-7-")
        return done.stderr

    def postgresql(self, **more):
        if self.server is None:
            self.skipTest(self.missing)
        return f'connection = "{self.server.connection(**more)}"\npassword_file = "password"\n'

    def ways(self):
        """Connections to the same tables."""
        yield 'connection = "sqlite3://records.db"'
        if "SQLite3" in odbc_drivers():
            yield f'connection = "odbc://Driver={{SQLite3}};Database={self.folder}/records.db"'
        else:
            print("not tested: ODBC's SQLite3 driver is not installed (Debian: libsqliteodbc)")
        if self.server is None:
            return
        yield self.postgresql() + 'schema = "hdm"'
        if self.odbc():
            yield self.odbc() + 'schema = "hdm"'

    def test_the_standard_dataset_gives_the_same_figures_wherever_it_stands(self):
        expected = self.measure(self.source('path = "ssd"'))
        self.assertGreater(len(expected), 10000)
        for way in self.ways():
            with self.subTest(way):
                self.assertEqual(self.measure(self.source(way)), expected)

    def test_a_mapped_table_gives_the_same_figures_wherever_it_stands(self):
        expected = self.measure(self.source('path = "ssd/ssd_early_help_episodes.csv"', "event-log"))
        for way in self.ways():
            schema = "hdm." if "hdm" in way else ""
            for what in ('table = "SSD_early_help_episodes"',
                         f'query = "WITH e AS (SELECT * FROM {schema}ssd_early_help_episodes) SELECT * FROM e"'):
                with self.subTest(way + what):
                    self.assertEqual(self.measure(self.source(f"{way}\n{what}", "sql")), expected)

    def test_every_type_of_postgresql_is_read_as_text(self):
        keys = self.postgresql()
        self.server.sql("""CREATE TYPE level AS ENUM ('cin', 'cp');
            CREATE TABLE types(earl_person_id uuid, earl_episode_start_date timestamptz, earl_episode_end_date timestamp,
              earl_episode_id numeric(12, 2), earl_episode_reason level, earl_episode_end_reason boolean, more jsonb,
              arrays int[], "odd ""name" inet);
            INSERT INTO types SELECT gen_random_uuid(), '2024-01-02 23:30:00+00', NULL, 1.50, 'cp', true, '{"a": 1}',
              '{1,2}', '10.0.0.1' FROM generate_series(1, 500);""")
        output = run("waymark-node", "check-data", "--config", self.config(self.source(keys + 'table = "types"', "sql")),
                     "--json")[0]
        self.assertIn('"rows_used": 500', output)
        self.assertIn('"value": "cp"', output)
        self.assertIn('"value": "true"', output)

    def test_a_wrong_password_is_named_as_that(self):
        self.postgresql()
        (self.folder / "wrong").write_text("something else\n")
        (self.folder / "wrong").chmod(0o600)
        source = f'connection = "{self.server.connection()}"\npassword_file = "wrong"\n'
        error = self.refused(self.source(source), "password authentication failed", "password_file")
        self.assertNotIn("something else", error)

    def test_a_server_that_is_not_there_is_named(self):
        self.postgresql()
        self.refused(self.source(self.postgresql(host=self.folder)), "check `connection`")
        self.refused(self.source(self.postgresql(dbname="nothing")), '"nothing" does not exist')

    def test_a_table_that_is_not_there_is_named_with_those_that_are(self):
        self.refused(self.source(self.postgresql() + 'table = "early_help"', "sql"), '"early_help"',
                     "hdm.ssd_early_help_episodes")
        self.refused(self.source(self.postgresql() + 'schema = "public"'), "schema")

    def test_a_column_that_is_not_there_is_named_with_those_that_are(self):
        for way in self.ways():
            self.refused(self.source(way + '\ntable = "ssd_person"', "sql"), "earl_person_id", "pers_person_id")

    def test_nothing_can_be_written(self):
        self.server or self.skipTest(self.missing)
        self.server.sql("CREATE TABLE kept(a int); INSERT INTO kept VALUES (1);")
        query = 'query = "WITH gone AS (DELETE FROM kept RETURNING a) SELECT * FROM gone"'
        self.refused(self.source(self.postgresql() + query, "sql"), "data-modifying")
        self.refused(self.source(self.postgresql() + 'query = "SELECT 1) AS a; DROP TABLE kept; --"', "sql"),
                     "syntax error")
        self.server.sql("CREATE FUNCTION remove() RETURNS int LANGUAGE sql AS 'DELETE FROM kept RETURNING a'")
        self.refused(self.source(self.postgresql() + 'query = "SELECT *, remove() FROM hdm.ssd_early_help_episodes"', "sql"),
                     "read-only transaction")
        self.assertEqual(self.server.sql("SELECT count(*) FROM kept").strip(), "1")

    def test_a_value_in_an_error_of_the_database_is_not_shown(self):
        query = "query = \"SELECT *, CAST(earl_person_id AS int) AS n FROM hdm.ssd_early_help_episodes\""
        self.refused(self.source(self.postgresql() + query, "sql"), "invalid input syntax", "0 rows had been read")

    def odbc(self):
        """The server by ODBC; "" without the driver."""
        if self.server is None or "PostgreSQL Unicode" not in odbc_drivers():
            print("not tested: ODBC's PostgreSQL driver is not installed (Debian: odbc-postgresql)")
            return ""
        return (f'connection = "odbc://Driver={{PostgreSQL Unicode}};Servername={self.server.directory};'
                f'Database=postgres;UID={self.server.USER};UseDeclareFetch=1"\npassword_file = "password"\n')

    def test_a_slow_statement_ends_at_the_timeout(self):
        query = 'query = "SELECT pg_sleep(60)"\ntimeout_seconds = 1'
        began = time.monotonic()
        self.refused(self.source(self.postgresql() + query, "sql"), "pg_sleep")
        query = 'query = "SELECT *, pg_sleep(60) FROM hdm.ssd_early_help_episodes"\ntimeout_seconds = 1'
        self.refused(self.source(self.postgresql() + query, "sql"), "statement timeout", "timeout_seconds")
        if self.odbc():
            self.refused(self.source(self.odbc() + query, "sql"), "statement timeout")
        self.assertLess(time.monotonic() - began, 30)

    def test_a_database_that_goes_away_in_mid_read_leaves_nothing_half_used(self):
        self.end_in_mid_read(self.postgresql(), "pg_terminate_backend(pid)")

    def test_so_does_one_by_odbc(self):
        if self.odbc():
            self.end_in_mid_read(self.odbc(), "pg_terminate_backend(pid)")

    def test_so_does_one_that_is_killed_without_a_word(self):
        self.end_in_mid_read(self.postgresql(), "pid")
        wait_until(self.answers, "the server to come back")

    def answers(self):
        try:
            return self.server.sql("SELECT 1")
        except AssertionError:
            return None

    def test_so_does_one_that_stops_answering_and_the_node_gives_up(self):
        self.stop_in_mid_read(self.postgresql())

    def test_so_does_one_that_stops_answering_by_odbc(self):
        if self.odbc():
            self.stop_in_mid_read(self.odbc())

    def stop_in_mid_read(self, connection):
        """A server that is frozen, not gone: nothing in the system ever breaks the connection."""
        stopped = []

        def stop(backend):
            os.kill(backend, signal.SIGSTOP)
            stopped.append(backend)

        try:
            began = time.monotonic()
            error = self.end_in_mid_read(connection + "timeout_seconds = 2\n", "pid", stop)
            self.assertIn("no answer for 12s", error)
            self.assertIn("set timeout_seconds higher", error)
            self.assertLess(time.monotonic() - began, 40)
        finally:
            for backend in stopped:
                os.kill(backend, signal.SIGCONT)
        wait_until(self.answers, "the server to answer")

    def end_in_mid_read(self, connection, how, end=lambda backend: os.kill(backend, signal.SIGKILL)):
        """Ends the node's session by SQL, or where `how` is "pid" by `end`, while rows come; what the node says."""
        # Rows that take a while each, so that the session can be ended among them.
        keys = connection + ('query = "SELECT e.*, pg_sleep(0.002) FROM hdm.ssd_early_help_episodes e, '
                             'generate_series(1, 100)"')
        path = self.config(self.source(keys, "sql"), "mid-read.toml")
        with subprocess.Popen([BIN / "waymark-node", "measure", "--config", path, "--metric", "all", "--json"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            ended = ""
            limit = time.monotonic() + 60
            while not ended and time.monotonic() < limit:
                time.sleep(0.2)
                # Only once rows are on their way.
                ended = self.server.sql(f"SELECT {how} FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
                                        f"query ILIKE 'fetch%' AND query_start > xact_start + interval '1 second'").strip()
            if how == "pid":
                end(int(ended))
            else:
                self.assertEqual(ended, "t")
            output, error = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1, error)
        self.assertEqual(output, "")
        self.assertRegex(error, r"query: .*; [1-9]\d* rows had been read and none of them is used.*try again")
        return error

    def test_a_result_does_not_stand_in_memory_whole(self):
        keys = self.postgresql()
        self.server.sql("CREATE TABLE large AS SELECT 'c' || n % 1000 AS earl_person_id, DATE '2024-01-02' AS "
                        "earl_episode_start_date, NULL AS earl_episode_end_date, 'e' || n % 5000 AS earl_episode_id, 'N4' AS "
                        "earl_episode_reason, NULL AS earl_episode_end_reason, repeat('x', 4000) || n AS notes "
                        "FROM generate_series(1, 50000) n")
        path = self.config(self.source(keys + 'table = "large"', "sql"), "large.toml")
        done = subprocess.run(["/bin/sh", "-c", f"ulimit -v {1 << 19} && exec {BIN}/waymark-node check-data --config {path}"],
                              capture_output=True, text=True, timeout=120)
        # 200 MB of notes; the whole program may have 512 MB of addresses.
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("of 50000 rows used", done.stdout)

    def test_sqlite_files_and_odbc_say_what_is_missing(self):
        self.refused(self.source('connection = "sqlite3://none.db"'), "none.db", "no such file")
        self.refused(self.source('connection = "odbc://Driver={None of These};Server=x"'), "None of These", "odbcinst")

    def test_a_password_that_others_may_read_is_refused(self):
        path = self.folder / "open"
        path.write_text("x\n")
        os.chmod(path, 0o644)
        self.refused(self.source('connection = "postgresql://host=nowhere.invalid"\npassword_file = "open"'), "chmod 600")


if __name__ == "__main__":
    unittest.main()
