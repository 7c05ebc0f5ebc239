#!/usr/bin/env python3
"""Samples a second of discrete Laplace and discrete Gaussian noise, beside OpenDP's and Google's samplers in the same run.

    tests/bench/noise_bench.py [BUILD_DIRECTORY]

OpenDP and PyDP (Google's C++ library) come from PyPI into build/bench/noise; PyDP is left out where it cannot be had. Each
side draws through its vector interface where it has one, 200,000 samples at a time, the best of several runs, on one core.
Beside the speed stands how what was drawn fits the exact law: chi-squared over all of its values, as standard deviations from
what chance gives (Wilson and Hilferty). Exit status 1 where this project's, or OpenDP's, is more than 4.75 off (once in 10^6).
Google's is real Laplace noise that is rounded, and not of this law: its fit is shown and not judged.
"""

import array
import collections
import math
import os
import pathlib
import subprocess
import sys
import time

SAMPLES = 200_000
RUNS = 5  # all of their samples together are compared with the law
WORST = 4.75
LEAST_EXPECTED = 25  # in a bin; what is beyond goes into one bin on each side


def environment():
    root = pathlib.Path(__file__).resolve().parents[2] / "build" / "bench" / "noise"
    python = root / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(root)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "opendp==0.16.0"], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "python-dp==1.1.5"], check=False)
    return python


def mass_of(law, scale):
    """P(X = x) for x from 0, as far as it is a number."""
    if law == "laplace":
        q = math.exp(-1 / scale)
        return [(1 - q) / (1 + q) * q ** x for x in range(int(40 * scale) + 40)]
    weights = [math.exp(-x * x / (2 * scale)) for x in range(int(12 * math.sqrt(scale)) + 12)]
    whole = 2 * sum(weights) - weights[0]
    return [weight / whole for weight in weights]


def fit(samples, law, scale):
    """Chi-squared against the exact law, in standard deviations above what chance gives."""
    mass, count = mass_of(law, scale), len(samples)
    reach = max((x for x in range(len(mass)) if count * mass[x] >= LEAST_EXPECTED), default=0)
    tail = count * (1 - mass[0] - 2 * sum(mass[1:reach + 1])) / 2
    while tail < LEAST_EXPECTED:
        tail += count * mass[reach]
        reach -= 1
    seen = collections.Counter(max(-reach - 1, min(reach + 1, x)) for x in samples)
    expected = {x: count * mass[abs(x)] for x in range(-reach, reach + 1)} | {-reach - 1: tail, reach + 1: tail}
    statistic = sum((seen[x] - each) ** 2 / each for x, each in expected.items())
    degrees = len(expected) - 1
    return ((statistic / degrees) ** (1 / 3) - (1 - 2 / (9 * degrees))) / math.sqrt(2 / (9 * degrees))


def best_of(draw):
    """Samples a second at best, and all of them."""
    best, drawn = math.inf, []
    for _ in range(RUNS):
        begin = time.perf_counter()
        some = draw()
        best = min(best, time.perf_counter() - begin)
        drawn += some
    return SAMPLES / best, drawn


def theirs(scales):
    """In the environment: yields (side, law, scale, samples a second, fit)."""
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
        speed, drawn = best_of(lambda: mechanism(zeros))
        yield "opendp", law, scale, speed, fit(drawn, law, scale)
    try:
        from pydp.algorithms import numerical_mechanisms as google
    except ImportError:
        return
    for law, scale in scales:
        if law == "laplace":
            mechanism = google.LaplaceMechanism(epsilon=1.0, sensitivity=float(scale))
            speed, drawn = best_of(lambda: [mechanism.add_noise(0) for _ in range(SAMPLES)])
            yield "google", law, scale, speed, fit(drawn, law, scale)


def drawn_here(build, law, scale):
    """This project's samples, raw as they come."""
    asked = ["epsilon", "1", "1", str(scale)] if law == "laplace" else ["rho", "1", "2", str(scale)]
    raw = subprocess.run([f"{build}/tests/waymark-draw-noise", *asked, str(RUNS * SAMPLES)], check=True, capture_output=True).stdout
    return list(array.array("q", raw))


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else "build/release"
    ours = {}
    for line in subprocess.run([f"{build}/tests/waymark-bench-noise"], check=True, capture_output=True,
                               text=True).stdout.splitlines():
        law, scale, speed = line.split()
        ours[law, int(scale)] = (float(speed), fit(drawn_here(build, law, int(scale)), law, int(scale)))
    command = [str(environment()), __file__, "--theirs", *(f"{law}:{scale}" for law, scale in ours)]
    found = {}
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        side, law, scale, speed, how = line.split()
        found[side, law, int(scale)] = (float(speed), float(how))
    print("law       scale    waymark/s   fit   opendp/s   fit   times   google/s   fit")
    good = True
    for (law, scale), (speed, how) in ours.items():
        their_speed, their_fit = found["opendp", law, scale]
        good = good and how <= WORST and their_fit <= WORST
        line = f"{law:8} {scale:6} {speed:12,.0f} {how:+5.2f} {their_speed:10,.0f} {their_fit:+5.2f} {speed / their_speed:7.1f}"
        if ("google", law, scale) in found:
            their_speed, their_fit = found["google", law, scale]
            line += f" {their_speed:10,.0f} {their_fit:+5.2f}"
        print(line)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if sys.argv[1:2] == ["--theirs"]:
        for row in theirs([(name.split(":")[0], int(name.split(":")[1])) for name in sys.argv[2:]]):
            print(*row)
    else:
        main()
