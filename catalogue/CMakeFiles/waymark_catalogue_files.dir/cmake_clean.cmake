file(REMOVE_RECURSE
  "../share/waymark/catalogue/areas.textproto"
  "../share/waymark/catalogue/metrics/early_help.textproto"
  "../share/waymark/catalogue/metrics/front_door.textproto"
  "../share/waymark/catalogue/metrics/journeys.textproto"
  "../share/waymark/catalogue/metrics/quality.textproto"
  "../share/waymark/catalogue/metrics/returns.textproto"
  "CMakeFiles/waymark_catalogue_files"
)

# Per-language clean rules from dependency scanning.
foreach(lang )
  include(CMakeFiles/waymark_catalogue_files.dir/cmake_clean_${lang}.cmake OPTIONAL)
endforeach()
