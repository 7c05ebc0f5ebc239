file(REMOVE_RECURSE
  "libwaymark_catalogue.a"
)
