"""A council whose policy asks for a person's approval: what is signed leaves, and nothing else, through the real programs."""

import json
import re
import unittest

import made_up
from harness import Federation, run, wait_until


def by_person(config, keys, needed):
    """Makes the council's policy ask for `needed` of the approvers with these keys."""
    policy = config.parent / "policy.toml"
    text = policy.read_text().replace('approval = "automatic"', f'approval = "by-person"\napprovals = {needed}')
    for name, line in keys.items():
        text += f'\n[[approver]]\nname = "{name}"\n{line}\n'
    policy.write_text(text)


class Approval(unittest.TestCase):
    def test_a_round_waits_for_both_approvers_and_leaves_as_signed(self):
        with Federation() as federation:
            configs, _, catalogue = made_up.prepare(federation, 3, people=150)
            careful, *others = configs
            config = configs[careful]
            keys = {}
            for name in ("governance", "analyst"):
                keys[name] = run("waymark-node", "approve", "--new-key", config.parent / f"{name}.key")[0].strip()
                self.assertRegex(keys[name], r'^public_key = "[0-9a-f]{64}"$')
            run("waymark-node", "approve", "--new-key", config.parent / "stranger.key")
            by_person(config, keys, 2)
            federation.start_coordinator(catalogue=catalogue)
            for code in configs:
                federation.enrol(code, configs[code])
                federation.start_node(code, configs[code])
            self.assertIn("No round waits", run("waymark-node", "approve", "--config", config)[0])
            federation.open_round(made_up.ROUND.format(id="signed", minutes=30))
            wait_until(lambda: "waits for approval" in federation.nodes[careful].log(), "the round to wait")
            wait_until(lambda: sum(c["answered"] for c in federation.round("signed")["councils"]) == 2, "the others")
            said = {council["code"]: council["absence"] for council in federation.round("signed")["councils"]}
            self.assertEqual(said[careful], "awaiting approval")
            waiting = json.loads(run("waymark-node", "approve", "--config", config, "--json")[0])
            self.assertEqual([(w["round"], w["approvals"], w["needed"]) for w in waiting], [("signed", 0, 2)])

            # What would leave, and its hash; nothing is charged by looking.
            shown, _ = run("waymark-node", "preview", "--config", config, "--round", "signed")
            proposal = re.search(r"the proposal ([0-9a-f]{64})", shown).group(1)
            again = json.loads(run("waymark-node", "preview", "--config", config, "--round", "signed", "--json")[0])
            self.assertEqual(again["proposal"], proposal)
            self.assertEqual(self.kinds(config), [])

            def sign(key, what=proposal, expect=0):
                return run("waymark-node", "approve", "--config", config, "--round", "signed", "--key",
                           config.parent / f"{key}.key", "--proposal", what, expect=expect)

            self.assertIn("no approver with this key", sign("stranger", expect=3)[1])
            self.assertIn("Nothing was signed", sign("governance", "0" * 64, expect=1)[1])
            _, error = run("waymark-node", "approve", "--config", config, "--round", "another", "--key",
                           config.parent / "governance.key", "--proposal", proposal, expect=1)
            self.assertIn("there are: signed", error)
            self.assertEqual(self.kinds(config), [])
            self.assertIn("1 of 2", sign("governance")[0])
            sign("governance")  # twice is once
            self.assertEqual(self.kinds(config), ["approval"])
            self.assertIn("2 of 2", sign("analyst")[0])
            wait_until(lambda: all(c["answered"] for c in federation.round("signed")["councils"]), "the signed release")
            wait_until(lambda: self.kinds(config)[-1] == "acknowledged", "the receipt")
            kinds = self.kinds(config)
            self.assertEqual(kinds[:2], ["approval", "approval"])
            self.assertIn("release", kinds)
            self.assertIn("No round waits", run("waymark-node", "approve", "--config", config)[0])

    @staticmethod
    def kinds(config):
        shown = json.loads(run("waymark-node", "ledger", "show", "--config", config, "--json")[0])
        return [entry["kind"] for entry in shown["entries"]]


if __name__ == "__main__":
    unittest.main()
