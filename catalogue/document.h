// What the programs that make a document from the catalogue have in common.
#ifndef WAYMARK_CATALOGUE_DOCUMENT_H_
#define WAYMARK_CATALOGUE_DOCUMENT_H_

#include <functional>
#include <string>
#include <vector>

#include "catalogue/library.h"

namespace waymark::catalogue {

// PROGRAM CATALOGUE [--check FILE]: prints what `make` makes of the library, or, with --check, says whether
// FILE is just that. The exit status: 0 done, 1 failed or not current, 2 usage.
int RunDocumentProgram(const std::string& program, const std::vector<std::string>& arguments,
                       const std::function<std::string(const Library&)>& make);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_DOCUMENT_H_
