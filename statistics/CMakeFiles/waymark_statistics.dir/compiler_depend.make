# Empty compiler generated dependencies file for waymark_statistics.
# This may be replaced when dependencies are built.
