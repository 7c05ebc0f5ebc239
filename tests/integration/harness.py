"""Runs the real programs for the integration tests: a coordinator, nodes, and the waymark command.

Everything lives in a temporary folder and on loopback; every process that is started is stopped by its own id.
"""

import contextlib
import itertools
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("WAYMARK_BIN", ROOT / "build" / "release" / "bin"))
SHARED_DATA = ROOT.parent / "shared" / "data"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(condition, what, seconds=60, pause=0.1):
    """Polls until condition() is true; the last value is returned."""
    limit = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > limit:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(pause)


def run(program, *arguments, expect=0, stdin=None):
    """Runs a program to its end and returns (standard output, standard error)."""
    command = [str(BIN / program), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, input=stdin, timeout=300)
    if expect is not None and done.returncode != expect:
        raise AssertionError(
            f"{' '.join(command)}: exit status {done.returncode}, expected {expect}\n{done.stdout}\n{done.stderr}")
    return done.stdout, done.stderr


@contextlib.contextmanager
def other_time(offset):
    """Programs that are started in it believe that it is so much later."""
    # Kept running: what its programs share of the time ends with it, and they fail where it is gone.
    keeper = subprocess.Popen(["faketime", "-f", offset, "sh", "-c", "env && echo && read -r _"], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    wanted = {}
    for line in itertools.takewhile(lambda line: line != "\n", keeper.stdout):
        name, _, value = line.rstrip("\n").partition("=")
        if name == "LD_PRELOAD" or name.startswith("FAKETIME"):
            wanted[name] = value
    if "FAKETIME" not in wanted:
        raise AssertionError(f"faketime -f {offset} does not run")
    wanted["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"
    try:
        with environment(wanted):
            yield
    finally:
        keeper.communicate()


@contextlib.contextmanager
def moving_time(directory):
    """For programs that are started in it time can be moved on: it gives a function that takes by how much it is later now
    than in truth ("+31m"). Timers and waits go on as before."""
    file = pathlib.Path(directory) / "time"
    given = subprocess.run(["faketime", "-f", "+0", "env"], capture_output=True, text=True, check=True).stdout
    library = next(line for line in given.splitlines() if line.startswith("LD_PRELOAD="))

    def move(offset):
        file.with_suffix(".new").write_text(offset + "\n")
        file.with_suffix(".new").rename(file)  # nobody reads a half of it

    move("+0")
    with environment({"LD_PRELOAD": library.partition("=")[2], "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1",
                      "FAKETIME_DONT_FAKE_MONOTONIC": "1"}):
        yield move


@contextlib.contextmanager
def environment(wanted):
    """For what is started in it."""
    kept = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value


class Process:
    """A program in the background, its output in a file; `inside`: of another program that runs it."""

    def __init__(self, log_path, program, *arguments, inside=()):
        self.command = [*inside, str(BIN / program), *map(str, arguments)]
        self.log_path = log_path
        self.process = None
        self.start()

    def start(self):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def running(self):
        return self.process.poll() is None

    def kill(self):
        if self.running():
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """SIGTERM, as a service manager sends it; returns the exit status."""
        if self.running():
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise AssertionError(f"{self.command} did not stop on SIGTERM")
        return self.process.returncode

    def log(self):
        return pathlib.Path(self.log_path).read_text(errors="replace")


class Federation:
    """A coordinator with enrolled nodes in a temporary folder. Use as a context manager."""

    def __init__(self, name="test"):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="waymark-test-"))
        self.name = name
        self.port, self.enrolment_port = free_port(), free_port()
        self.config = self.directory / "coordinator.toml"
        self.operator = self.directory / "coordinator-state" / "operator"
        self.coordinator = None
        self.nodes = {}
        self.enrolled = 0.0
        self.processes = []
        self.governance = ""  # of the coordinator's configuration
        self.officer_keys = []

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        for process in self.processes:
            process.kill()
        if kind is None:
            shutil.rmtree(self.directory)
        else:
            print(f"kept for inspection: {self.directory}")
            for process in self.processes:
                print(f"--- {process.log_path}\n{process.log()[-2000:]}")

    def write(self, path, text):
        target = self.directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return target

    def start_coordinator(self, catalogue=None, address=None):
        """`address`: what nodes dial, where a proxy stands before the coordinator."""
        public = f'public_address = "{address}"\n' if address else ""
        extra = f'catalogue = "{catalogue}"\n' if catalogue else ""
        self.write("coordinator.toml", f"""{extra}
[federation]
name = "{self.name}"
[server]
listen = "127.0.0.1:{self.port}"
enrolment_listen = "127.0.0.1:{self.enrolment_port}"
{public}names = ["127.0.0.1", "localhost"]
[store]
directory = "coordinator-state"
{self.governance}""")
        run("waymark-coordinator", "init", "--config", self.config)
        self.coordinator = Process(self.directory / "coordinator.log", "waymark-coordinator", "run", "--config",
                                   self.config)
        self.processes.append(self.coordinator)
        self.wait_for_coordinator()

    def wait_for_coordinator(self):
        def answers():
            if not self.coordinator.running():
                raise AssertionError("the coordinator ended: " + self.coordinator.log())
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0
        wait_until(answers, "the coordinator to listen")

    def make_officers(self, count, threshold, signs_catalogue=False):
        """Officers of whom `threshold` must sign the rosters, and the catalogue where they do; before start_coordinator."""
        self.officer_keys = [self.directory / f"officer-{i}.key" for i in range(count)]
        public = [run("waymark-coordinator", "roster", "new-key", "--key", key)[0].strip()
                  for key in self.officer_keys]
        self.governance = f"[governance]\nofficers = {json.dumps(public)}\nthreshold = {threshold}\n"
        if signs_catalogue:
            self.governance += "signs_catalogue = true\n"

    def roster(self, command, *arguments, expect=0):
        """`waymark-coordinator roster COMMAND` with the coordinator's configuration."""
        return run("waymark-coordinator", "roster", command, "--config", self.config, *arguments, expect=expect)

    def signed_roster(self, *signers):
        """Proposes the next roster and has it signed by the officers of these keys; the file."""
        file = self.directory / "roster.json"
        self.roster("propose", "--out", file)
        for key in signers:
            run("waymark-coordinator", "roster", "sign", "--key", key, file)
        return file

    def enrol(self, code, node_config):
        join = self.directory / f"{code}.join"
        run("waymark-coordinator", "token", "--config", self.config, "--council", code, "--out", join)
        run("waymark-node", "enrol", "--config", node_config, "--join", join)
        self.enrolled = time.time()
        return join

    def start_node(self, code, node_config):
        node = Process(self.directory / f"{code}.log", "waymark-node", "run", "--config", node_config,
                       "--poll-seconds", "1")
        self.nodes[code] = node
        self.processes.append(node)
        return node

    def waymark(self, *arguments, expect=0):
        return run("waymark", "--identity", self.operator, *arguments, expect=expect)[0]

    def open_round(self, text):
        # Who enrolled in the second in which a round opens counts as heard of since then.
        wait_until(lambda: int(time.time()) > int(self.enrolled), "the second after the last enrolment")
        path = self.write("round.toml", text)
        return self.waymark("round", "open", "--file", path)

    def round(self, round_id):
        return json.loads(self.waymark("round", "show", round_id, "--json"))

    def wait_published(self, round_id, seconds=120):
        return wait_until(lambda: self.round(round_id)["state"] == "published", f"round {round_id}", seconds)
