# What most files include, read once: the standard library's and Abseil's headers, protobuf's, and the messages that more
# than a fifth of all files include. Every library shares the one of waymark_precompiled; the tests have theirs
# (tests/CMakeLists.txt). A file still includes what it uses: the address sanitizer's build does without them.
set(WAYMARK_PRECOMPILED
  <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <set> <string> <utility> <vector>
  <absl/algorithm/container.h> <absl/status/status.h> <absl/status/statusor.h> <absl/strings/match.h> <absl/strings/str_cat.h> <absl/strings/str_join.h>
  <absl/strings/str_split.h> <absl/synchronization/mutex.h> <absl/time/time.h> <absl/types/span.h>
  <google/protobuf/generated_message_reflection.h> <google/protobuf/map.h> <google/protobuf/message.h>
  <google/protobuf/repeated_field.h>
  <waymark/v1/benchmark.pb.h> <waymark/v1/catalogue.pb.h> <waymark/v1/federation.pb.h> <waymark/v1/questionnaire.pb.h>
  <waymark/v1/release.pb.h> <waymark/v1/round.pb.h> <waymark/v1/succession.pb.h>)

# CMake lets targets of one kind share a precompiled header, so an (empty) library owns it.
file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cc "// The library that owns the precompiled header; it holds nothing.\n")
add_library(waymark_precompiled STATIC ${CMAKE_BINARY_DIR}/precompiled.cc)
target_link_libraries(waymark_precompiled PRIVATE waymark_sanitizers waymark_warnings waymark_hardening waymark_messages)
target_precompile_headers(waymark_precompiled PRIVATE ${WAYMARK_PRECOMPILED})
