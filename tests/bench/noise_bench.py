#!/usr/bin/env python3
"""Samples a second of discrete Laplace and discrete Gaussian noise, beside OpenDP's and Google's samplers in the same run.

    tests/bench/noise_bench.py [BUILD_DIRECTORY]

OpenDP and PyDP (Google's C++ library) come from PyPI into build/bench/noise; PyDP is left out where it cannot be had. Each
side draws through its vector interface where it has one, 200,000 samples at a time, the best of several runs, on one core.
Beside the speed stands the variance of what was drawn, over what the law says: 1 but for chance.
"""

import math
import os
import pathlib
import subprocess
import sys
import time

SAMPLES = 200_000


def environment():
    root = pathlib.Path(__file__).resolve().parents[2] / "build" / "bench" / "noise"
    python = root / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(root)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "opendp==0.16.0"], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "python-dp==1.1.5"], check=False)
    return python


def best_of(draw, runs=3):
    best, drawn = math.inf, None
    for _ in range(runs):
        begin = time.perf_counter()
        drawn = draw()
        best = min(best, time.perf_counter() - begin)
    return len(drawn) / best, sum(x * x for x in drawn) / len(drawn)


def theirs(scales):
    """In the environment: yields (side, law, scale, samples a second, variance)."""
    import opendp.prelude as dp
    dp.enable_features("contrib")
    for law, scale in scales:
        if law == "laplace":
            space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l1_distance(T="i64")
            mechanism = space >> dp.m.then_laplace(float(scale))
        else:
            space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l2_distance(T=float)
            mechanism = space >> dp.m.then_gaussian(math.sqrt(scale))
        zeros = [0] * SAMPLES
        yield ("opendp", law, scale, *best_of(lambda: mechanism(zeros)))
    try:
        from pydp.algorithms import numerical_mechanisms as google
    except ImportError:
        return
    for law, scale in scales:
        if law == "laplace":
            mechanism = google.LaplaceMechanism(epsilon=1.0, sensitivity=float(scale))
            yield ("google", law, scale, *best_of(lambda: [mechanism.add_noise(0) for _ in range(SAMPLES)]))


def variance_of(law, scale):
    if law == "gaussian":
        return scale
    q = math.exp(-1 / scale)
    return 2 * q / (1 - q) ** 2


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else "build/release"
    ours = {}
    for line in subprocess.run([f"{build}/tests/waymark-bench-noise"], check=True, capture_output=True,
                               text=True).stdout.splitlines():
        law, scale, speed, _, variance = line.split()
        ours[law, int(scale)] = (float(speed), float(variance))
    command = [str(environment()), __file__, "--theirs", *(f"{law}:{scale}" for law, scale in ours)]
    found = {}
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        side, law, scale, speed, variance = line.split()
        found[side, law, int(scale)] = (float(speed), float(variance))
    print("law       scale    waymark/s  var.   opendp/s  var.   times   google/s  var.")
    for (law, scale), (speed, variance) in ours.items():
        exact = variance_of(law, scale)
        their_speed, their_variance = found["opendp", law, scale]
        line = (f"{law:8} {scale:6} {speed:12,.0f} {variance / exact:5.3f} {their_speed:10,.0f} {their_variance / exact:5.3f}"
                f" {speed / their_speed:7.1f}")
        if ("google", law, scale) in found:
            their_speed, their_variance = found["google", law, scale]
            line += f" {their_speed:10,.0f} {their_variance / exact:5.3f}"
        print(line)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if sys.argv[1:2] == ["--theirs"]:
        for row in theirs([(name.split(":")[0], int(name.split(":")[1])) for name in sys.argv[2:]]):
            print(*row)
    else:
        main()
