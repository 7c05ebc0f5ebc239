# Switches of the build, and the compiler and linker flags as interface targets.
option(WAYMARK_TESTS "Build the tests" ON)
option(WAYMARK_FUZZ "Build the libFuzzer targets (clang)" OFF)
option(WAYMARK_WERROR "Treat warnings as errors" ON)
set(WAYMARK_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize= takes them")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_CXX_FLAGS_RELEASE "-O2")

# The compiler collects its garbage at 512 MB, not at 128: a tenth less time, for 0.3 GB a job.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options("SHELL:--param ggc-min-heapsize=524288")
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # Precompiled headers are only cached when ccache is told that their macros and times may be trusted. It reads the large ones
  # once, not once a file, and does not preprocess what it compiles.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_INODECACHE=1 CCACHE_DEPEND=1 ${CCACHE})
endif()

add_library(waymark_warnings INTERFACE)
target_compile_options(waymark_warnings INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wold-style-cast -Wnon-virtual-dtor
  $<$<BOOL:${WAYMARK_WERROR}>:-Werror>)

add_library(waymark_hardening INTERFACE)
# -pthread: gRPC and Boost bring it, and a precompiled header fits only where the flags are the same.
target_compile_options(waymark_hardening INTERFACE -pthread
  -fstack-protector-strong -fcf-protection=full -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.
  $<$<CXX_COMPILER_ID:GNU>:-fstack-clash-protection -ftrivial-auto-var-init=zero>
  $<$<CONFIG:Release>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS>)
target_link_options(waymark_hardening INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack)

add_library(waymark_sanitizers INTERFACE)
if(WAYMARK_SANITIZE)
  target_compile_options(waymark_sanitizers INTERFACE -fsanitize=${WAYMARK_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(waymark_sanitizers INTERFACE -fsanitize=${WAYMARK_SANITIZE})
endif()
if(WAYMARK_SANITIZE STREQUAL "thread")
  add_library(waymark_tsan_mutex OBJECT ${CMAKE_SOURCE_DIR}/tests/testing/tsan_mutex.cc)
  target_compile_options(waymark_tsan_mutex PRIVATE -fsanitize=thread)
  target_link_libraries(waymark_tsan_mutex PRIVATE absl::synchronization)
  target_link_libraries(waymark_sanitizers INTERFACE $<TARGET_OBJECTS:waymark_tsan_mutex>)
  foreach(member 4LockEv 6UnlockEv 8LockWhenERKNS0_9ConditionE 16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE)
    target_link_options(waymark_sanitizers INTERFACE -Wl,--wrap=_ZN4absl7debian35Mutex${member})
  endforeach()
endif()
if(WAYMARK_FUZZ)
  target_compile_options(waymark_sanitizers INTERFACE -fsanitize=fuzzer-no-link,address,undefined)
  target_link_options(waymark_sanitizers INTERFACE -fsanitize=address,undefined)
endif()
