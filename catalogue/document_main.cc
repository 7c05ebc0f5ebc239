// waymark-document-metrics CATALOGUE [--check FILE]: prints docs/metrics.md as the catalogue makes it, or,
// with --check, says whether FILE is current (exit status 1 where it is not).
#include "catalogue/document.h"
#include "catalogue/explain.h"

int main(int argc, char** argv) {
  return waymark::catalogue::RunDocumentProgram("waymark-document-metrics",
                                                std::vector<std::string>(argv + 1, argv + argc),
                                                waymark::catalogue::MetricsMarkdown);
}
