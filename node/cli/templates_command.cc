#include <cstdio>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "node/cli/commands.h"
#include "node/ingest/template_tables.h"

namespace waymark::node {
namespace {

constexpr unsigned kFolderMode = 0750;
constexpr unsigned kFileMode = 0640;

}  // namespace

absl::Status TemplatesCommand(const std::string& directory) {
  RETURN_IF_ERROR(MakeDirectories(directory, kFolderMode));
  for (const TemplateTable& table : TemplateTables()) {
    const std::string path = PathUnder(directory, absl::StrCat(table.name, ".csv"));
    if (FileExists(path)) {
      std::printf("%s is there already: left as it is\n", path.c_str());
      continue;
    }
    RETURN_IF_ERROR(WriteFileAtomically(path, HeaderLine(table), kFileMode));
    std::printf("%s: %s\n", path.c_str(), std::string(table.meaning).c_str());
  }
  return absl::OkStatus();
}

}  // namespace waymark::node
