"""Late and corrected releases, with the real programs: each makes a later edition of what a round published, and the earlier one
stays where it was, marked; few families are never seen to come or go; a secure round takes neither; whoever is killed."""

import csv
import io
import json
import sqlite3
import time
import unittest
import urllib.request

import made_up
from harness import Federation, free_port, run, wait_until
from pages_test import Page
from published_site import Visitor

FIRST = made_up.item("19", "2022-23")
SECOND = made_up.item("1", "2022-23", "noised", epsilon="1", windows=[365])


def round_text(round_id, *items, **more):
    return made_up.round_text(round_id, *(items or (FIRST, SECOND)), **{"open_minutes": 60, "late_for_days": 14, **more})


class Corrections(unittest.TestCase):
    def start(self, federation, people=400, every=2):
        """Four councils; the last one's node is not started."""
        configs, _, catalogue = made_up.prepare(federation, 4, people=people)
        federation.governance = f"[rounds]\nrevise_every_seconds = {every}\n"
        federation.start_coordinator(catalogue=catalogue)
        for code, config in configs.items():
            federation.enrol(code, config)
        enrolled = int(time.time())
        for code in list(configs)[:3]:
            federation.start_node(code, configs[code])
        # A round that opens in the second in which a council enrolled has heard of it.
        wait_until(lambda: int(time.time()) > enrolled, "the next second")
        return configs

    def publish(self, federation, configs, round_id):
        federation.open_round(round_text(round_id))
        wait_until(lambda: sum(c["answered"] for c in federation.round(round_id)["councils"]) == 3, "three answers")
        federation.waymark("round", "close", round_id)

    def benchmark(self, federation, *more, metric="19"):
        return json.loads(federation.waymark("benchmark", "--metric", metric, "--json", *more))

    def editions(self, federation, round_id):
        return federation.round(round_id)["editions"]

    def wait_edition(self, federation, round_id, number):
        wait_until(lambda: len(self.editions(federation, round_id)) >= number, f"edition {number}")
        return self.editions(federation, round_id)

    def correct(self, config, round_id, *more, reason="wrong-records", expect=0):
        return run("waymark-node", "correct", "--config", config, "--round", round_id, "--reason", reason, *more,
                   expect=expect)

    def drop_referrals(self, config, which):
        """Leaves out the council's referrals of these places in the file, as though they had been entered by mistake."""
        path = config.parent / "ssd" / "ssd_cin_episodes.csv"
        header, *rows = path.read_text().splitlines()
        path.write_text("\n".join([header, *(row for i, row in enumerate(rows) if not which(i))]) + "\n")

    def test_a_late_and_a_corrected_release_make_later_editions(self):
        with Federation() as federation:
            configs = self.start(federation, people=1500)
            codes = list(configs)
            self.publish(federation, configs, "autumn")
            absent = {c["code"]: c["absence"] for c in federation.round("autumn")["councils"] if not c["answered"]}
            self.assertEqual(absent, {codes[3]: "not connected"})
            first = self.benchmark(federation)
            self.assertEqual([e["status"] for e in first["editions"]], ["current"])

            # Late: the council's node comes back, and needs nobody to tell it anything.
            federation.start_node(codes[3], configs[codes[3]])
            editions = self.wait_edition(federation, "autumn", 2)
            self.assertEqual(editions[1]["round_id"], "autumn.2")
            self.assertEqual(editions[1]["reasons"], "late return")
            second = self.benchmark(federation)
            self.assertEqual(second["round_id"], "autumn.2")
            self.assertIn("edition 2 of 2 (late return)", " ".join(federation.waymark("benchmark", "--metric", "19").split()))
            self.assertIn("edition 2 of 2", " ".join(federation.waymark("trend", "--metric", "19").split()))
            shown = federation.waymark("round", "show", "autumn")
            self.assertIn("Edition 2 (autumn.2) published", shown)
            self.assertIn("Last heard of", shown)
            self.assertEqual([c["answered"] for c in federation.round("autumn")["councils"]], [True] * 4)

            # Wrong data: half of the referrals should not have been there.
            config = configs[codes[0]]
            entries = self.entries(config)
            self.drop_referrals(config, lambda i: i % 2)
            out, _ = self.correct(config, "autumn", "--dry-run")
            self.assertIn("autumn.c1", out)
            self.assertEqual(self.entries(config), entries)
            self.correct(config, "autumn")
            _, error = self.correct(config, "autumn", expect=1)
            self.assertIn("autumn.c1", error)
            editions = self.wait_edition(federation, "autumn", 3)
            self.assertEqual(editions[2]["reasons"], "corrected return: records were wrong")
            third = self.benchmark(federation)
            self.assertEqual(third["round_id"], "autumn.3")
            self.assertNotEqual(third["figures"], second["figures"])
            self.assertEqual([e["status"] for e in third["editions"]],
                             ["replaced by a later release: autumn.3"] * 2 + ["current"])
            wait_until(lambda: self.entries(config)[-1] == "acknowledged", "the receipt")
            kinds = self.entries(config)
            self.assertEqual(kinds.count("release"), 2)
            self.assertEqual(kinds.count("charge"), 2, "a noised correction is a new charge")
            self.assertEqual(kinds.count("item"), 4)

            # All editions stand in the log, and every figure of each is what the log says.
            verified = federation.waymark("log", "verify")
            self.assertIn("2 times something was published again", verified.replace("\n", " "))

    def test_few_families_are_never_seen_to_come_or_go(self):
        with Federation() as federation:
            configs = self.start(federation, people=1500)
            config = list(configs.values())[0]
            federation.open_round(round_text("autumn", FIRST))
            wait_until(lambda: sum(c["answered"] for c in federation.round("autumn")["councils"]) == 3, "three answers")
            federation.waymark("round", "close", "autumn")
            entries = self.entries(config)
            _, error = self.correct(config, "autumn", expect=3)
            self.assertIn("nothing that is shown is another than in entry 1 (item, metric 19", error)
            for count in range(1, 4):
                self.drop_referrals(config, lambda i: i == 30 * count)
                _, error = self.correct(config, "autumn", expect=3)
                self.assertIn("entry 1 (item, metric 19", error)
            self.assertEqual(self.entries(config), entries, "a refusal leaves nothing")
            self.assertEqual(federation.round("autumn")["waiting"], 0, "and nobody else hears of it")
            self.drop_referrals(config, lambda i: i % 2)
            self.correct(config, "autumn", reason="missing-records")
            self.wait_edition(federation, "autumn", 2)

    def test_earlier_editions_are_read_by_their_address_and_marked(self):
        with Federation() as federation:
            configs, _, catalogue = made_up.prepare(federation, 4, people=300)
            address = f"127.0.0.1:{free_port()}"
            federation.governance = "[rounds]\nrevise_every_seconds = 1\n"
            federation.start_coordinator(catalogue=catalogue)
            federation.coordinator.stop()
            text = federation.config.read_text().replace("[server]\n", f'[server]\nhttp_listen = "{address}"\n')
            federation.config.write_text(text)
            federation.coordinator.start()
            federation.wait_for_coordinator()
            token = self.token(federation)
            for code, config in configs.items():
                federation.enrol(code, config)
            for code in list(configs)[:3]:
                federation.start_node(code, configs[code])
            self.publish(federation, configs, "autumn")
            before = self.table(address, token, "?round=autumn")
            self.assertEqual({row["edition_status"] for row in before}, {"current"})
            federation.start_node(list(configs)[3], configs[list(configs)[3]])
            self.wait_edition(federation, "autumn", 2)
            after = self.table(address, token, "?round=autumn")
            self.assertEqual({row["edition_status"] for row in after}, {"replaced by a later release: autumn.2"})
            self.assertEqual([{**row, "edition_status": ""} for row in after],
                             [{**row, "edition_status": ""} for row in before])
            newest = self.table(address, token, "")
            self.assertEqual({row["round_id"] for row in newest}, {"autumn.2"})
            self.assertEqual({row["edition"] for row in newest}, {"2"})
            self.assertEqual({row["edition_reasons"] for row in newest}, {"late return"})
            self.assertEqual(newest, self.table(address, token, "?round=autumn.2"))
            self.check_page(int(address.rpartition(":")[2]), token, list(configs)[3])

    def check_page(self, port, token, late):
        """"Why this changed": the figures of both editions side by side, with the reason, whichever of them is shown."""
        visitor = Visitor(port)
        visitor.sign_in(token)
        for place, query in (("participants", ""), ("participants", "round=autumn"), ("participants", "breakdown=sex"), (late, "")):
            if "breakdown" in query and "sex" not in json.loads(visitor.ask("/api/v1/published").text)["published"][0]["breakdowns"]:
                continue
            words = f"geography={place}&{query}" if place == late else query
            page = Page(visitor.ask(f"/metrics/19?{words}").text)
            self.assertIn("Edition 2 was published because of: late return.", page.text)
            header, *rows = [[cell["text"].strip() for cell in row["cells"]] for row in page.tables["editions-table"]]
            is_first = query == "round=autumn"
            self.assertEqual(header[1:], ["Edition 1, shown here", "Edition 2", "Changed"] if is_first
                             else ["Edition 1", "Edition 2, shown here", "Changed"])
            self.assertGreater(len(rows), 0)
            shown = [[cell["attributes"].get("data-value") for cell in row["cells"][1:3]] for row in page.tables["editions-table"][1:]]
            breakdown = "sex" if "breakdown" in query else "none"
            for column, edition in enumerate(("autumn", "autumn.2")):
                figures = json.loads(visitor.ask(f"/api/v1/tables/19.json?geography={place}&breakdown={breakdown}&round={edition}").text)["figures"]
                self.assertEqual([None if cells[column] is None else float(cells[column]) for cells in shown],
                                 [figure["value"] for figure in figures], (words, edition))
            for row, (earlier, later) in zip(rows, shown, strict=True):
                if earlier is None or later is None:
                    self.assertIn(row[3], ("shown now",) if later is not None else ("shown no longer",) if earlier is not None
                                  else ("the same", "not shown for another reason"))
                else:
                    self.assertIn(row[3], ("higher",) if float(later) > float(earlier) else ("lower",)
                                  if float(later) < float(earlier) else ("the same", "the same, of other counts"))
            if place == late:
                self.assertIn("[absent]", rows[0][1])
                self.assertIn(rows[0][3], ("shown now", "not shown for another reason"))

    def test_whoever_is_killed_it_is_one_edition(self):
        with Federation() as federation:
            configs = self.start(federation, people=1500, every=4)
            codes = list(configs)
            self.publish(federation, configs, "autumn")
            federation.start_node(codes[3], configs[codes[3]])
            for pause in (0.0, 0.3, 0.7, 1.1, 0.2, 0.5):
                time.sleep(pause)
                federation.coordinator.kill()
                federation.coordinator.start()
                federation.wait_for_coordinator()
            self.wait_edition(federation, "autumn", 2)
            # Killed around the moment at which a correction is taken and published, too.
            self.drop_referrals(configs[codes[0]], lambda i: i % 2)
            self.correct(configs[codes[0]], "autumn")
            for victim in (federation.coordinator, federation.nodes[codes[0]], federation.coordinator):
                time.sleep(0.8)
                victim.kill()
                victim.start()
                federation.wait_for_coordinator()
            self.wait_edition(federation, "autumn", 3)
            # What a later look finds is another edition: so was all there was before it, once.
            self.drop_referrals(configs[codes[1]], lambda i: i % 2)
            self.correct(configs[codes[1]], "autumn")
            self.wait_edition(federation, "autumn", 4)
            self.assertEqual([e["number"] for e in self.editions(federation, "autumn")], [1, 2, 3, 4])
            path = federation.directory / "coordinator-state" / "waymark.db"
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as store:
                taken = store.execute("SELECT release_id, council, edition FROM revisions ORDER BY sequence").fetchall()
            self.assertEqual(taken, [("autumn", codes[3], 2), ("autumn.c1", codes[0], 3), ("autumn.c1", codes[1], 4)])
            federation.waymark("log", "verify")

    def test_is_refused_where_the_round_takes_none(self):
        with Federation() as federation:
            configs = self.start(federation, people=200)
            codes = list(configs)
            federation.open_round(made_up.round_text("strict", FIRST, SECOND))
            wait_until(lambda: sum(c["answered"] for c in federation.round("strict")["councils"]) == 3, "three answers")
            federation.waymark("round", "close", "strict")
            federation.start_node(codes[3], configs[codes[3]])
            self.drop_referrals(configs[codes[0]], lambda i: i % 2)
            _, error = self.correct(configs[codes[0]], "strict", expect=1)
            self.assertIn("takes no corrections", error)
            _, error = self.correct(configs[codes[0]], "unknown", expect=1)
            self.assertIn("nothing to correct", error)
            self.assertIn("missing-records, wrong-records, wrong-extract",
                          self.correct(configs[codes[0]], "strict", reason="because", expect=1)[1])
            secure = federation.write("secure.toml", round_text(
                "secure", made_up.item("19", "2022-23", "secure-sum", epsilon="1"),
                made_up.item("1", "2022-23", "secure-sum", epsilon="1", windows=[365])))
            _, error = run("waymark", "--identity", federation.operator, "round", "open", "--file", secure, expect=1)
            self.assertIn("late_for_days", error)

    def test_reminds_of_a_deadline_and_says_what_waits(self):
        with Federation() as federation:
            configs = self.start(federation, people=100)
            codes = list(configs)
            policy = configs[codes[0]].parent / "policy.toml"
            key = run("waymark-node", "approve", "--new-key", policy.parent / "lead.key")[0].strip()
            policy.write_text(policy.read_text().replace('approval = "automatic"', 'approval = "by-person"\napprovals = 1')
                              + f'\n[[approver]]\nname = "lead"\n{key}\n')
            federation.nodes[codes[0]].stop()
            federation.nodes[codes[0]].start()
            federation.open_round(round_text("soon", open_minutes=1))
            node = federation.nodes[codes[0]]
            wait_until(lambda: "deadline is near" in node.log(), "the reminder", seconds=90)
            line = [json.loads(one) for one in node.log().splitlines() if "deadline is near" in one][-1]
            self.assertEqual((line["round"], line["waits_for"]), ("soon", "awaiting approval"))
            waiting = json.loads(run("waymark-node", "rounds", "--config", configs[codes[0]], "--json")[0])["rounds"]
            self.assertEqual([(one["round"], one["waits_for"]) for one in waiting], [("soon", "awaiting approval")])
            self.assertIn("awaiting approval", run("waymark-node", "rounds", "--config", configs[codes[0]])[0])
            wait_until(lambda: federation.round("soon")["state"] == "published", "the deadline", seconds=90)
            said = {c["code"]: c["absence"] for c in federation.round("soon")["councils"]}
            self.assertEqual(said[codes[0]], "awaiting approval")
            self.assertEqual(said[codes[3]], "not connected")
            coverage = {c["council"]: c["absence"] for c in self.benchmark(federation)["coverage"]}
            self.assertEqual(coverage[codes[3]], "not connected")

    @staticmethod
    def entries(config):
        shown = json.loads(run("waymark-node", "ledger", "show", "--config", config, "--json")[0])
        return [entry["kind"] for entry in shown["entries"]]

    def token(self, federation):
        out = federation.directory / "reader.token"
        run("waymark-coordinator", "access", "add", "--config", federation.config, "--name", "reader", "--role",
            "national-analyst", "--token", "--out", out)
        return out.read_text().split('token = "')[1].split('"')[0]

    @staticmethod
    def table(address, token, query):
        request = urllib.request.Request(f"http://{address}/api/v1/tables/19.csv{query}",
                                         headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return list(csv.DictReader(io.StringIO(answer.read().decode())))


if __name__ == "__main__":
    unittest.main()
