"""Secure sums in bad circumstances: the coordinator or a council goes at each step, and links are slow. Real processes; at which
step the coordinator is follows from its log, and it stays there because one council is stopped."""

import contextlib
import json
import queue
import signal
import sqlite3
import threading
import time
import unittest

from harness import Federation, wait_until
from proxy_test import Proxy
from summed import COUNCILS, ROUND, SummedRounds

STEPS = ["keys", "shares", "input", "consistency", "unmask"]

ONE_ITEM = """id = "{id}"
title = "Step by step"
open_minutes = {minutes}
least_contributors = 7
data_version = 1

[[item]]
metric = "1"
period = "{period}"
mode = "secure-sum"
epsilon = "3"
windows = [365]
units = ["episodes"]
"""


class SteppedRounds(SummedRounds):
    def told(self, federation, round_id, event):
        """What the coordinator's log says of a round under that event."""
        lines = [json.loads(line) for line in federation.coordinator.log().splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == event and line.get("round") == round_id]

    def come_to(self, federation, round_id, step):
        return any(line["step"] == step for line in self.told(federation, round_id, "secure session at its next step"))

    def stop(self, node):
        node.process.send_signal(signal.SIGSTOP)

    def go_on(self, node):
        node.process.send_signal(signal.SIGCONT)

    def hold_at(self, federation, round_id, period, step, minutes):
        """Opens a round that comes to this step and no further: all but one council have answered it, and that one, which is
        returned, is stopped."""
        held, other = list(federation.nodes.values())[:2]
        self.stop(held)
        federation.open_round(ONE_ITEM.format(id=round_id, period=period, minutes=minutes))
        wait_until(lambda: self.told(federation, round_id, "secure session begun"), "the session")
        for following in STEPS[1:STEPS.index(step) + 1]:
            # One that has answered this step is stopped before the other may; if it had not, they change places.
            limit = time.monotonic() + 90
            while not self.come_to(federation, round_id, following):
                self.assertLess(time.monotonic(), limit, f"no step {following}")
                time.sleep(1.5)
                self.stop(other)
                self.go_on(held)
                with contextlib.suppress(AssertionError):
                    wait_until(lambda: self.come_to(federation, round_id, following), following, seconds=4)
                held, other = other, held
        time.sleep(1.5)
        return held

    def check_sum(self, federation, configs, period, codes):
        found = {figure["quantity"]: figure for figure in self.benchmark(federation, "1", period)}["any"]
        truth = self.exact(configs, "1", codes, period)["any"]
        self.assertEqual(found["contributors"], len(codes))
        # ε = 3 and Δ = 9, at most nine shares where five are the whole: beyond 150 once in 10^20.
        self.assertLess(abs(found["denominator"] - truth[1]), 300)
        self.assertLess(abs(found["numerator"] - truth[0]), 150)

    def masked(self, federation):
        folder = federation.directory / "coordinator-state" / "masked"
        return {path.name for path in folder.iterdir()} if folder.exists() else set()


class CoordinatorGoes(SteppedRounds):
    def test_a_round_is_begun_anew_with_fresh_keys_at_whatever_step_the_coordinator_goes(self):
        with Federation() as federation:
            configs, _ = self.start(federation)
            for node in federation.nodes.values():
                wait_until(lambda: "roster held" in node.log(), "the roster")
            for number, step in enumerate(("shares", "input", "consistency"), start=1):
                round_id, period = f"killed-at-{step}", f"2022-23-Q{number}"
                held = self.hold_at(federation, round_id, period, step, minutes=20)
                first_try = self.masked(federation)
                federation.coordinator.kill()
                self.assertFalse(self.come_to(federation, round_id, "unmask"), "killed too late")
                self.go_on(held)
                federation.coordinator.start()
                federation.wait_for_coordinator()
                federation.wait_published(round_id, seconds=240)
                self.check_sum(federation, configs, period, configs)
                self.assertEqual(len(self.told(federation, round_id, "secure session begun")), 2)
                self.assertEqual(self.told(federation, round_id, "secure session gone on with"), [], "never resumed")
                # What was sent to the session that came to nothing is gone; the sums' inputs are there.
                self.assertEqual(len(first_try), number - 1 + (step != "shares"))
                self.assertEqual(len(self.masked(federation)), number)
                for config in configs.values():
                    self.check_ledger(self.entries(config), number)
                federation.waymark("log", "verify", "--round", round_id, "--roster", federation.directory / "roster.json")

    def check_ledger(self, entries, rounds):
        """Each item was charged and released once, in whatever number of sessions, of which no two are one."""
        kinds = [entry["kind"] for entry in entries]
        self.assertEqual([kinds.count(kind) for kind in ("session", "charge", "item")], [2 * rounds, rounds, rounds])
        # The last of the three rounds had come to the signatures; one council was stopped before.
        self.assertIn(kinds.count("contributors signed"), (rounds,) if rounds < 3 else (rounds, rounds + 1))


class CouncilsGo(SteppedRounds):
    def test_the_others_go_on_without_a_council_at_whatever_step_it_goes(self):
        with Federation() as federation:
            configs, _ = self.start(federation)
            for node in federation.nodes.values():
                wait_until(lambda: "roster held" in node.log(), "the roster")
            for number, step in enumerate(STEPS[1:], start=1):
                round_id, period = f"left-at-{step}", f"2022-23-Q{number}"
                gone = self.hold_at(federation, round_id, period, step, minutes=5)
                gone.kill()
                federation.wait_published(round_id, seconds=320)
                code = next(code for code, node in federation.nodes.items() if node is gone)
                # Whose input was in is in the sum, though it did not help to open it.
                contributors = [one for one in configs if one != code or STEPS.index(step) > STEPS.index("input")]
                self.check_sum(federation, configs, period, contributors)
                self.assertEqual(len(self.told(federation, round_id, "secure session begun")), 1)
                starts = gone.log().count('"node started"')
                gone.start()
                wait_until(lambda: gone.log().count('"node started"') > starts, "the council to be back")


class SlowProxy(Proxy):
    """Each connection has 64 kB a second each way, and 300 ms until a byte is there."""

    RATE, LATENCY = 64_000, 0.3

    def copy(self, source, target):
        on_the_way = queue.SimpleQueue()
        delivery = threading.Thread(target=self.deliver, args=(on_the_way, target), daemon=True)
        delivery.start()
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                self.passed += data
                on_the_way.put((time.monotonic() + self.LATENCY, data))
        on_the_way.put(None)
        delivery.join()
        super().copy(source, target)  # nothing is left: it ends both

    def deliver(self, on_the_way, target):
        free = 0
        with contextlib.suppress(OSError):
            while item := on_the_way.get():
                due, data = item
                free = max(due, free, time.monotonic()) + len(data) / self.RATE
                time.sleep(max(0, free - time.monotonic()))
                target.sendall(data)


class SlowLinks(SummedRounds):
    def test_a_round_ends_right_where_every_link_is_slow(self):
        proxy = SlowProxy()
        self.addCleanup(proxy.close)
        with Federation() as federation:
            configs, _ = self.start(federation, proxy=proxy.port)
            federation.open_round(ROUND.format(id="slow", minutes=10, least=7, extra=""))
            federation.wait_published("slow", seconds=400)
            found = {figure["quantity"]: figure for figure in self.benchmark(federation, "1")}
            truth = self.exact(configs, "1", configs)
            self.assertEqual(found["any"]["contributors"], COUNCILS)
            self.assertLess(abs(found["any"]["denominator"] - truth["any"][1]), 500)
            self.assertEqual({target for _, target in proxy.asked} & {f"127.0.0.1:{federation.port}"},
                             {f"127.0.0.1:{federation.port}"})
            with sqlite3.connect(federation.directory / "coordinator-state" / "waymark.db") as store:
                self.assertEqual(store.execute("SELECT count(*) FROM sums").fetchone(), (1,))


if __name__ == "__main__":
    unittest.main()
