"""Secure sums between real processes: nine councils, officers, a coordinator that learns the sum and nothing else."""

import contextlib
import csv
import datetime
import json
import shutil
import sqlite3
import unittest

import made_up
from harness import Federation, run, wait_until
from summed import COUNCILS, EXTRA, POLICY, ROUND, SummedRounds


def merged(pieces):
    """Those that touch, overlap or lie a day apart are one. A piece ends before its second day."""
    whole = []
    for start, end in sorted(pieces):
        if whole and (start - whole[-1][1]).days <= 1:
            whole[-1][1] = max(whole[-1][1], end)
        else:
            whole.append([start, end])
    return whole


def child_days(early_help, social_care, first, last):
    """The child's state on each day of the period, and on the day before; None where it is not counted."""
    closures = [end for _, end in early_help + social_care]
    day = first - datetime.timedelta(1)
    while day <= last:
        if any(start <= day < end for start, end in social_care):
            yield "social_care"
        elif any(start <= day < end for start, end in early_help):
            yield "early_help"
        else:
            yield "none" if closures and min(closures) <= day else None
        day += datetime.timedelta(1)


def transitions(folders, first, last):
    """Moves by pair of states, and days by state, of all children together, each followed to the day before its third move."""
    moves, days = {}, {}
    for folder in folders:
        levels, deaths = {}, {}
        for level, file, person, start, end in (
                (0, "ssd_early_help_episodes", "earl_person_id", "earl_episode_start_date", "earl_episode_end_date"),
                (1, "ssd_cin_episodes", "cine_person_id", "cine_referral_date", "cine_close_date")):
            for row in csv.DictReader((folder / f"{file}.csv").read_text(encoding="utf-8").splitlines()):
                if row[end]:
                    piece = [datetime.date.fromisoformat(row[start]), datetime.date.fromisoformat(row[end])]
                    levels.setdefault(row[person], ([], []))[level].append(piece)
                    if row.get("cine_close_reason") == "RC2":  # died
                        deaths[row[person]] = min(piece[1], deaths.get(row[person], piece[1]))
        for child, (early_help, social_care) in levels.items():
            before, made = "nobody", 0
            until = min(last, deaths.get(child, datetime.date.max) - datetime.timedelta(1))
            for state in child_days(merged(early_help), merged(social_care), first, until):
                moved = before not in ("nobody", None) and state is not None and state != before
                made += moved
                if made > 2:
                    break
                if moved:
                    moves[before, state] = moves.get((before, state), 0) + 1
                if before != "nobody" and state is not None:
                    days[state] = days.get(state, 0) + 1
                before = state
    return moves, days


class SecureSums(SummedRounds):
    def test_the_sum_is_right_within_its_noise_and_nobody_sees_a_part(self):
        with Federation() as federation:
            configs, secret = self.start(federation)
            federation.open_round(ROUND.format(id="sum", minutes=30, least=7, extra=EXTRA))
            federation.wait_published("sum")
            truth = self.exact(configs, "1", configs)
            found = {figure["quantity"]: figure for figure in self.benchmark(federation, "1")}
            self.assertIn("any", found)
            # ε = 1 and Δ = 9: one cell's noise is beyond 250 with a chance of less than 10^-10.
            self.assertLess(abs(found["any"]["denominator"] - truth["any"][1]), 500)
            self.assertLess(abs(found["any"]["numerator"] - truth["any"][0]), 250)
            self.assertEqual(found["any"]["contributors"], COUNCILS)
            self.assertLessEqual(found["any"]["lower"], found["any"]["value"])
            self.assertGreaterEqual(found["any"]["upper"], found["any"]["value"])
            self.assertNotEqual((found["any"]["numerator"], found["any"]["denominator"]), tuple(truth["any"]))

            # The councils' spread, from a histogram that names nobody; and what each makes of it at home.
            any_outcome = found["any"]
            self.assertAlmostEqual(sum(band["councils"] for band in any_outcome["council_bands"]), COUNCILS, delta=COUNCILS)
            for quartile in ("lowest_quartile", "middle_quartile", "highest_quartile"):
                self.assertLessEqual(any_outcome[quartile + "_from"], any_outcome[quartile])
                self.assertGreaterEqual(any_outcome[quartile + "_to"], any_outcome[quartile])
            for code in list(configs)[:2]:
                out, _ = run("waymark-node", "position", "--config", configs[code], "--metric", "1", "--json")
                own = next(row for row in json.loads(out) if row["quantity"] == "any" and row["counted"] == "episodes")
                self.assertIn("quarter", own["participants"]["quarter"])
                self.assertAlmostEqual(own["participants"]["gap"], own["ours"] - any_outcome["value"])
                limits = own["participants"]["funnel"]
                self.assertLess(limits["limits_99_8"]["lower"], limits["limits_95"]["upper"])
                self.assertIn("limits", limits["verdict"])
                self.assertLess(any_outcome["expected_slope_noise_from"], any_outcome["expected_slope_noise_to"])
                points = 1 + 5 * list(configs).index(code)
                self.assertAlmostEqual(own["participants"]["expected"],
                                       any_outcome["expected_at_zero"] + points * any_outcome["expected_slope"])

            # Skellam noise on the other metric: ρ = 1/20, its interval holds the plain sum's median.
            median = {figure["quantity"]: figure for figure in self.benchmark(federation, "10")}["median"]
            self.assertEqual(median["contributors"], COUNCILS)
            self.assertLessEqual(median["lower"], median["value"])

            # The coordinator has no council's own figures: no release, and in all it stored and logged no identifier.
            with contextlib.closing(sqlite3.connect(federation.directory / "coordinator-state" / "waymark.db")) as store:
                self.assertEqual(store.execute("SELECT count(*) FROM releases").fetchone(), (0,))
                self.assertEqual(store.execute("SELECT count(*) FROM sums").fetchone(), (1,))
                levels = store.execute("SELECT DISTINCT above_council FROM figures").fetchall()
                self.assertEqual(levels, [(1,)])
            for path in (federation.directory / "coordinator-state").rglob("*"):
                content = path.read_bytes() if path.is_file() else b""
                for name in secret:
                    self.assertNotIn(name.encode(), content)

            # Anybody with the roster holds the coordinator to it; one who alters a cell is found out.
            verify = ("log", "verify", "--round", "sum", "--roster", federation.directory / "roster.json")
            said = federation.waymark(*verify)
            self.assertIn(f"{COUNCILS} of {COUNCILS} councils signed", said)
            self.assertRegex(said, r"[1-9][0-9]* published figures follow from it")
            with self.altered(federation, "figures", "bytes", "geography = 'participants'", self.another_numerator):
                out, error = run("waymark", "--identity", federation.operator, *verify, expect=1)
                self.assertIn("does not follow from the sum", error)
            # Members signed what they were asked: told otherwise now, their signatures are of another session.
            with self.altered(federation, "rounds", "spec", "round_id = 'sum'",
                              lambda spec: spec.replace(b"Summed securely", b"Summed Securely")):
                run("waymark", "--identity", federation.operator, *verify, expect=1)
            federation.waymark(*verify)
            self.tamper(federation)
            out, error = run("waymark", "--identity", federation.operator, *verify, expect=1)
            self.assertIn("the published sum is not to be believed", error)

            # Every ledger has the charge before the release, and the contributors for ever.
            for config in configs.values():
                entries = json.loads(run("waymark-node", "ledger", "show", "--entries", "--config", config, "--json")[0])
                kinds = [entry["kind"] for entry in entries["entries"]]
                self.assertLess(kinds.index("session"), kinds.index("charge"))
                self.assertLess(kinds.index("charge"), kinds.index("contributors signed"))
                self.assertLess(kinds.index("contributors signed"), kinds.index("item"))
                run("waymark-node", "ledger", "verify", "--config", config)

            # The same records never again, under whatever name; a node that is run once says so in that run.
            code, once = list(configs)[:2]
            federation.nodes[once].kill()
            federation.open_round(ROUND.format(id="again", minutes=3, least=7, extra=""))
            run("waymark-node", "run", "--config", configs[once], "--once", "--poll-seconds", "1", expect=None)
            self.assertEqual(self.absences(federation, "again")[once], "released before")
            wait_until(lambda: "one secure sum" in federation.nodes[code].log(), "the second round's refusal")
            wait_until(lambda: self.absences(federation, "again").get(code) == "released before", "why, in the round")

    def another_numerator(self, figure):
        """A figure whose numerator (field 14, eight bytes) differs in its last digits."""
        at = figure.index(b"\x71") + 1
        return figure[:at] + bytes([figure[at] ^ 1]) + figure[at + 1:]

    @contextlib.contextmanager
    def altered(self, federation, table, column, where, change):
        """One stored blob changed for a while. Answers that were kept in memory go with the coordinator that kept them."""
        path = federation.directory / "coordinator-state" / "waymark.db"
        federation.coordinator.stop()
        with contextlib.closing(sqlite3.connect(path)) as store, store:
            rowid, kept = store.execute(f"SELECT rowid, {column} FROM {table} WHERE {where}").fetchone()
            store.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (change(kept), rowid))
        federation.coordinator.start()
        federation.wait_for_coordinator()
        yield
        federation.coordinator.stop()
        with contextlib.closing(sqlite3.connect(path)) as store, store:
            store.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (kept, rowid))
        federation.coordinator.start()
        federation.wait_for_coordinator()

    def tamper(self, federation):
        """Adds one to the first cell: a zigzag varint after field 1's key and length."""
        with contextlib.closing(sqlite3.connect(federation.directory / "coordinator-state" / "waymark.db", timeout=20)) as store, store:
            blob = bytearray(store.execute("SELECT bytes FROM sums").fetchone()[0])
            self.assertEqual(blob[0], 0x0A)
            at = 1
            while blob[at] & 0x80:
                at += 1
            blob[at + 1] ^= 2
            store.execute("UPDATE sums SET bytes = ?", (bytes(blob),))

    def test_a_survival_curve_of_sums_is_that_of_all_records_together(self):
        """With little noise (ε/Δ = 6, so that one cell in a hundred is one off), and nobody censored before day 365, so that the
        curve is the plain share of those who had not come back by then."""
        with Federation() as federation:
            configs, _ = self.start(federation, policy=POLICY.replace('metric = "1"', 'metric = "9"'))
            text = ROUND.format(id="curve", minutes=30, least=7, extra="").replace('metric = "1"', 'metric = "9"')
            head, curve, _ = text.split("[[item]]")
            federation.open_round(head + "[[item]]" + curve.replace('"1"', '"18"').replace("windows = [365]\n", ""))
            federation.wait_published("curve")
            truth = self.exact(configs, "9", configs)
            found = {figure["quantity"]: figure for figure in self.benchmark(federation, "9")}
            for quantity in ("survival_183", "survival_365"):
                numerator, denominator = truth[quantity]
                self.assertLess(numerator, denominator)
                # Eight of some 780 closures; the noise of all their cells has a deviation of 1.3.
                self.assertLess(abs(found[quantity]["value"] - 100 * numerator / denominator), 100 * 8 / denominator)
                self.assertGreater(denominator, 500)
                self.assertEqual(found[quantity]["contributors"], COUNCILS)
            self.assertGreater(found["survival_183"]["value"], found["survival_365"]["value"])

    def test_a_transition_matrix_of_sums_is_that_of_all_records_together(self):
        """Against a walk over every child's days in the councils' files; the noise has ε/Δ = 18/15, a deviation of 1.5 a cell."""
        with Federation() as federation:
            configs, _ = self.start(federation, policy=POLICY.replace('metric = "1"', 'metric = "31"'))
            text = ROUND.format(id="moves", minutes=30, least=7, extra="").replace('metric = "1"', 'metric = "31"')
            head, item, _ = text.split("[[item]]")
            federation.open_round(head + "[[item]]" + item.replace('"1"', '"18"').replace("windows = [365]\n", ""))
            federation.wait_published("moves")
            moves, days = transitions([config.parent / "ssd" for config in configs.values()],
                                      datetime.date(2022, 4, 1), datetime.date(2023, 3, 31))
            found = {figure["quantity"]: figure for figure in self.benchmark(federation, "31")}
            self.assertGreater(min(moves.values()), 0)
            for (origin, target), count in moves.items():
                figure = found[f"{origin}>{target}"]
                self.assertEqual(figure["contributors"], COUNCILS)
                self.assertLess(abs(figure["numerator"] - count), 15, (origin, target))
                # Each council's days are a whole number of years, to the nearest.
                most = 365 * (12 + COUNCILS / 2)
                quarters = [(days[origin] + sign * most) / 91.3125 for sign in (-1, 1)]
                self.assertLess(figure["value"], 100 * (count + 15) / quarters[0], (origin, target))
                self.assertGreater(figure["value"], 100 * (count - 15) / quarters[1], (origin, target))

    def test_councils_that_stay_away_do_not_stop_it(self):
        with Federation() as federation:
            away = made_up.codes(COUNCILS)[3]
            configs, _ = self.start(federation, silent={away})
            federation.open_round(ROUND.format(id="fewer", minutes=1, least=7, extra=""))
            federation.wait_published("fewer", seconds=150)
            present = [code for code in configs if code != away]
            truth = self.exact(configs, "1", present)
            found = {figure["quantity"]: figure for figure in self.benchmark(federation, "1")}
            self.assertEqual(found["any"]["contributors"], COUNCILS - 1)
            self.assertLess(abs(found["any"]["denominator"] - truth["any"][1]), 500)
            shown = {council["code"]: council for council in federation.round("fewer")["councils"]}
            self.assertFalse(shown[away]["answered"])
            self.assertTrue(shown[present[0]]["answered"])

    def test_a_coordinator_killed_while_the_sum_is_opened_finishes_that_very_sum(self):
        with Federation() as federation:
            configs, _ = self.start(federation)
            federation.open_round(ROUND.format(id="opened", minutes=4, least=7, extra=""))
            path = federation.directory / "coordinator-state" / "waymark.db"
            with sqlite3.connect(path, timeout=20) as store:
                wait_until(lambda: store.execute("SELECT count(*) FROM openings").fetchone() == (1,), "the last step",
                           pause=0.002)
            federation.coordinator.kill()
            with sqlite3.connect(path, timeout=20) as store:
                self.assertEqual(store.execute("SELECT count(*) FROM sums").fetchone(), (0,), "killed too late")
            federation.coordinator.start()
            federation.wait_for_coordinator()
            federation.wait_published("opened", seconds=240)
            self.assertIn("secure session gone on with", federation.coordinator.log())
            found = {figure["quantity"]: figure for figure in self.benchmark(federation, "1")}
            self.assertEqual(found["any"]["contributors"], COUNCILS)
            truth = self.exact(configs, "1", configs)
            self.assertLess(abs(found["any"]["denominator"] - truth["any"][1]), 500)
            for config in configs.values():
                kinds = [entry["kind"] for entry in self.entries(config)]
                self.assertEqual([kinds.count(kind) for kind in ("session", "charge", "contributors signed", "item")],
                                 [1, 2, 1, 2], "nothing new was asked for")
            with sqlite3.connect(path, timeout=20) as store:
                self.assertEqual(store.execute("SELECT count(*) FROM openings").fetchone(), (0,))
            federation.waymark("log", "verify", "--round", "opened", "--roster", federation.directory / "roster.json")

    def one_item(self, id, item, minutes):
        """A round of one of the two items (0 or 1), the second about the year before, since the two are linked."""
        head, *items = ROUND.format(id=id, minutes=minutes, least=7, extra="").split("[[item]]")
        return head + "[[item]]" + items[item].replace("2022-23", ("2022-23", "2021-22")[item])

    def test_a_ledger_put_back_is_told_so_by_its_peers_and_sums_nothing(self):
        with Federation() as federation:
            configs, _ = self.start(federation)
            code = list(configs)[4]
            state = configs[code].parent / "state"
            node = federation.nodes[code]
            wait_until(lambda: "roster held" in node.log(), "the node's roster")
            node.kill()
            older = federation.directory / "older"
            shutil.copytree(state, older)
            node.start()
            federation.open_round(self.one_item("before", 0, 10))
            federation.wait_published("before")
            node.kill()
            newest = federation.directory / "newest"
            shutil.copytree(state, newest)
            # An honest coordinator says so before anything is joined.
            self.put_back(older, state)
            _, error = run("waymark-node", "run", "--config", configs[code], "--once", "--poll-seconds", "1", expect=None)
            self.assertIn("the ledger is an older copy: this council's own signed word", error)
            # This one keeps silent about what it knows.
            self.put_back(older, state)
            with contextlib.closing(sqlite3.connect(federation.directory / "coordinator-state" / "waymark.db", timeout=20)) as store, store:
                store.execute("DELETE FROM ledger_heads")
            node.start()
            federation.open_round(self.one_item("after", 1, 2))
            wait_until(lambda: "own signed word" in node.log(), "the council's peers to tell it")
            wait_until(lambda: self.absences(federation, "after").get(code) == "ledger went back", "why, in the round")
            federation.wait_published("after", seconds=150)
            coverage = json.loads(federation.waymark("benchmark", "--metric", "10", "--json"))["coverage"]
            self.assertEqual({c["council"]: c["absence"] for c in coverage if c["absence"]}, {code: "ledger went back"})
            median = {figure["quantity"]: figure for figure in self.benchmark(federation, "10")}["median"]
            self.assertEqual(median["contributors"], COUNCILS - 1, "the others go on without it")
            kinds = [entry["kind"] for entry in self.entries(configs[code])]
            self.assertEqual(kinds.count("charge"), 0, "nothing was charged")
            # Nor does anything else leave, whatever the coordinator says; until the newest copy is back.
            node.kill()
            _, error = run("waymark-node", "run", "--config", configs[code], "--once", "--poll-seconds", "1", expect=None)
            self.assertIn("the ledger is an older copy", error)
            _, error = run("waymark-node", "ledger", "reconcile", "--config", configs[code], expect=None)
            self.assertIn("put the newest copy".lower(), error.lower())
            self.put_back(newest, state)
            run("waymark-node", "ledger", "reconcile", "--config", configs[code])
            self.assertEqual([entry["kind"] for entry in self.entries(configs[code])].count("charge"), 1)

    def put_back(self, copy, state):
        shutil.rmtree(state)
        shutil.copytree(copy, state)

    def test_whoever_is_killed_in_mid_session_begins_anew_and_nothing_leaves_twice(self):
        with Federation() as federation:
            codes = made_up.codes(COUNCILS)
            configs, _ = self.start(federation, silent={codes[8]})
            federation.open_round(ROUND.format(id="killed", minutes=3, least=7, extra=""))
            joined = '"secure session joined"'
            for code in codes[:8]:
                wait_until(lambda: joined in federation.nodes[code].log(), f"{code} to join")
            # A node alone that is killed does not go on with the session it was in.
            federation.nodes[codes[0]].kill()
            federation.nodes[codes[0]].start()
            wait_until(lambda: "it waits for another one" in federation.nodes[codes[0]].log(), "the node to wait")
            federation.nodes[codes[0]].kill()
            federation.coordinator.kill()
            federation.coordinator.start()
            federation.wait_for_coordinator()
            federation.nodes[codes[0]].start()
            federation.start_node(codes[8], configs[codes[8]])
            federation.wait_published("killed", seconds=240)
            found = {figure["quantity"]: figure for figure in self.benchmark(federation, "1")}
            self.assertEqual(found["any"]["contributors"], COUNCILS)
            truth = self.exact(configs, "1", configs)
            self.assertLess(abs(found["any"]["denominator"] - truth["any"][1]), 500)
            for config in configs.values():
                entries = json.loads(run("waymark-node", "ledger", "show", "--entries", "--config", config, "--json")[0])
                kinds = [entry["kind"] for entry in entries["entries"]]
                self.assertEqual(kinds.count("item"), 2)
                self.assertEqual(kinds.count("charge"), 2)
            self.assertEqual(kinds.count("session"), 1)  # of the last to come; the others began two
            again = json.loads(
                run("waymark-node", "ledger", "show", "--entries", "--config", configs[codes[0]], "--json")[0])
            self.assertEqual([entry["kind"] for entry in again["entries"]].count("session"), 2)


if __name__ == "__main__":
    unittest.main()
