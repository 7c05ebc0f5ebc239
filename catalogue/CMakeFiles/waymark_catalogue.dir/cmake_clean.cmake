file(REMOVE_RECURSE
  "CMakeFiles/waymark_catalogue.dir/checks.cc.o"
  "CMakeFiles/waymark_catalogue.dir/checks.cc.o.d"
  "CMakeFiles/waymark_catalogue.dir/cohort_checks.cc.o"
  "CMakeFiles/waymark_catalogue.dir/cohort_checks.cc.o.d"
  "CMakeFiles/waymark_catalogue.dir/columns.cc.o"
  "CMakeFiles/waymark_catalogue.dir/columns.cc.o.d"
  "CMakeFiles/waymark_catalogue.dir/definition.cc.o"
  "CMakeFiles/waymark_catalogue.dir/definition.cc.o.d"
  "CMakeFiles/waymark_catalogue.dir/figures.cc.o"
  "CMakeFiles/waymark_catalogue.dir/figures.cc.o.d"
  "CMakeFiles/waymark_catalogue.dir/library.cc.o"
  "CMakeFiles/waymark_catalogue.dir/library.cc.o.d"
  "CMakeFiles/waymark_catalogue.dir/text_proto.cc.o"
  "CMakeFiles/waymark_catalogue.dir/text_proto.cc.o.d"
  "CMakeFiles/waymark_catalogue.dir/vocabulary.cc.o"
  "CMakeFiles/waymark_catalogue.dir/vocabulary.cc.o.d"
  "libwaymark_catalogue.a"
  "libwaymark_catalogue.pdb"
)

# Per-language clean rules from dependency scanning.
foreach(lang CXX)
  include(CMakeFiles/waymark_catalogue.dir/cmake_clean_${lang}.cmake OPTIONAL)
endforeach()
