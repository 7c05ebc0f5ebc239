#!/usr/bin/env python3
"""A workbook of 200 MB, and one with a million rows that hold nothing: time and memory from the file to figures.

workbook_bench.py [BUILD_TREE] [--rows N]

The workbook has as many rows as a sheet can (1,048,575) with notes in each that compression does nothing to. Its
figures must be those of the same rows in a CSV file; exit status 1 where they are not, or where its memory is over twice
the CSV's and 64 MB more.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
import large_workbook

NOTE_BYTES = 130
METRICS = "1,10,16,17,33-early-help-starts"


def measure(build, folder, path):
    """(output, seconds, processor seconds, most megabytes resident)."""
    (folder / "node.toml").write_text('[council]\ncode = "E06000001"\nname = "Hartlepool"\n' +
                                      large_workbook.SOURCE.format(path=path))
    began = time.monotonic()
    process = subprocess.Popen([build / "bin" / "waymark-node", "measure", "--config", folder / "node.toml", "--metric",
                                METRICS, "--json"], stdout=subprocess.PIPE)
    output = process.stdout.read()
    process.stdout.close()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{path}: exit status {process.returncode}")
    return output, time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("build", nargs="?", default="build/release", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=1_048_575)
    asked = parser.parse_args()
    folder = asked.build / "bench" / "workbook"
    folder.mkdir(parents=True, exist_ok=True)
    large_workbook.write_workbook(folder / "large.xlsx", asked.rows, note_bytes=NOTE_BYTES)
    large_workbook.write_csv(folder / "large.csv", asked.rows, note_bytes=NOTE_BYTES)
    large_workbook.write_workbook(folder / "blank.xlsx", 1000, empty_rows=1_000_000)
    found = {}
    print("file         MB on disk  wall s  processor s  peak MB")
    for name in ("large.xlsx", "large.csv", "blank.xlsx"):
        found[name] = measure(asked.build, folder, name)
        _, wall, processor, peak = found[name]
        print(f"{name:<12} {(folder / name).stat().st_size / 1e6:10.1f} {wall:7.2f} {processor:12.2f} {peak:8.0f}")
        (folder / name).unlink()
    if found["large.xlsx"][0] != found["large.csv"][0]:
        sys.exit("the workbook's figures are not those of the same rows in a CSV file")
    if found["large.xlsx"][3] > 2 * found["large.csv"][3] + 64:
        sys.exit("the workbook takes much more memory than its records")
    print("the workbook's figures are those of the same rows in a CSV file")


if __name__ == "__main__":
    main()
