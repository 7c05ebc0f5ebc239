#!/usr/bin/env python3
"""A secure round of real processes on loopback: councils' nodes, a coordinator, about 20,000 cells.

    tests/bench/secure_round_bench.py build/release [--councils 152]

Prints wall and processor time of the round, from its opening to its sum, beside what the session's own steps cost without
processes, transport, disk and records (`secure_session_bench`, the same members, words and ring) and what reading the records and
measuring cost (`waymark-node measure`). Not a test: it asserts nothing but that the sum is made.
"""

import argparse
import json
import os
import pathlib
import resource
import sqlite3
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))

# All windows and units of each; metric 9 has 320 cells a row.
BREAKDOWNS = ["sex", "age_band", "ethnicity", "need", "sex|age_band"]
ITEMS = {"1": BREAKDOWNS, "2": BREAKDOWNS, "9": ["sex", "need"], "10": BREAKDOWNS}
PEOPLE = 60
TICKS = os.sysconf("SC_CLK_TCK")


def policy():
    allow = "".join(f"""
[[allow]]
metric = "{metric}"
version = 1
mode = "secure-sum"
breakdowns = {json.dumps(breakdowns)}
""" for metric, breakdowns in ITEMS.items())
    return f"""[release]
approval = "automatic"

[floors]
yearly_epsilon = "20"
least_contributors = 3
{allow}"""


def round_text(least):
    items = "".join(f"""
[[item]]
metric = "{metric}"
period = "2022-23"
mode = "secure-sum"
rho = "1/20"
breakdowns = {json.dumps(breakdowns)}
""" for metric, breakdowns in ITEMS.items())
    return f"""id = "scale"
title = "Many councils"
open_minutes = 120
least_contributors = {least}
data_version = 1
{items}"""


def processor_seconds(process):
    """User and system time of a running process."""
    fields = pathlib.Path(f"/proc/{process.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_mb(process):
    for line in pathlib.Path(f"/proc/{process.process.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def council(federation, made_up, code, number, catalogue):
    folder = federation.directory / code
    made_up.make_ssd(folder / "ssd", seed=100 + number, people=PEOPLE)
    (folder / "policy.toml").write_text(policy())
    (folder / "node.toml").write_text(made_up.node_toml(code, f"Test Council {number}", catalogue))
    return folder / "node.toml"


def prepare(federation, made_up, binaries, count):
    """Catalogue, roster of one part, and an enrolled node for each council; {code: configuration}."""
    import shutil
    from harness import run
    catalogue = federation.directory / "catalogue"
    shutil.copytree(binaries.parent / "share" / "waymark" / "catalogue", catalogue)
    codes = [f"E99{number:06d}" for number in range(1, count + 1)]
    (catalogue / "areas.textproto").write_text("\n".join(
        f'areas {{ code: "{code}" name: "Test Council {i + 1}" region_code: "E12999901" '
        f'region_name: "Test Region" old_code: {100 + i} }}' for i, code in enumerate(codes)) + "\n")
    federation.make_officers(3, threshold=2)
    federation.start_coordinator(catalogue=catalogue)
    configs = {code: council(federation, made_up, code, i + 1, catalogue) for i, code in enumerate(codes)}
    for code, config in configs.items():
        federation.enrol(code, config)
    file = federation.directory / "roster.json"
    federation.roster("propose", "--out", file, "--one-part")
    for key in federation.officer_keys[:2]:
        run("waymark-coordinator", "roster", "sign", "--key", key, file)
    federation.roster("publish", file)
    return configs


def session_cost(build, members, words, bits):
    """Processor seconds of one node's five steps, and of the coordinator's for all."""
    out = subprocess.run([build / "tests" / "secure_session_bench", str(members), str(words), str(bits)],
                         capture_output=True, text=True, check=True).stdout
    return tuple(map(float, out.split()[:2]))


def measuring_cost(config):
    """Processor seconds of reading the records and making one item's figures, in a process of its own."""
    from harness import run
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run("waymark-node", "measure", "--config", config, "--metric", next(iter(ITEMS)), "--period", "2022-23", "--json")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def words_of(federation, bits):
    sizes = {path.stat().st_size for path in (federation.directory / "coordinator-state").rglob("*.masked")}
    if len(sizes) != 1:
        raise AssertionError(f"masked inputs of sizes {sorted(sizes)}")
    return sizes.pop() * 8 // bits


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--councils", type=int, default=152)
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    binaries = build / "bin"
    os.environ["WAYMARK_BIN"] = str(binaries)
    import made_up
    from harness import Federation, wait_until

    count = arguments.councils
    with Federation("scale") as federation:
        configs = prepare(federation, made_up, binaries, count)
        for code, config in configs.items():
            federation.start_node(code, config)
        # All are up and hold the roster: what they do before the round is not the round's.
        for node in federation.nodes.values():
            wait_until(lambda: "roster held" in node.log() or not node.running(), "the nodes", 300)
            if not node.running():
                raise AssertionError(node.log())
        processes = {"coordinator": federation.coordinator, **federation.nodes}
        before = {name: processor_seconds(process) for name, process in processes.items()}
        start = time.monotonic()
        federation.open_round(round_text(least=3))
        store = federation.directory / "coordinator-state" / "waymark.db"

        def summed():
            with sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=20) as database:
                return database.execute("SELECT count(*) FROM sums").fetchone()[0] == 1
        first = next(iter(federation.nodes.values()))
        wait_until(lambda: '"secure session joined"' in first.log() or '"level":"warn' in first.log(), "a node to join", 600)
        if '"secure session joined"' not in first.log():
            raise AssertionError(first.log())
        wait_until(summed, "the sum", 3600)
        wall = time.monotonic() - start
        used = {name: processor_seconds(process) - before[name] for name, process in processes.items()}
        memory = {name: resident_mb(process) for name, process in processes.items()}
        bits = 32
        words = words_of(federation, bits)
        nodes = sum(used.values()) - used["coordinator"]
        measuring = min(measuring_cost(next(iter(configs.values()))) for _ in range(3))
        node_steps, server_steps = session_cost(build, count, words, bits)
        primitives = count * node_steps + server_steps
        total = nodes + used["coordinator"]
        print(f"{count} councils, {words} cells of {bits} bits, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        print(f"wall                        {wall:9.2f} s")
        print(f"nodes                       {nodes:9.2f} processor s, {nodes / count:.3f} each")
        print(f"coordinator                 {used['coordinator']:9.2f} processor s")
        print(f"session's steps, nodes      {count * node_steps:9.2f} processor s, {node_steps:.3f} each")
        print(f"session's steps, coordinator{server_steps:9.2f} processor s")
        print(f"reading and measuring       {count * measuring:9.2f} processor s, {measuring:.3f} each")
        print(f"all beside the steps        {total / primitives:9.2f} times (target 2)")
        print(f"beside steps and measuring  {total / (primitives + count * measuring):9.2f} times")
        print(f"most memory: coordinator {memory['coordinator']:.0f} MB, a node "
              f"{max(size for name, size in memory.items() if name != 'coordinator'):.0f} MB")


if __name__ == "__main__":
    main()
