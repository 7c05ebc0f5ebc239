"""Two coordinators on one PostgreSQL database, each with kept answers: what one publishes both serve, in the same bytes."""

import http.client
import unittest

import made_up
import postgresql
from coordinators import Pair, place
from harness import free_port, run, wait_until

TABLES = ("/api/v1/tables/19.csv", "/api/v1/tables/19.json", "/api/v1/tables/10.csv", "/api/v1/published")


class KeptAnswers(unittest.TestCase):
    def test_both_serve_what_either_published(self):
        with postgresql.Server() as server, Pair() as pair:
            configs, _, catalogue = made_up.prepare(pair, 4, people=150)
            where = place(pair.directory, server, server.directory)
            for copy in pair.copies.values():
                copy.place = where
            self.ports = {name: free_port() for name in pair.copies}
            pair.start_coordinators(catalogue)
            for name, copy in pair.copies.items():
                copy.process.stop()
                copy.config.write_text(copy.config.read_text().replace(
                    "[server]\n", f'[server]\nhttp_listen = "127.0.0.1:{self.ports[name]}"\n'))
                copy.process.start()
            wait_until(lambda: all(pair.listens(copy) for copy in pair.copies.values()), "both to listen again")
            out = pair.directory / "token"
            run("waymark-coordinator", "access", "add", "--config", pair.config, "--name", "analyst", "--role",
                "national-analyst", "--token", "--out", out)
            self.token = out.read_text().split('token = "')[1].split('"')[0]
            for code, config in configs.items():
                pair.enrol(code, config)
                pair.start_node(code, config)
            told = {}
            for round_id, period in (("first", "2022-23"), ("second", "2023-24")):
                # Both have kept that there is nothing of it, or the period before.
                before = self.everywhere()
                pair.open_round(made_up.ROUND.format(id=round_id, minutes=30).replace("2022-23", period))
                wait_until(lambda: all(pair.state_at(copy, round_id) == "published" for copy in pair.copies.values()),
                           f"round {round_id}", 120)
                after = self.everywhere()
                for table in TABLES:
                    self.assertNotEqual(after[table], before[table], table)
                    self.assertEqual(after[table][0], 200)
                    self.assertIn(round_id, after[table][2], table)
                told[round_id] = after
            # Withdrawn at one, gone at both.
            pair.waymark("round", "withdraw", "second", "--reason", "a test")
            gone = self.everywhere()
            self.assertEqual(gone, told["first"])

    def everywhere(self):
        """By address: status, ETag and body, which both copies must tell alike, twice, and know again by the tag."""
        told = {}
        for table in TABLES:
            answers = {self.ask(name, table) for name in self.ports for _ in range(2)}
            self.assertEqual(len(answers), 1, table)
            told[table], = answers
            status, tag, _ = told[table]
            for name in self.ports:
                if status == 200:
                    self.assertEqual(self.ask(name, table, tag)[0], 304)
        return told

    def ask(self, name, target, tag=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[name], timeout=60)
        headers = {"Authorization": f"Bearer {self.token}"}
        if tag:
            headers["If-None-Match"] = tag
        connection.request("GET", target, headers=headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, answer.getheader("ETag"), body


if __name__ == "__main__":
    reason = postgresql.missing()
    if reason:
        print(f"SKIP: {reason}")
    else:
        unittest.main()
