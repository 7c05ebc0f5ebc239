#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "base/file.h"
#include "base/status.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/installed_catalogue.h"
#include "coordinator/cli/output.h"
#include "coordinator/export/figure_table.h"
#include "coordinator/export/workbook.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

constexpr unsigned kFileMode = 0644;

std::string FileNameOf(const std::string& metric) {
  return absl::StrCat("metric-", metric, ".csv");
}

// What all tables are made with.
struct Context {
  const catalogue::Library& library;
  const contract::Successions& successions;
};

PublishedTable TableOf(v1::ExportPart part, const Context& context) {
  PublishedTable table{.figures = {},
                       .round_id = part.round_id(),
                       .published_unix_s = part.published_unix_s(),
                       .editions = part.editions(),
                       .successions = context.successions};
  table.figures.assign(std::make_move_iterator(part.mutable_figures()->begin()),
                       std::make_move_iterator(part.mutable_figures()->end()));
  return table;
}

// A file that has its name only when it is whole. Its lines are of many tables, under one header.
class TableFile {
 public:
  TableFile(const std::string& folder, const std::string& metric, const Context& context)
      : context_(context),
        path_(PathUnder(folder, FileNameOf(metric))),
        unfinished_(path_ + ".part"),
        out_(unfinished_) {}

  void Add(v1::ExportPart part) {
    publications_.emplace(part.version(), part.period());
    const PublishedTable table = TableOf(std::move(part), context_);
    const std::string csv = FigureTableCsv(table, context_.library);
    out_ << absl::string_view(csv).substr(has_header_ ? csv.find('\n') + 1 : 0);
    has_header_ = true;
    figures_ += table.figures.size();
  }

  std::size_t figures() const { return figures_; }
  std::size_t publications() const { return publications_.size(); }

  absl::Status Finish() {
    out_.close();
    std::error_code error;
    if (out_) std::filesystem::rename(unfinished_, path_, error);
    if (!out_ || error) {
      return absl::UnavailableError(
          absl::StrCat(path_, ": cannot be written; is the disk full, the folder yours?"));
    }
    return absl::OkStatus();
  }

 private:
  const Context context_;
  const std::string path_;
  const std::string unfinished_;
  std::ofstream out_;
  bool has_header_ = false;
  std::size_t figures_ = 0;
  std::set<std::pair<std::uint32_t, std::string>> publications_;
};

absl::Status ExportTables(Connection& connection, const Context& context, const std::string& folder,
                          Json& json) {
  std::map<std::string, TableFile> files;
  RETURN_IF_ERROR(connection.Export({}, [&](v1::ExportPart part) {
    const std::string metric = part.metric();
    files.try_emplace(metric, folder, metric, context).first->second.Add(std::move(part));
    return absl::OkStatus();
  }));
  for (auto& [id, file] : files) {
    const v1::Metric* const metric = context.library.Find(id);
    RETURN_IF_ERROR(WriteFileAtomically(
        absl::StrCat(PathUnder(folder, FileNameOf(id)), "-metadata.json"),
        FigureTableMetadata(FileNameOf(id), metric == nullptr ? id : metric->title()), kFileMode));
    RETURN_IF_ERROR(file.Finish());
    json.push_back(
        {{"file", FileNameOf(id)}, {"figures", file.figures()}, {"publications", file.publications()}});
  }
  return absl::OkStatus();
}

// One workbook a publication, since parts of one follow each other.
class Workbooks {
 public:
  Workbooks(const std::string& folder, const Context& context, Json& json)
      : folder_(folder), context_(context), json_(json) {}

  absl::Status Add(v1::ExportPart part) {
    // The version too: two of a period are two publications.
    const std::string name = absl::StrCat("metric-", part.metric(), "-version-", part.version(), "-",
                                          absl::StrReplaceAll(part.period(), {{"..", "-to-"}}), ".xlsx");
    if (name != name_) {
      RETURN_IF_ERROR(Finish());
      name_ = name;
      workbook_ = std::make_unique<FigureWorkbook>(PathUnder(folder_, name), context_.library);
    }
    workbook_->Add(TableOf(std::move(part), context_));
    return absl::OkStatus();
  }

  absl::Status Finish() {
    if (workbook_ == nullptr) return absl::OkStatus();
    RETURN_IF_ERROR(workbook_->Finish());
    json_.push_back({{"file", name_}, {"figures", workbook_->rows()}, {"left_out", workbook_->left_out()}});
    workbook_.reset();
    return absl::OkStatus();
  }

 private:
  const std::string& folder_;
  const Context context_;
  Json& json_;
  std::string name_;
  std::unique_ptr<FigureWorkbook> workbook_;
};

std::string LineOf(const Json& file) {
  std::string line =
      absl::StrCat(file["file"].get<std::string>(), ": ", file["figures"].get<std::size_t>(), " figures");
  if (file.contains("publications")) {
    const auto publications = file["publications"].get<std::size_t>();
    absl::StrAppend(&line, " of ", publications, publications == 1 ? " publication" : " publications");
  }
  if (file.contains("left_out") && !file["left_out"].empty()) {
    absl::StrAppend(&line, "; too many rows for a workbook, so without ",
                    absl::StrJoin(file["left_out"].get<std::vector<std::string>>(), ", "));
  }
  return line + "\n";
}

}  // namespace

absl::Status ExportCommand(const QueryOptions& options, const std::string& folder, bool as_workbooks) {
  ASSIGN_OR_RETURN(const catalogue::Library library, LoadLibrary(options.catalogue));
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  ASSIGN_OR_RETURN(const contract::Successions successions, connection->Successions());
  const Context context{library, successions};
  RETURN_IF_ERROR(MakeDirectories(folder, 0755));
  Json json = Json::array();
  if (as_workbooks) {
    Workbooks workbooks(folder, context, json);
    RETURN_IF_ERROR(
        connection->Export({}, [&](v1::ExportPart part) { return workbooks.Add(std::move(part)); }));
    RETURN_IF_ERROR(workbooks.Finish());
  } else {
    RETURN_IF_ERROR(ExportTables(*connection, context, folder, json));
  }
  if (options.json) {
    Print(json.dump(2) + "\n");
  } else {
    for (const Json& file : json) Print(LineOf(file));
  }
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
