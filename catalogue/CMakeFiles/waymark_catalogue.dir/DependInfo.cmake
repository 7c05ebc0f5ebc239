
# Consider dependencies only in project.
set(CMAKE_DEPENDS_IN_PROJECT_ONLY OFF)

# The set of languages for which implicit dependencies are needed:
set(CMAKE_DEPENDS_LANGUAGES
  )

# The set of dependency files which are needed:
set(CMAKE_DEPENDS_DEPENDENCY_FILES
  "/tmp/catalogue/tree/catalogue/checks.cc" "catalogue/CMakeFiles/waymark_catalogue.dir/checks.cc.o" "gcc" "catalogue/CMakeFiles/waymark_catalogue.dir/checks.cc.o.d"
  "/tmp/catalogue/tree/catalogue/cohort_checks.cc" "catalogue/CMakeFiles/waymark_catalogue.dir/cohort_checks.cc.o" "gcc" "catalogue/CMakeFiles/waymark_catalogue.dir/cohort_checks.cc.o.d"
  "/tmp/catalogue/tree/catalogue/columns.cc" "catalogue/CMakeFiles/waymark_catalogue.dir/columns.cc.o" "gcc" "catalogue/CMakeFiles/waymark_catalogue.dir/columns.cc.o.d"
  "/tmp/catalogue/tree/catalogue/definition.cc" "catalogue/CMakeFiles/waymark_catalogue.dir/definition.cc.o" "gcc" "catalogue/CMakeFiles/waymark_catalogue.dir/definition.cc.o.d"
  "/tmp/catalogue/tree/catalogue/figures.cc" "catalogue/CMakeFiles/waymark_catalogue.dir/figures.cc.o" "gcc" "catalogue/CMakeFiles/waymark_catalogue.dir/figures.cc.o.d"
  "/tmp/catalogue/tree/catalogue/library.cc" "catalogue/CMakeFiles/waymark_catalogue.dir/library.cc.o" "gcc" "catalogue/CMakeFiles/waymark_catalogue.dir/library.cc.o.d"
  "/tmp/catalogue/tree/catalogue/text_proto.cc" "catalogue/CMakeFiles/waymark_catalogue.dir/text_proto.cc.o" "gcc" "catalogue/CMakeFiles/waymark_catalogue.dir/text_proto.cc.o.d"
  "/tmp/catalogue/tree/catalogue/vocabulary.cc" "catalogue/CMakeFiles/waymark_catalogue.dir/vocabulary.cc.o" "gcc" "catalogue/CMakeFiles/waymark_catalogue.dir/vocabulary.cc.o.d"
  )

# Targets to which this target links.
set(CMAKE_TARGET_LINKED_INFO_FILES
  "/tmp/catalogue/tree/base/CMakeFiles/waymark_base.dir/DependInfo.cmake"
  "/tmp/catalogue/tree/proto/CMakeFiles/waymark_contract.dir/DependInfo.cmake"
  "/tmp/catalogue/tree/proto/CMakeFiles/waymark_messages.dir/DependInfo.cmake"
  "/tmp/catalogue/tree/statistics/CMakeFiles/waymark_statistics.dir/DependInfo.cmake"
  )

# Fortran module output directory.
set(CMAKE_Fortran_TARGET_MODULE_DIR "")
