#include "catalogue/document.h"

#include <cstdio>

#include "base/file.h"
#include "base/status.h"

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

}  // namespace

int RunDocumentProgram(const std::string& program, const std::vector<std::string>& arguments,
                       const std::function<std::string(const Library&)>& make) {
  const bool check = arguments.size() == 3 && arguments[1] == "--check";
  if (arguments.size() != 1 && !check) {
    std::fprintf(stderr, "usage: %s CATALOGUE [--check FILE]\n", program.c_str());
    return kUsage;
  }
  const absl::StatusOr<Library> library = Library::Load(arguments[0]);
  if (!library.ok()) return Failed(library.status());
  const std::string document = make(*library);
  if (!check) {
    std::fwrite(document.data(), 1, document.size(), stdout);
    return kDone;
  }
  const absl::StatusOr<std::string> written = ReadFile(arguments[2], kLargestDocument);
  if (!written.ok()) return Failed(written.status());
  if (*written == document) return kDone;
  std::fprintf(stderr, "%s is not current; run %s %s > %s\n", arguments[2].c_str(), program.c_str(),
               arguments[0].c_str(), arguments[2].c_str());
  return kFailed;
}

}  // namespace waymark::catalogue
