# SOCI 4.0: its core, as SOCI::core. Debian ships no CMake configuration for it. Back ends (SQLite, PostgreSQL, ODBC) are
# loaded when a connection asks for one, so none is linked and a node without a database needs none installed.
find_path(SOCI_INCLUDE_DIR soci/soci.h)
find_library(SOCI_CORE_LIBRARY soci_core)
if(SOCI_INCLUDE_DIR)
  file(STRINGS ${SOCI_INCLUDE_DIR}/soci/version.h soci_version_line REGEX "define SOCI_LIB_VERSION \"")
  string(REGEX MATCH "[0-9]+_[0-9]+_[0-9]+" SOCI_VERSION "${soci_version_line}")
  string(REPLACE "_" "." SOCI_VERSION "${SOCI_VERSION}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SOCI REQUIRED_VARS SOCI_CORE_LIBRARY SOCI_INCLUDE_DIR VERSION_VAR SOCI_VERSION)
mark_as_advanced(SOCI_INCLUDE_DIR SOCI_CORE_LIBRARY)
if(SOCI_FOUND AND NOT TARGET SOCI::core)
  add_library(SOCI::core SHARED IMPORTED)
  set_target_properties(SOCI::core PROPERTIES
    IMPORTED_LOCATION ${SOCI_CORE_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${SOCI_INCLUDE_DIR}
    INTERFACE_LINK_LIBRARIES ${CMAKE_DL_LIBS})
endif()
