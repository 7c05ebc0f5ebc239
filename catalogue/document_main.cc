// waymark-document-metrics CATALOGUE [--check FILE]: prints docs/metrics.md as the catalogue makes it, or,
// with --check, says whether FILE is current (exit status 1 where it is not).
#include <cstdio>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "catalogue/explain.h"
#include "catalogue/library.h"

namespace waymark::catalogue {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr std::size_t kLargestDocument = 4 << 20;

int Failed(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return kFailed;
}

int Run(const std::vector<std::string>& arguments) {
  const bool check = arguments.size() == 3 && arguments[1] == "--check";
  if (arguments.size() != 1 && !check) {
    std::fprintf(stderr, "usage: waymark-document-metrics CATALOGUE [--check FILE]\n");
    return kUsage;
  }
  const absl::StatusOr<Library> library = Library::Load(arguments[0]);
  if (!library.ok()) return Failed(library.status());
  const std::string document = MetricsMarkdown(*library);
  if (!check) {
    std::fwrite(document.data(), 1, document.size(), stdout);
    return kDone;
  }
  const absl::StatusOr<std::string> written = ReadFile(arguments[2], kLargestDocument);
  if (!written.ok()) return Failed(written.status());
  if (*written == document) return kDone;
  std::fprintf(stderr, "%s is not what the catalogue makes; run waymark-document-metrics %s > %s\n",
               arguments[2].c_str(), arguments[0].c_str(), arguments[2].c_str());
  return kFailed;
}

}  // namespace
}  // namespace waymark::catalogue

int main(int argc, char** argv) {
  return waymark::catalogue::Run(std::vector<std::string>(argv + 1, argv + argc));
}
