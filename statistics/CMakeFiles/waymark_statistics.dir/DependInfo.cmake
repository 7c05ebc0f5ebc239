
# Consider dependencies only in project.
set(CMAKE_DEPENDS_IN_PROJECT_ONLY OFF)

# The set of languages for which implicit dependencies are needed:
set(CMAKE_DEPENDS_LANGUAGES
  )

# The set of dependency files which are needed:
set(CMAKE_DEPENDS_DEPENDENCY_FILES
  "/tmp/catalogue/tree/statistics/binned.cc" "statistics/CMakeFiles/waymark_statistics.dir/binned.cc.o" "gcc" "statistics/CMakeFiles/waymark_statistics.dir/binned.cc.o.d"
  "/tmp/catalogue/tree/statistics/intervals.cc" "statistics/CMakeFiles/waymark_statistics.dir/intervals.cc.o" "gcc" "statistics/CMakeFiles/waymark_statistics.dir/intervals.cc.o.d"
  "/tmp/catalogue/tree/statistics/noise_interval.cc" "statistics/CMakeFiles/waymark_statistics.dir/noise_interval.cc.o" "gcc" "statistics/CMakeFiles/waymark_statistics.dir/noise_interval.cc.o.d"
  "/tmp/catalogue/tree/statistics/quartiles.cc" "statistics/CMakeFiles/waymark_statistics.dir/quartiles.cc.o" "gcc" "statistics/CMakeFiles/waymark_statistics.dir/quartiles.cc.o.d"
  "/tmp/catalogue/tree/statistics/survival.cc" "statistics/CMakeFiles/waymark_statistics.dir/survival.cc.o" "gcc" "statistics/CMakeFiles/waymark_statistics.dir/survival.cc.o.d"
  )

# Targets to which this target links.
set(CMAKE_TARGET_LINKED_INFO_FILES
  "/tmp/catalogue/tree/base/CMakeFiles/waymark_base.dir/DependInfo.cmake"
  )

# Fortran module output directory.
set(CMAKE_Fortran_TARGET_MODULE_DIR "")
