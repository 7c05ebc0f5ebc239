#!/usr/bin/env bash
# The e^epsilon event test with 10^7 draws for each epsilon.
set -euo pipefail
cmake --preset release >/dev/null
cmake --build build/release -j"${JOBS:-2}" --target waymark-event-ratio >/dev/null
build/release/tests/waymark-event-ratio 10000000
