#!/usr/bin/env bash
# How often 95% intervals of noised counts, rates, shares and quantiles hold the truth, over 10^5 federations each.
set -euo pipefail
cmake --preset release >/dev/null
cmake --build build/release -j"${JOBS:-2}" --target waymark-interval-coverage >/dev/null
build/release/tests/waymark-interval-coverage 100000
