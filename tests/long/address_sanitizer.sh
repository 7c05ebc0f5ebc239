#!/usr/bin/env bash
# Every test of make test, built with the address and undefined-behaviour sanitizers.
set -euo pipefail
cmake --preset asan >/dev/null
cmake --build build/asan -j"${JOBS:-2}"
ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1 tests/run build/asan
