#!/usr/bin/env python3
"""Builds each mutant of table.py in a copy of the tree and requires that the tests notice it.

    tests/mutants/run.py [NAME …]        (default: all; a name may be part of one)

The copy, build/mutants, is kept for the next run. Only the test programs named in the table are built. First they must pass
unchanged. Last line: "N killed, N survived[, N unusable]"; exit status 0 only where all were killed.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import time

from table import MUTANTS

ROOT = pathlib.Path(__file__).resolve().parents[2]
TREE = ROOT / "build" / "mutants"
BUILD = TREE / "build" / "release"


def copy_tree():
    """The files that git knows, as they are now; what has not changed keeps its time, so that it is not built again."""
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            check=True, capture_output=True).stdout.decode().split("\0")
    for name in filter(None, listed):
        source, target = ROOT / name, TREE / name
        if not source.is_file() or (target.exists() and target.read_bytes() == source.read_bytes()):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def build(targets):
    environment = dict(os.environ, CCACHE_BASEDIR=str(TREE), CCACHE_NOHASHDIR="1")
    if not (BUILD / "build.ninja").exists():
        subprocess.run(["cmake", "--preset", "release"], cwd=TREE, check=True, capture_output=True, env=environment)
    done = subprocess.run(["cmake", "--build", str(BUILD), f"-j{os.environ.get('JOBS', '2')}", "--target", *targets],
                          cwd=TREE, capture_output=True, text=True, env=environment)
    return done.returncode == 0, done.stdout[-3000:]


def passes(mutant):
    """True, False, or None where no test ran."""
    try:
        done = subprocess.run([str(BUILD / "tests" / mutant.target), f"--gtest_filter={mutant.tests}"], cwd=TREE,
                              capture_output=True, text=True, timeout=900)
    except subprocess.TimeoutExpired:
        return False
    if "[==========] 0 tests" in done.stdout or "Running 0 tests" in done.stdout:
        return None
    return done.returncode == 0


def try_one(mutant):
    file = TREE / mutant.file
    text = file.read_text()
    if text.count(mutant.old) != 1:
        return "unusable: what it replaces is not there exactly once"
    file.write_text(text.replace(mutant.old, mutant.new))
    try:
        built, output = build([mutant.target])
        if not built:
            print(output)
            return "unusable: it does not build"
        return "SURVIVED" if passes(mutant) else "killed"
    finally:
        file.write_text(text)


def main():
    wanted = [m for m in MUTANTS if not sys.argv[1:] or any(name in m.name for name in sys.argv[1:])]
    if not wanted:
        sys.exit(f"no mutant is called so\n\n{__doc__}")
    copy_tree()
    built, output = build(sorted({mutant.target for mutant in wanted}))
    if not built:
        print(output)
        sys.exit("the tree does not build as it is")
    for mutant in wanted:
        if not passes(mutant):
            sys.exit(f"{mutant.target} --gtest_filter={mutant.tests} does not pass as it is: no mutant can be judged by it")
    counts = {"killed": 0, "survived": 0, "unusable": 0}
    width = max(len(mutant.name) for mutant in wanted)
    print(f"{'mutant':{width}}  {'in':34}  {'judged by':42}  result", flush=True)
    for mutant in wanted:
        begin = time.monotonic()
        result = try_one(mutant)
        counts[result.split(":")[0].lower()] += 1
        judge = f"{mutant.target} {mutant.tests}"
        print(f"{mutant.name:{width}}  {mutant.file:34}  {judge:42}  {result} ({time.monotonic() - begin:.0f} s)", flush=True)
    build(sorted({mutant.target for mutant in wanted}))  # the copy is left unchanged
    line = f"{counts['killed']} killed, {counts['survived']} survived"
    print(line + (f", {counts['unusable']} unusable" if counts["unusable"] else ""))
    sys.exit(0 if counts["killed"] == len(wanted) else 1)


if __name__ == "__main__":
    main()
