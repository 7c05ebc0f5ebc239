#!/usr/bin/env bash
# Every fuzz target for FUZZ_SECONDS (60), from its seed corpus (tests/fuzz/NAME/corpus, where there is one), with the address
# and undefined-behaviour sanitizers. What a run finds stays in build/fuzz/found.
set -euo pipefail
cmake --preset fuzz >/dev/null
cmake --build build/fuzz -j"${JOBS:-2}" --target fuzzers
mkdir -p build/fuzz/found
targets=0
for target in build/fuzz/bin/*_fuzzer; do
  name=$(basename "$target" _fuzzer)
  targets=$((targets + 1))
  corpus=build/fuzz/corpus/$name
  mkdir -p "$corpus"
  seeds=()
  [ ! -d "tests/fuzz/$name/corpus" ] || seeds=("tests/fuzz/$name/corpus")
  printf -- '---- %s\n' "$name"
  "$target" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 \
    -artifact_prefix=build/fuzz/found/ "$corpus" "${seeds[@]}" 2>&1 | tail -n 8
done
[ "$targets" -gt 0 ]
