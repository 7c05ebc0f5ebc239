#!/usr/bin/env python3
"""Speed and memory of `waymark-node measure` beside DuckDB computing the same figures from the same file.

measure_bench.py [BUILD_TREE] [--episodes N] [--seed S] [--runs R] [--check]

Makes the file in BUILD_TREE/../bench, runs each side R times in turn on the same two cores (the best time counts, and the
most memory), compares every figure, and prints a table beside the goals. Memory is the peak resident set, mapped pages of
the file included. --check also computes the figures by brute force: for some ten thousand episodes. Exit status 1 where
figures differ.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import time

import figures

HERE = pathlib.Path(__file__).resolve().parent
DUCKDB = "2.0.0"
METRICS = "1,2,4,5,9,10,16,17,18,22,31"
BREAKDOWNS = "sex,age_band,ethnicity,area,need,service"
PERIODS = [f"{year}-Q{quarter}" for year in ("2021-22", "2022-23") for quarter in (1, 2, 3, 4)]
CORES = {0, 1}
# What is aimed at, and what is asked for at least.
FASTER_AIM, FASTER_GOAL = 15, 10
MEMORY_AIM, MEMORY_GOAL = 8, 4


class Run:
    """One program run to its end: wall seconds, processor seconds, peak bytes."""

    def __init__(self, command, out=None):
        started = time.monotonic()
        with open(out or os.devnull, "wb") as file:
            child = subprocess.Popen([str(word) for word in command], stdout=file,
                                     preexec_fn=lambda: os.sched_setaffinity(0, CORES & os.sched_getaffinity(0)))
            _, status, usage = os.wait4(child.pid, 0)
        self.wall_s = time.monotonic() - started
        self.cpu_s = usage.ru_utime + usage.ru_stime
        self.peak_bytes = usage.ru_maxrss * 1024
        if status != 0:
            sys.exit(f"{command[0]} ended with status {os.waitstatus_to_exitcode(status)}")


def best(runs):
    run = min(runs, key=lambda r: r.wall_s)
    run.peak_bytes = max(r.peak_bytes for r in runs)
    return run


def duckdb_python(folder):
    """A Python that has DuckDB, in an environment of its own; None where it cannot be installed."""
    python = folder / "venv" / "bin" / "python"
    has_it = [str(python), "-c", f"import duckdb; assert duckdb.__version__ == '{DUCKDB}'"]
    if python.exists() and subprocess.run(has_it, stderr=subprocess.DEVNULL, check=False).returncode == 0:
        return python
    install = [[sys.executable, "-m", "venv", str(folder / "venv")],
               [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"duckdb=={DUCKDB}"]]
    for command in install:
        if subprocess.run(command, check=False).returncode != 0:
            return None
    return python


def make_data(build, folder, arguments):
    """The file is made anew: the same arguments give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = build / "share" / "waymark" / "catalogue"
    if not catalogue.exists():
        catalogue = HERE.parent.parent / "catalogue"
    run = Run([build / "tests" / "waymark-bench-episodes", folder, arguments.episodes, arguments.seed, catalogue],
              folder / "made.txt")
    size = (folder / "episodes.csv").stat().st_size
    print(f"{(folder / 'made.txt').read_text().strip()}; made at {size / 1e6 / run.wall_s:.0f} MB/s", flush=True)


def compare(what, left, right):
    found = figures.differences(left, right)
    shared = left.keys() & right.keys()
    print(f"{what}: {len(shared)} figures on both sides, {len(found)} differ")
    for where, a, b in found[:20]:
        print(f"  {where}: {a} and {b}")
    return not found and bool(shared)


def of_periods(found, metrics):
    """The node's figures of metrics that the other side computes too."""
    return {where: figure for where, figure in found.items() if where[0] in metrics}


def reached(what, ratio, goal, aim):
    verdict = "aim met" if ratio >= aim else "goal met" if ratio >= goal else "goal missed"
    return f"{what:32}{ratio:9.1f}   at least {goal}, aim {aim}: {verdict}"


def table(scan, node, duck):
    print(f"\n{'':24}{'wall s':>9}{'processor s':>13}{'peak MB':>10}")
    for name, run in (("scan (lower bound)", scan), ("waymark-node measure", node), ("DuckDB " + DUCKDB, duck)):
        if run:
            print(f"{name:24}{run.wall_s:9.2f}{run.cpu_s:13.2f}{run.peak_bytes / 1e6:10.0f}")
    print(f"\n{'node / scan, wall time':32}{node.wall_s / scan.wall_s:9.1f}")
    if duck:
        print(reached("DuckDB / node, wall time", duck.wall_s / node.wall_s, FASTER_GOAL, FASTER_AIM))
        print(f"{'DuckDB / node, processor time':32}{duck.cpu_s / node.cpu_s:9.1f}")
        print(reached("DuckDB / node, memory", duck.peak_bytes / node.peak_bytes, MEMORY_GOAL, MEMORY_AIM))
    load = os.getloadavg()[0]
    if load > len(CORES):
        print(f"\nOther work ran too (load {load:.0f} on {len(CORES)} cores): wall times are too long on all sides.")
    print(flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", nargs="?", default="build/release", type=pathlib.Path)
    parser.add_argument("--episodes", type=int, default=5_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    folder = build.parent / "bench"
    for program in ("bin/waymark-node", "tests/waymark-bench-episodes", "tests/waymark-bench-scan"):
        if not (build / program).exists():
            sys.exit(f"{build / program} is not there: build it first (make bench does)")
    make_data(build, folder, arguments)
    python = duckdb_python(folder)
    if python is None:
        print("DuckDB cannot be installed here (no pip, or no network): only the node is measured")

    csv_file = folder / "episodes.csv"
    node_command = [build / "bin" / "waymark-node", "measure", "--config", folder / "node.toml", "--metric", METRICS, "--period",
                    ",".join(PERIODS), "--breakdown", BREAKDOWNS, "--unit", "episodes,children", "--json"]
    scans, nodes, ducks = [], [], []
    for _ in range(arguments.runs):
        scans.append(Run([build / "tests" / "waymark-bench-scan", csv_file]))
        nodes.append(Run(node_command, folder / "node.json"))
        if python:
            ducks.append(Run([python, HERE / "duckdb_measures.py", csv_file, folder / "duckdb.csv", *PERIODS]))
    table(best(scans), best(nodes), best(ducks) if ducks else None)

    node = figures.of_node(folder / "node.json")
    agree = True
    if python:
        duck = figures.of_csv(folder / "duckdb.csv")
        agree = compare("node and DuckDB", of_periods(node, {where[0] for where in duck}), duck)
    if arguments.check:
        Run([sys.executable, HERE / "brute_force_measures.py", csv_file, folder / "brute_force.csv", *PERIODS])
        brute = figures.of_csv(folder / "brute_force.csv")
        agree &= compare("node and brute force", of_periods(node, {where[0] for where in brute}), brute)
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
