"""Certificates of who is no council, over time: renewed by `waymark` itself before they end, at once where asked for, never
beyond what was granted, by nobody who is revoked; whatever kills the program in between. Real processes; time by faketime."""

import contextlib
import json
import shutil
import subprocess
import threading
import time
import unittest

import made_up
from harness import BIN, Federation, other_time, run

LIST = ("round", "list", "--json")


class Access(unittest.TestCase):
    def setUp(self):
        if shutil.which("faketime") is None:
            self.skipTest("faketime is not installed")

    @contextlib.contextmanager
    def federation(self):
        with Federation() as self.running:
            self.configs, _, catalogue = made_up.prepare(self.running, 2, people=60)
            self.running.start_coordinator(catalogue=catalogue)
            yield self.running

    def access(self, *arguments, expect=0):
        return run("waymark-coordinator", "access", arguments[0], "--config", self.running.config, *arguments[1:],
                   expect=expect)

    def add(self, name, role, *arguments):
        out = self.running.directory / name
        said = self.access("add", "--name", name, "--role", role, "--out", out, *arguments)[0]
        return out, said

    def entry(self, name):
        return next(one for one in json.loads(self.access("list", "--json")[0]) if one["name"] == name)

    def ask(self, identity, *arguments, expect=0):
        return run("waymark", "--identity", identity, *arguments, expect=expect)

    def copy_of(self, identity):
        copy = identity.parent / f"{identity.name}-copy"
        shutil.copytree(identity, copy)
        return copy

    @contextlib.contextmanager
    def later(self, offset):
        """The coordinator and all that is run in it, so much later."""
        self.running.coordinator.stop()
        with other_time(offset):
            self.running.coordinator.start()
            self.running.wait_for_coordinator()
            yield
            self.running.coordinator.stop()

    def test_every_role_is_renewed_by_itself_before_its_end(self):
        with self.federation() as federation:
            lead, said = self.add("lead", "regional-lead", "--regions", "E12999901")
            self.assertIn("renewed until revoked", said)
            auditor, _ = self.add("auditor", "auditor")
            analyst, _ = self.add("analyst", "national-analyst", "--metrics", "19")
            first = federation.operator
            everyone = {lead: LIST, auditor: LIST, analyst: ("log", "entries"), first: LIST}
            before, copies = {}, {}
            for identity, question in everyone.items():
                _, error = self.ask(identity, *question)
                self.assertNotIn("renewed", error)
                before[identity] = (identity / "certificate.pem").read_text()
                copies[identity] = self.copy_of(identity)
            until = self.entry("lead")["valid_until"]
            with self.later("+300d"):
                for identity, question in everyone.items():
                    _, error = self.ask(identity, *question)
                    self.assertIn("certificate renewed", error)
                    self.assertNotEqual(before[identity], (identity / "certificate.pem").read_text())
                    self.assertEqual((identity / "key.pem").stat().st_mode & 0o777, 0o600)
                    self.assertEqual(sorted(path.name for path in identity.iterdir()),
                                     ["authority.pem", "certificate.pem", "client.toml", "key.pem"])
                    _, error = self.ask(identity, *question)
                    self.assertNotIn("renewed", error, "once is enough")
                    # What was copied of the one before is good no more.
                    _, error = self.ask(copies[identity], *question, expect=3)
                    self.assertIn("replaced", error)
                self.assertGreater(self.entry("lead")["valid_until"], until)
                self.assertEqual(self.entry("lead")["renewed_until"], "revoked")
                self.assertEqual(self.entry("lead")["regions"], ["E12999901"])
            with self.later("+600d"):  # the first ones would have ended long ago
                for identity, question in everyone.items():
                    self.ask(identity, *question)
                self.access("revoke", "--name", "operator")
                _, error = self.ask(first, *LIST, expect=3)
                self.assertIn("revoked", error)
                _, error = self.ask(first, "access", "renew", expect=3)
                self.assertIn("revoked", error)
            # Of what has ended TLS takes nothing any more.
            with self.later("+2000d"):
                self.ask(lead, "access", "renew", expect=1)

    def test_at_once_and_never_beyond_what_was_granted(self):
        with self.federation() as federation:
            anna, _ = self.add("anna", "operator")
            copy = self.copy_of(anna)
            said = json.loads(self.ask(anna, "access", "renew", "--json")[0])
            self.assertEqual(said["valid_until"], self.entry("anna")["valid_until"])
            self.assertIn("replaced", self.ask(copy, *LIST, expect=3)[1])
            self.ask(anna, *LIST)
            # For so many days, and no longer.
            short, said = self.add("short", "auditor", "--valid-days", "30")
            self.assertNotIn("renewed", said)
            _, error = self.ask(short, "access", "renew", expect=1)
            self.assertIn("ends with its certificate", error)
            # Certificates of thirty days up to a day.
            last = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 40 * 86400))
            bounded, said = self.add("bounded", "auditor", "--valid-days", "30", "--until", last)
            self.assertIn(f"renewed until {last}", said)
            self.access("add", "--name", "x", "--role", "auditor", "--out", federation.directory / "x", "--until", "soon",
                        expect=1)
            self.access("add", "--name", "x", "--role", "auditor", "--out", federation.directory / "x", "--until",
                        "2020-01-01", expect=1)
            with self.later("+25d"):
                self.assertIn("certificate renewed", self.ask(bounded, *LIST)[1])
                self.assertIn(last, self.entry("bounded")["valid_until"])
                # Said at each command that is near the end, which it does nothing else for.
                _, error = self.ask(short, *LIST)
                self.assertIn("is not renewed", error)
            with self.later("+42d"):
                for identity in (bounded, short):
                    self.ask(identity, *LIST, expect=1)
            # A council's is its node's business, and a token is never renewed.
            code, config = next(iter(self.configs.items()))
            federation.coordinator.start()
            federation.wait_for_coordinator()
            federation.enrol(code, config)
            _, error = self.ask(config.parent / "state" / "identity", "access", "renew", expect=1)
            self.assertIn("by its node", error)

    def test_goes_on_wherever_it_was_killed(self):
        with self.federation():
            anna, _ = self.add("anna", "operator")
            command = [str(BIN / "waymark"), "--identity", str(anna), "access", "renew"]
            whole = time.monotonic()
            subprocess.run(command, capture_output=True, check=True)
            whole = time.monotonic() - whole
            kept = {"pending": 0, "killed": 0}
            for i in range(24):
                process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=whole * (i + 1) / 24)
                process.kill()
                kept["killed"] += process.wait() != 0
                kept["pending"] += any(anna.glob("pending*"))
                self.ask(anna, *LIST)
            print(f"{kept['killed']} killed, {kept['pending']} with something begun")
            self.ask(anna, "access", "renew")
            self.assertEqual(list(anna.glob("pending*")), [])

    def test_programs_that_use_one_identity_at_once(self):
        with self.federation():
            anna, _ = self.add("anna", "operator")
            failures = []

            def use(arguments):
                for _ in range(4):
                    done = subprocess.run([str(BIN / "waymark"), "--identity", str(anna), *arguments], capture_output=True,
                                          text=True)
                    if done.returncode != 0:
                        failures.append(done.stderr)

            programs = [threading.Thread(target=use, args=(what,)) for what in (LIST, LIST, ("log", "entries"))]
            programs.append(threading.Thread(target=use, args=(("access", "renew"),)))
            for program in programs:
                program.start()
            for program in programs:
                program.join()
            self.assertEqual(failures, [])


if __name__ == "__main__":
    unittest.main()
