#!/usr/bin/env bash
# The e^epsilon event test with 10^7 draws for each epsilon, and the law of both samplers beside OpenDP's and Google's.
set -euo pipefail
cmake --preset release >/dev/null
cmake --build build/release -j"${JOBS:-2}" --target waymark-event-ratio waymark-bench-noise waymark-draw-noise >/dev/null
build/release/tests/waymark-event-ratio 10000000
tests/bench/noise_bench.py build/release
