# One helper for libraries, one for programs, one for tests. Sources and dependencies are always listed.

# waymark_library(NAME name SOURCES a.cc … PUBLIC deps … PRIVATE deps …)
function(waymark_library)
  cmake_parse_arguments(ARG "" "NAME" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${ARG_NAME} STATIC ${ARG_SOURCES})
  target_include_directories(${ARG_NAME} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${ARG_NAME} PUBLIC waymark_sanitizers ${ARG_PUBLIC}
                                    PRIVATE waymark_warnings waymark_hardening ${ARG_PRIVATE})
  target_precompile_headers(${ARG_NAME} REUSE_FROM waymark_precompiled)
endfunction()

# What `make build` builds: every program with the files it reads at run time, no test.
add_custom_target(programs)

# waymark_program(NAME name SOURCES main.cc … DEPS libraries …)
function(waymark_program)
  cmake_parse_arguments(ARG "" "NAME" "SOURCES;DEPS" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SOURCES})
  target_link_libraries(${ARG_NAME} PRIVATE waymark_warnings waymark_hardening ${ARG_DEPS})
  add_dependencies(programs ${ARG_NAME})
endfunction()

# waymark_test(NAME name SOURCES a_test.cc … DEPS libraries … [PREFIX folder])
# Each TEST becomes a test of ctest's own, named PREFIX/Suite.Name. All tests share one precompiled header.
function(waymark_test)
  cmake_parse_arguments(ARG "" "NAME;PREFIX" "SOURCES;DEPS" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SOURCES})
  target_link_libraries(${ARG_NAME} PRIVATE waymark_warnings waymark_testing ${ARG_DEPS})
  target_precompile_headers(${ARG_NAME} REUSE_FROM waymark_test_precompiled)
  set_target_properties(${ARG_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  gtest_discover_tests(${ARG_NAME} TEST_PREFIX "${ARG_PREFIX}/" DISCOVERY_MODE PRE_TEST
                       PROPERTIES TIMEOUT 600 WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()
