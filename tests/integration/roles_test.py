"""Roles through the programs: certificates and bearer tokens that `access add` makes, what each may see, and revocation."""

import json
import unittest

import made_up
from harness import Federation, free_port, run

NORTH, SOUTH = made_up.REGIONS


class Roles(unittest.TestCase):
    def access(self, command, *arguments, expect=0):
        return run("waymark-coordinator", "access", command, "--config", self.federation.config, *arguments,
                   expect=expect)

    def add(self, name, role, *arguments):
        out = self.federation.directory / name
        self.access("add", "--name", name, "--role", role, "--out", out, *arguments)
        return ["--token-file" if "--token" in arguments else "--identity", out]

    def ask(self, who, *arguments, expect=0):
        return run("waymark", *who, *arguments, expect=expect)

    def test_each_role_sees_its_own_until_it_is_revoked(self):
        with Federation() as self.federation:
            federation = self.federation
            configs, _, catalogue = made_up.prepare(federation, 4, people=60)
            refused = self.start(catalogue)
            self.assertIn("token_listen", refused)
            for code, config in configs.items():
                federation.enrol(code, config)
                federation.start_node(code, config)
            federation.open_round(made_up.ROUND.format(id="autumn", minutes=30))
            federation.wait_published("autumn")
            self.check_figures()
            self.check_revocation()

    def start(self, catalogue):
        """Without a token port none is made; then with one. Returns what was said without."""
        federation = self.federation
        federation.start_coordinator(catalogue=catalogue)
        federation.coordinator.stop()
        _, refused = self.access("add", "--name", "early", "--role", "auditor", "--token", expect=1)
        text = federation.config.read_text()
        federation.config.write_text(
            text.replace("[server]\n", f'[server]\ntoken_listen = "127.0.0.1:{free_port()}"\n'))
        federation.coordinator.start()
        federation.wait_for_coordinator()
        return refused

    def check_figures(self):
        query = ("benchmark", "--metric", "19", "--json")
        whole = json.loads(self.federation.waymark(*query))
        self.analyst = self.add("power-bi", "national-analyst", "--token")
        self.assertEqual(json.loads(self.ask(self.analyst, *query)[0]), whole)
        self.assertEqual({one["geography_code"] for one in whole["figures"]}, {NORTH, SOUTH, "participants"})
        for extra in ((), ("--token",)):
            lead = self.add(f"lead-{len(extra)}", "regional-lead", "--regions", NORTH, *extra)
            places = {one["geography_code"] for one in json.loads(self.ask(lead, *query)[0])["figures"]}
            self.assertEqual(places, {NORTH, "participants"})
            out, error = self.ask(lead, *query, "--geography", SOUTH, expect=3)
            self.assertEqual(out, "")
            self.assertIn("this access is for " + NORTH, error)
        auditor = self.add("auditor", "auditor", "--token")
        self.assertIn("may not call", self.ask(auditor, *query, expect=3)[1])
        self.assertIn("whole and signed", self.ask(auditor, "log", "verify", "--no-figures")[0])
        self.assertIn("autumn", self.ask(auditor, "round", "list")[0])

    def check_revocation(self):
        listed = {one["name"]: one for one in json.loads(self.access("list", "--json")[0])}
        self.assertEqual(set(listed), {"operator", "power-bi", "lead-0", "lead-1", "auditor"})
        self.assertEqual(len(listed["power-bi"]["last_used"]), len("2026-01-31"))
        secret = self.analyst[1].read_text().split('token = "')[1].split('"')[0]
        self.assertEqual(self.analyst[1].stat().st_mode & 0o777, 0o600)
        self.analyst[1].chmod(0o644)
        self.assertIn("chmod 600", self.ask(self.analyst, "round", "list", expect=3)[1])
        self.analyst[1].chmod(0o600)
        self.access("revoke", "--name", "power-bi")
        query = ("benchmark", "--metric", "19")
        self.assertIn("this token admits nobody", self.ask(self.analyst, *query, expect=1)[1])
        self.access("revoke", "--name", "operator")
        self.assertIn("revoked", self.ask(["--identity", self.federation.operator], *query, expect=3)[1])
        anna = self.add("anna", "operator")
        self.assertIn("autumn", self.ask(anna, "round", "list")[0])
        self.access("add", "--name", "anna", "--role", "operator", "--out", self.federation.directory / "again", expect=1)
        # The secret stands in the file alone.
        for path in self.federation.directory.rglob("*"):
            if path.is_file() and path != self.analyst[1]:
                self.assertNotIn(secret.encode(), path.read_bytes(), path)


if __name__ == "__main__":
    unittest.main()
