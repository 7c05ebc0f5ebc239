# Empty custom commands generated dependencies file for waymark_catalogue_files.
# This may be replaced when dependencies are built.
