# COIN-OR Clp, a linear-programming solver, as Clp::Clp. Its own pkg-config names what only a static library needs.
find_path(CLP_INCLUDE_DIR coin/ClpSimplex.hpp)
find_library(CLP_LIBRARY Clp)
find_library(COINUTILS_LIBRARY CoinUtils)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Clp REQUIRED_VARS CLP_LIBRARY COINUTILS_LIBRARY CLP_INCLUDE_DIR)
mark_as_advanced(CLP_INCLUDE_DIR CLP_LIBRARY COINUTILS_LIBRARY)
if(Clp_FOUND AND NOT TARGET Clp::Clp)
  add_library(Clp::Clp SHARED IMPORTED)
  # Its headers include one another without their folder's name.
  set_target_properties(Clp::Clp PROPERTIES
    IMPORTED_LOCATION ${CLP_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES "${CLP_INCLUDE_DIR};${CLP_INCLUDE_DIR}/coin"
    INTERFACE_LINK_LIBRARIES ${COINUTILS_LIBRARY})
endif()
