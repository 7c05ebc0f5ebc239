// waymark-document-data-model CATALOGUE [--check FILE]: prints docs/data-model.md as the contract makes it,
// or, with
// --check, says whether FILE is current (exit status 1 where it is not).
#include "catalogue/document.h"
#include "node/model/data_model.h"

int main(int argc, char** argv) {
  return waymark::catalogue::RunDocumentProgram("waymark-document-data-model",
                                                std::vector<std::string>(argv + 1, argv + argc),
                                                waymark::node::DataModelMarkdown);
}
