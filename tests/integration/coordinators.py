"""Two coordinators on one PostgreSQL database, for the tests of fail-over; and a record of what was asked of them."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import threading
import time

from harness import BIN, Federation, Process, free_port, run, wait_until

LEASE_SECONDS = 2


def place(directory, server, host):
    """A connection string without the password, which is in a file."""
    passfile = directory / "pgpass"
    passfile.write_text("*:*:*:*:" + server.PASSWORD.replace("\\", "\\\\") + "\n")
    passfile.chmod(0o600)
    return f"host={host} user={server.USER} dbname=postgres passfile={passfile}"


class Door:
    """A socket file before the database's: passes bytes, until it is shut. Then it takes them and says nothing."""

    def __init__(self, directory, behind):
        self.path, self.behind, self.open = pathlib.Path(directory) / ".s.PGSQL.5432", str(behind), True
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen(64)
        self.acceptor = threading.Thread(target=self._accept, daemon=True)
        self.acceptor.start()

    def _accept(self):
        while True:
            try:
                front, _ = self.listener.accept()
            except OSError:
                return
            back = socket.socket(socket.AF_UNIX)
            try:
                back.connect(self.behind)
            except OSError:
                front.close()
                back.close()
                continue
            for ends in ((front, back), (back, front)):
                threading.Thread(target=self._pass, args=ends, daemon=True).start()

    def _pass(self, source, target):
        try:
            while data := source.recv(1 << 16):
                while not self.open:
                    time.sleep(0.05)
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        source.close()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.acceptor.join()
        self.listener.close()


class Network:
    """A network namespace with one link to ours, which can be cut: what is sent then is lost, and nobody is told."""

    def __init__(self, number):
        self.name, self.link = f"waymark-{os.getpid()}-{number}", f"wm{os.getpid() % 100000}n{number}"
        self.address = f"10.213.{number}.2"
        self._ip("netns", "add", self.name)
        self._ip("link", "add", self.link, "type", "veth", "peer", "name", "there", "netns", self.name)
        self._ip("address", "add", f"10.213.{number}.1/24", "dev", self.link)
        self._ip("-n", self.name, "address", "add", f"{self.address}/24", "dev", "there")
        self._ip("-n", self.name, "link", "set", "there", "up")
        self._ip("-n", self.name, "link", "set", "lo", "up")
        self.set("up")

    @staticmethod
    def _ip(*arguments):
        subprocess.run(["ip", *arguments], check=True, capture_output=True)

    @classmethod
    def missing(cls):
        """Why there can be none; "" where there can."""
        if os.geteuid() != 0 or shutil.which("ip") is None:
            return "network namespaces take root and ip (Debian: iproute2)"
        try:
            cls(250).close()
        except subprocess.CalledProcessError as error:
            return f"network namespaces cannot be made here: {error.stderr.decode().strip()}"
        return ""

    def set(self, state):
        """"up" or "down"."""
        self._ip("link", "set", self.link, state)

    def close(self):
        self._ip("netns", "delete", self.name)


class History:
    """Every call: when it began and ended, who was asked, the hash of what was asked, and what came back."""

    def __init__(self):
        self.calls, self.lock = [], threading.Lock()

    def call(self, who, *arguments, timeout=60):
        began = time.monotonic()
        done = subprocess.run([str(BIN / "waymark"), *map(str, arguments)], capture_output=True, text=True, timeout=timeout)
        with self.lock:
            self.calls.append({"who": who, "began": began, "ended": time.monotonic(),
                               "asked": hashlib.sha256("\0".join(map(str, arguments[4:])).encode()).hexdigest(),
                               "what": arguments[4:], "ok": done.returncode == 0, "answer": done.stdout})
        return done.stdout if done.returncode == 0 else None


class Watcher:
    """Asks both coordinators after a round, in turns and all the time."""

    def __init__(self, history, pair, round_id):
        self.history, self.pair, self.round_id, self.stop = history, pair, round_id, threading.Event()
        self.threads = [threading.Thread(target=self._watch, args=(name,), daemon=True) for name in pair.copies]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join(timeout=90)

    def _watch(self, name):
        while not self.stop.wait(0.3):
            copy = self.pair.copies[name]
            if copy.frozen:
                continue
            self.history.call(name, "--identity", self.pair.operator, "--address", copy.address, "round", "show",
                              self.round_id, "--json")


class Copy:
    def __init__(self, name, directory, ports):
        self.name, self.place, self.ports = name, "", ports
        self.config, self.process, self.frozen = directory / f"{name}.toml", None, False
        self.network = None  # a Network, where it has one of its own

    @property
    def host(self):
        return self.network.address if self.network else "127.0.0.1"

    @property
    def address(self):
        return f"{self.host}:{self.ports[0]}"

    def log(self):
        return self.process.log()

    def terms(self):
        return [int(term) for term in re.findall(r'"this coordinator leads","term":"(\d+)"', self.log())]


class Pair(Federation):
    """Coordinators "one" and "two"; the place of each one's store is set before they are started."""

    def __init__(self):
        super().__init__()
        self.history = History()
        self.copies = {name: Copy(name, self.directory, (free_port(), free_port())) for name in ("one", "two")}
        self.operator = self.directory / "state-one" / "operator"
        self.config = self.copies["one"].config

    def start_coordinators(self, catalogue):
        for copy in self.copies.values():
            other = next(each for each in self.copies.values() if each is not copy)
            copy.config.write_text(f"""catalogue = "{catalogue}"
[federation]
name = "{self.name}"
[server]
listen = "0.0.0.0:{copy.ports[0]}"
enrolment_listen = "0.0.0.0:{copy.ports[1]}"
public_address = "{copy.address}"
public_enrolment_address = "{copy.host}:{copy.ports[1]}"
other_addresses = ["{other.address}"]
names = ["127.0.0.1", "localhost", "{copy.host}", "{other.host}"]
[store]
directory = "state-{copy.name}"
postgresql = "{copy.place}"
lease_seconds = {LEASE_SECONDS}
{self.governance}""")
        run("waymark-coordinator", "init", "--config", self.config)
        shutil.copytree(self.directory / "state-one", self.directory / "state-two")
        for copy in self.copies.values():
            inside = ["ip", "netns", "exec", copy.network.name] if copy.network else []
            copy.process = Process(self.directory / f"{copy.name}.log", "waymark-coordinator", "run", "--config", copy.config,
                                   inside=inside)
            self.processes.append(copy.process)
        wait_until(lambda: all(self.listens(copy) for copy in self.copies.values()), "both coordinators to listen")
        self.leader()

    @staticmethod
    def listens(copy):
        with socket.socket() as probe:
            return probe.connect_ex((copy.host, copy.ports[0])) == 0

    def leader(self, not_this=None, seconds=60):
        """The copy with the highest term; where one is named, once it is another."""
        def found():
            best = max(self.copies.values(), key=lambda copy: max(copy.terms(), default=0))
            return best if best.terms() and best is not not_this else None
        return wait_until(found, "a coordinator that leads", seconds)

    def state_at(self, copy, round_id):
        answer = self.history.call(copy.name, "--identity", self.operator, "--address", copy.address, "round", "show",
                                   round_id, "--json")
        return json.loads(answer)["state"] if answer else None


def check_history(test, history, round_id):
    """Answers never go back: what was told once as published is never told as open in a call that began later."""
    published_at = min((call["ended"] for call in history.calls
                        if call["ok"] and round_id in call["what"] and json.loads(call["answer"])["state"] == "published"),
                       default=None)
    test.assertIsNotNone(published_at)
    told = set()
    for call in history.calls:
        if not call["ok"] or round_id not in call["what"]:
            continue
        answer = json.loads(call["answer"])
        if call["began"] > published_at:
            test.assertEqual(answer["state"], "published", call)
        if answer["state"] == "published":
            # When councils were last heard of goes on changing; it is no part of what is published.
            councils = [{**council, "last_contact": None} for council in answer["councils"]]
            told.add(json.dumps({**answer, "councils": councils}))
    test.assertEqual(len(told), 1, "one publication, told alike by whoever is asked")
    answered = []
    for call in sorted(history.calls, key=lambda one: one["began"]):
        if call["ok"] and round_id in call["what"]:
            now = {council["code"] for council in json.loads(call["answer"])["councils"] if council["answered"]}
            # A call that ended before this one began was told of no council that this one does not know.
            for before, ended in answered:
                if ended < call["began"]:
                    test.assertLessEqual(before, now)
            answered.append((now, call["ended"]))


def check_terms(test, pair):
    """No two coordinators led in one term, and none led in a term again."""
    terms = [term for copy in pair.copies.values() for term in copy.terms()]
    test.assertEqual(len(terms), len(set(terms)), terms)
