file(REMOVE_RECURSE
  "libwaymark_statistics.a"
)
