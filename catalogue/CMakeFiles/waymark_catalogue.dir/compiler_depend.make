# Empty compiler generated dependencies file for waymark_catalogue.
# This may be replaced when dependencies are built.
