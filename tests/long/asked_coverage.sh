#!/usr/bin/env bash
# How often the 95% intervals that people are shown hold the truth: every statistic in each mode, over 10^4
# federations each.
set -euo pipefail
cmake --preset release >/dev/null
cmake --build build/release -j"${JOBS:-2}" --target waymark-asked-coverage >/dev/null
build/release/tests/waymark-asked-coverage 10000
