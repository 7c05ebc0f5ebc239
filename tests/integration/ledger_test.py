"""The ledger as a governance officer meets it: what was released, what is left, what a schedule will cost, and a report
that stands by itself. The chain of the report is recomputed here by other means."""

import hashlib
import json
import struct
import unittest

import made_up
from harness import Federation, run

PLAN = """[[item]]
metric = "1"
periods = ["2022-23", "2021-22"]
epsilon = "1"

[[item]]
metric = "10"
period = "2022-23"
rho = "1/100"

[[item]]
metric = "1"
period = "2022-23"
epsilon = "7/2"
"""


def canonical(label, fields):
    """docs/protocol.md, "Canonical encoding": numbers as eight bytes, texts after their length."""
    out = b""
    for field in [label, *fields]:
        if isinstance(field, int):
            out += struct.pack(">q" if field < 0 else ">Q", field)
        else:
            raw = field if isinstance(field, bytes) else field.encode()
            out += struct.pack(">Q", len(raw)) + raw
    return out


def entry_hash(entry):
    fields = [entry["sequence"], entry["kind"], entry["unix_s"], entry["round"], bytes.fromhex(entry["subject"]),
              entry["metric"], entry["version"], entry["linkage_group"], entry["mode"], entry["period"],
              entry["data_version"], *entry["epsilon"], entry["charge"], entry["first_year"], entry["last_year"],
              entry["delta"]]
    zcdp = entry["rho_charge"] > 0
    if zcdp:
        fields += [*entry["rho"], entry["rho_charge"]]
    fields += [entry["payload_bytes"], bytes.fromhex(entry["payload_hash"]), bytes.fromhex(entry["previous"])]
    return hashlib.sha256(canonical("waymark/v2/ledger-entry" if zcdp else "waymark/v1/ledger-entry", fields)).hexdigest()


class LedgerCommands(unittest.TestCase):
    def test_show_plan_export_and_verify(self):
        with Federation() as federation:
            configs, _, catalogue = made_up.prepare(federation, 1, people=60)
            code, config = next(iter(configs.items()))
            schedule = federation.write("plan.toml", PLAN)
            ledger = lambda *words, expect=0: run("waymark-node", "ledger", *words, "--config", config, expect=expect)

            planned = json.loads(ledger("plan", schedule, "--json")[0])
            self.assertEqual([item["refused"] is None for item in planned["items"]], [True, True, True, False])
            self.assertEqual(planned["items"][2]["charge"], "rho 1/100")
            self.assertEqual(json.loads(ledger("show", "--json")[0])["entries"], [], "a plan leaves no trace")
            text = ledger("plan", schedule)[0]
            for words in ("After all of it", "2022-23", "±", "no: of the year"):
                self.assertIn(words, text)

            federation.start_coordinator(catalogue=catalogue)
            federation.enrol(code, config)
            federation.open_round(made_up.ROUND.format(id="first", minutes=30))
            run("waymark-node", "run", "--config", config, "--once", "--poll-seconds", "1")
            shown = json.loads(ledger("show", "--json")[0])
            self.assertTrue(shown["released"])
            for row in shown["released"]:
                self.assertEqual(row["round"], "first")
                self.assertTrue(row["about_whom"] and row["title"] and row["receipt"], row)
                self.assertEqual(row["mode"] == "noised", row["charge"] != "", row)
            text = ledger("show")[0]
            for words in ("about whom", "epsilon", "receipt", "financial year", "everything noised"):
                self.assertIn(words, text)
            self.assertIn("acknowledged", ledger("show", "--entries")[0])

            report = federation.directory / "report.json"
            ledger("export", "--out", report)
            self.assertIn("signed by that key and whole", ledger("verify", "--report", report)[0])
            whole = json.loads(report.read_text())
            previous = "00" * 32
            for entry in whole["report"]["entries"]:
                self.assertEqual(entry["previous"], previous)
                self.assertEqual(entry["hash"], entry_hash(entry))
                previous = entry["hash"]
            self.assertEqual(whole["report"]["council"], code)

            # Nothing of it can be changed, and no other key stands for it.
            for change in (lambda r: r["budget"][0].update(spent="0"), lambda r: r["entries"].pop(),
                           lambda r: r["entries"][0].update(charge=1), lambda r: r["released"].pop()):
                changed = json.loads(report.read_text())
                change(changed["report"])
                report.with_suffix(".changed").write_text(json.dumps(changed))
                error = ledger("verify", "--report", report.with_suffix(".changed"), expect=None)[1]
                self.assertIn("not signed by that council's key", error)
            error = ledger("verify", "--report", report, "--key", "11" * 32, expect=None)[1]
            self.assertIn("not signed by that council's key", error)
            report.write_text(report.read_text()[:200])
            self.assertIn("cut short", ledger("verify", "--report", report, expect=None)[1])


if __name__ == "__main__":
    unittest.main()
