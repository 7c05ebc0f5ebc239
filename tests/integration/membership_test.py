"""Who may call, over time: revocation on open connections, replaced certificates, renewal before expiry. Real processes; the
clock of the last by faketime."""

import json
import shutil
import time
import unittest

import made_up
from harness import Federation, other_time, run, wait_until


class Membership(unittest.TestCase):
    def start(self, federation, nodes):
        configs, _, catalogue = made_up.prepare(federation, nodes, people=60)
        federation.start_coordinator(catalogue=catalogue)
        for code, config in configs.items():
            federation.enrol(code, config)
            federation.start_node(code, config)
        return configs

    def wait_connected(self, federation, codes):
        """A node keeps the log's head when it has looked once."""
        heads = [federation.directory / code / "state" / "log-head.json" for code in codes]
        wait_until(lambda: all(head.exists() for head in heads), "the nodes' first look")

    def members(self, federation):
        return {one["council"]: one for one in
                json.loads(run("waymark-coordinator", "roster", "--config", federation.config, "--json")[0])}

    def identity(self, federation, code):
        return federation.directory / code / "state" / "identity"

    def test_a_revoked_council_is_refused_at_its_next_call(self):
        with Federation() as federation:
            configs = self.start(federation, 4)
            codes = list(configs)
            out = codes[0]
            stale = federation.directory / "stale.join"
            run("waymark-coordinator", "token", "--config", federation.config, "--council", out, "--out", stale)
            wait_until(lambda: "node started" in federation.nodes[out].log(), "the node")
            self.wait_connected(federation, [out])  # its connection is open, and has been used
            self.assertNotIn("no member", federation.nodes[out].log())
            began = time.monotonic()
            said = run("waymark-coordinator", "roster", "revoke", "--config", federation.config, "--council", out)[0]
            self.assertIn("no member any more", said)
            wait_until(lambda: "is no member" in federation.nodes[out].log(), "the refusal", seconds=30)
            print(f"refused after {time.monotonic() - began:.1f} s")
            self.assertEqual(sorted(self.members(federation)), codes[1:])
            # Rounds go on without it: it is not waited for, and is none of the absent.
            federation.open_round(made_up.ROUND.format(id="without", minutes=30))
            federation.wait_published("without")
            self.assertEqual([one["code"] for one in federation.round("without")["councils"]], codes[1:])
            # Nor does a join file that was lying about let it in, nor can it be revoked twice.
            federation.nodes[out].stop()
            error = run("waymark-node", "enrol", "--config", configs[out], "--join", stale, expect=3)[1]
            self.assertIn("does not admit this council", error)
            error = run("waymark-coordinator", "roster", "revoke", "--config", federation.config, "--council", out,
                        expect=1)[1]
            self.assertIn("is no member", error)
            # A new one does.
            federation.enrol(out, configs[out])
            federation.nodes[out].start()
            federation.open_round(made_up.ROUND.format(id="with", minutes=30))
            federation.wait_published("with")
            self.assertEqual([one["code"] for one in federation.round("with")["councils"] if one["answered"]], codes)

    def test_a_certificate_that_was_replaced_is_refused(self):
        with Federation() as federation:
            configs = self.start(federation, 1)
            code, config = next(iter(configs.items()))
            copy = federation.directory / "copy"
            shutil.copytree(self.identity(federation, code), copy)
            run("waymark", "--identity", copy, "--address", f"127.0.0.1:{federation.port}", "benchmark", "--metric", "19",
                expect=1)  # nothing is published, but it may ask
            federation.enrol(code, config)
            error = run("waymark", "--identity", copy, "benchmark", "--metric", "19", expect=3)[1]
            self.assertIn("has been replaced by another", error)
            error = run("waymark", "--identity", self.identity(federation, code), "benchmark", "--metric", "19",
                        expect=1)[1]
            self.assertIn("no published benchmark", error)

    def test_councils_whose_clocks_are_an_hour_wrong_answer_like_others(self):
        if shutil.which("faketime") is None:
            self.skipTest("faketime is not installed")
        with Federation() as federation:
            configs, _, catalogue = made_up.prepare(federation, 4, people=60)
            federation.start_coordinator(catalogue=catalogue)
            for (code, config), offset in zip(configs.items(), ("+1h", "-1h", "-1h", "+0")):
                with other_time(offset):
                    federation.enrol(code, config)
                    federation.start_node(code, config)
            federation.open_round(made_up.ROUND.format(id="clocks", minutes=30))
            federation.wait_published("clocks")
            self.assertTrue(all(one["answered"] for one in federation.round("clocks")["councils"]))

    def test_a_certificate_is_renewed_before_it_ends(self):
        if shutil.which("faketime") is None:
            self.skipTest("faketime is not installed")
        with Federation() as federation:
            configs = self.start(federation, 3)
            codes = list(configs)
            before = {code: (self.identity(federation, code) / "certificate.pem").read_text() for code in codes}
            copy = federation.directory / "copy"
            shutil.copytree(self.identity(federation, codes[0]), copy)
            until = self.members(federation)[codes[0]]["certificate_until"]
            self.wait_connected(federation, codes)
            for code in codes:
                self.assertNotIn("certificate renewed", federation.nodes[code].log())
                federation.nodes[code].stop()
            federation.coordinator.stop()
            with other_time("+300d"):
                federation.coordinator.start()
                federation.wait_for_coordinator()
                for code in codes:
                    federation.nodes[code].start()
                for code in codes:
                    wait_until(lambda: "certificate renewed" in federation.nodes[code].log(), f"renewal at {code}")
                    self.assertNotEqual(before[code], (self.identity(federation, code) / "certificate.pem").read_text())
                    left = sorted(path.name for path in self.identity(federation, code).glob("pending*"))
                    self.assertEqual(left, [])
                # The same processes answer with their new certificates, and the old one is good no more.
                federation.open_round(made_up.ROUND.format(id="later", minutes=30))
                federation.wait_published("later")
                self.assertTrue(all(one["answered"] for one in federation.round("later")["councils"]))
                self.assertGreater(self.members(federation)[codes[0]]["certificate_until"], until)
                error = run("waymark", "--identity", copy, "benchmark", "--metric", "19", expect=3)[1]
                self.assertIn("has been replaced by another", error)
            # A year and more after enrolment, the old certificate would have ended.
            for code in codes:
                federation.nodes[code].stop()
            federation.coordinator.stop()
            with other_time("+400d"):
                federation.coordinator.start()
                federation.wait_for_coordinator()
                run("waymark", "--identity", self.identity(federation, codes[1]), "benchmark", "--metric", "19")


if __name__ == "__main__":
    unittest.main()
