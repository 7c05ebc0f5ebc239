#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "base/text_table.h"
#include "coordinator/benchmark/published_board.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/figure_text.h"
#include "coordinator/cli/installed_catalogue.h"
#include "coordinator/cli/output.h"
#include "coordinator/federation/configuration.h"
#include "coordinator/federation/state_directory.h"
#include "coordinator/store/open_store.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

void PrintJson(const Json& json) {
  Print(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

absl::Status List(Store& store, bool json) {
  ASSIGN_OR_RETURN(const std::vector<StoredPublishedFile> files, store.ListPublishedFiles());
  TextTable table({"File", "Imported", "SHA-256"});
  Json list = Json::array();
  for (const StoredPublishedFile& file : files) {
    const std::string hash = absl::BytesToHexString(file.hash);
    const std::string imported = FormatTime(file.imported_unix_s);
    table.AddRow({file.name, imported, hash});
    list.push_back({{"file", file.name}, {"imported", imported}, {"sha256", hash}});
  }
  if (json) {
    PrintJson(list);
  } else {
    Print(files.empty() ? "Nothing was imported: name files, or a folder of them.\n" : table.Render());
  }
  return absl::OkStatus();
}

std::string ReportText(const published::Collection& collection) {
  std::string text;
  for (const published::FileRead& file : collection.files()) {
    if (file.layout.empty()) {
      absl::StrAppend(&text, Wrap(absl::StrCat(file.path, ": no layout that is known; left alone")));
      continue;
    }
    absl::StrAppend(&text, Wrap(absl::StrCat(file.path, ": ", file.layout, "; ", file.values, " values of ",
                                             file.cells, " cells, ", file.rows, " rows")));
    for (const std::string& phrase : published::NotTaken(file))
      absl::StrAppend(&text, Wrap(absl::StrCat("- ", phrase)));
  }
  if (collection.rejections().empty()) return text;
  absl::StrAppend(&text, "Not believed:\n");
  for (const std::string& rejection : collection.rejections())
    absl::StrAppend(&text, Wrap(absl::StrCat("- ", rejection)));
  return text;
}

// All that scorecards are made of from now on, what was imported before included.
std::string StoredText(const std::vector<StoredPublishedFile>& stored) {
  std::vector<std::string> names;
  for (const StoredPublishedFile& file : stored) names.push_back(file.name);
  return Wrap(absl::StrCat("Kept now: ", names.size(),
                           names.size() == 1 ? " file: " : " files: ", absl::StrJoin(names, ", ")));
}

Json ReportJson(const published::Collection& collection, const std::vector<StoredPublishedFile>& stored) {
  Json kept = Json::array();
  for (const StoredPublishedFile& file : stored) kept.push_back(file.name);
  Json files = Json::array();
  for (const published::FileRead& file : collection.files()) {
    files.push_back({{"file", file.path},
                     {"layout", file.layout},
                     {"rows", file.rows},
                     {"cells", file.cells},
                     {"values", file.values},
                     {"not_taken", published::NotTaken(file)}});
  }
  return {{"files", files}, {"rejected", collection.rejections()}, {"kept", kept}};
}

}  // namespace

absl::Status ImportPublishedCommand(const OperatorOptions& options, const ImportPublishedOptions& files,
                                    const Clock& clock) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenStore(StoreOf(configuration)));
  if (files.paths.empty()) return List(*store, options.json);
  ASSIGN_OR_RETURN(const catalogue::Library library, LoadLibrary(configuration.catalogue_directory));
  ASSIGN_OR_RETURN(const published::Mapping mapping, LoadMapping(configuration.catalogue_directory, library));
  ASSIGN_OR_RETURN(const published::Collection collection,
                   ImportPublished(files.paths, files.alone, mapping, clock, *store));
  ASSIGN_OR_RETURN(const std::vector<StoredPublishedFile> stored, store->ListPublishedFiles());
  if (options.json) {
    PrintJson(ReportJson(collection, stored));
  } else {
    Print(ReportText(collection) + StoredText(stored));
  }
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
