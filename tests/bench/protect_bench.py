#!/usr/bin/env python3
"""How long it takes to protect what one council may give for a quarter, through the node's own door.

protect_bench.py [BUILD_TREE] [--episodes N] [--all]

A made-up council of N episodes in seven years (waymark-bench-episodes); one round by all breakdowns that have a fixed list of
categories: every metric that its definition lets leave, thresholded by both profiles, then noised. With --all thresholded by area, team and
service too.
What an episode log does not carry is refused as not available. Exit status 1 where something else is refused, or it takes
longer than the goal.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys

PERIOD = "2022-23-Q2"
# Those with a fixed list of categories; by area, team and service of the made-up log (--all) it is ten times as many cells.
BREAKDOWNS = {"sex", "age_band", "ethnicity", "disability", "sex|age_band"}
# Mode, further floors, goal in seconds.
RUNS = (("thresholded", 'profile = "default"', 10.0), ("thresholded", 'profile = "dfe"', 10.0), ("noised", 'yearly_epsilon = "4"', 0.5))
# What may be refused without anything being wrong: the source does not carry it, or its follow-up has not ended.
EXPECTED = {"completeness", "noise"}


def definitions(catalogue):
    """(id, version, modes, breakdowns) of each metric."""
    for path in sorted((catalogue / "metrics").glob("*.textproto")):
        for text in re.split(r"^metrics \{", path.read_text(), flags=re.M)[1:]:
            breakdowns = re.findall(r'"([^"]+)"', " ".join(re.findall(r"^  breakdowns: (.*)$", text, flags=re.M)))
            yield (re.search(r'^  id: "(.+)"', text, re.M).group(1), re.search(r"^  version: (\d+)", text, re.M).group(1),
                   " ".join(re.findall(r"^  modes: (.*)$", text, flags=re.M)), breakdowns)


def write_policy(path, catalogue, mode, floor, by_all):
    lines = ["[release]", 'approval = "automatic"', "[floors]", "least_contributors = 3", floor]
    for name, version, modes, breakdowns in definitions(catalogue):
        if mode.upper() in modes:
            listed = ", ".join(f'"{one}"' for one in breakdowns if one in BREAKDOWNS or (by_all and mode == "thresholded"))
            lines += ["[[allow]]", f'metric = "{name}"', f"version = {version}", f'mode = "{mode}"', f"breakdowns = [{listed}]"]
    path.write_text("\n".join(lines) + "\n")


def run(build, folder, by_all, mode, floor, goal):
    shutil.rmtree(folder / "state", ignore_errors=True)
    write_policy(folder / "policy.toml", build / "share" / "waymark" / "catalogue", mode, floor, by_all)
    done = subprocess.run([build / "tests" / "waymark-bench-protect", folder, PERIOD], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    *items, last = [line for line in done.stdout.splitlines() if line and not line.startswith("{")]
    wrong = [item for item in items if item.split()[1] not in EXPECTED | {"released"}]
    seconds = float(last.split()[-2])
    print(f"{mode}, {floor}: {last}; goal {goal} s: {'met' if seconds <= goal else 'missed'}", flush=True)
    for item in wrong:
        print("  refused:", item)
    return seconds <= goal and not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", nargs="?", default="build/release", type=pathlib.Path)
    parser.add_argument("--episodes", type=int, default=30_000)
    parser.add_argument("--all", action="store_true")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    folder = build.parent / "bench" / "protect"
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = build / "share" / "waymark" / "catalogue"
    made = subprocess.run([build / "tests" / "waymark-bench-episodes", folder, str(arguments.episodes), "1", catalogue],
                          capture_output=True, text=True, check=True)
    print(made.stdout.strip())
    node = folder / "node.toml"
    node.write_text(node.read_text().replace('state = "state"', 'state = "state"\npolicy = "policy.toml"'))
    results = [run(build, folder, arguments.all, *each) for each in RUNS]
    load = os.getloadavg()[0]
    if load > 2:
        print(f"Other work ran too (load {load:.0f}): the times are too long.")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
