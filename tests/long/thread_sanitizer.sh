#!/usr/bin/env bash
# The tests of what does not link the system's gRPC (which is not instrumented), built with the thread sanitizer.
set -euo pipefail
cmake --preset tsan >/dev/null
cmake --build build/tsan -j"${JOBS:-2}"
tests/run build/tsan -R '^(base|statistics|crypto|catalogue|node/(ingest|journey|measure|disclose)|coordinator/(store|benchmark))/'
