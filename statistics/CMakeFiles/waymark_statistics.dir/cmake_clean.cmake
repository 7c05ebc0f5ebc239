file(REMOVE_RECURSE
  "CMakeFiles/waymark_statistics.dir/binned.cc.o"
  "CMakeFiles/waymark_statistics.dir/binned.cc.o.d"
  "CMakeFiles/waymark_statistics.dir/intervals.cc.o"
  "CMakeFiles/waymark_statistics.dir/intervals.cc.o.d"
  "CMakeFiles/waymark_statistics.dir/noise_interval.cc.o"
  "CMakeFiles/waymark_statistics.dir/noise_interval.cc.o.d"
  "CMakeFiles/waymark_statistics.dir/quartiles.cc.o"
  "CMakeFiles/waymark_statistics.dir/quartiles.cc.o.d"
  "CMakeFiles/waymark_statistics.dir/survival.cc.o"
  "CMakeFiles/waymark_statistics.dir/survival.cc.o.d"
  "libwaymark_statistics.a"
  "libwaymark_statistics.pdb"
)

# Per-language clean rules from dependency scanning.
foreach(lang CXX)
  include(CMakeFiles/waymark_statistics.dir/cmake_clean_${lang}.cmake OPTIONAL)
endforeach()
