#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/installed_catalogue.h"
#include "coordinator/cli/output.h"
#include "coordinator/export/figure_table.h"

namespace waymark::coordinator {
namespace {

constexpr int kCouncilsAtOnce = 20;
constexpr unsigned kFileMode = 0644;

std::string FileNameOf(const std::string& metric) {
  return absl::StrCat("metric-", metric, ".csv");
}

// A file that has its name only when it is whole. Its lines are of many tables, under one header.
class TableFile {
 public:
  struct Context {
    const catalogue::Library& library;
    const contract::Successions& successions;
  };
  TableFile(const std::string& folder, const std::string& metric, const Context& context)
      : context_(context),
        path_(PathUnder(folder, FileNameOf(metric))),
        unfinished_(path_ + ".part"),
        out_(unfinished_) {}

  void Add(v1::QueryResponse response) {
    PublishedTable table{.figures = {},
                         .round_id = response.round_id(),
                         .published_unix_s = response.published_unix_s(),
                         .successions = context_.successions};
    table.figures.assign(std::make_move_iterator(response.mutable_figures()->begin()),
                         std::make_move_iterator(response.mutable_figures()->end()));
    const std::string csv = FigureTableCsv(table, context_.library);
    out_ << absl::string_view(csv).substr(has_header_ ? csv.find('\n') + 1 : 0);
    has_header_ = true;
    figures_ += table.figures.size();
  }

  // How many figures there are.
  absl::StatusOr<std::size_t> Finish() {
    out_.close();
    std::error_code error;
    if (out_) std::filesystem::rename(unfinished_, path_, error);
    if (!out_ || error) {
      return absl::UnavailableError(
          absl::StrCat(path_, ": cannot be written; is the disk full, the folder yours?"));
    }
    return figures_;
  }

 private:
  const Context context_;
  const std::string path_;
  const std::string unfinished_;
  std::ofstream out_;
  bool has_header_ = false;
  std::size_t figures_ = 0;
};

// All places of one published table: above councils, then councils, some at a time.
absl::Status ExportTable(Connection& connection, v1::QueryRequest request, TableFile& file) {
  ASSIGN_OR_RETURN(const v1::QueryResponse above, connection.Query(request));
  const bool is_secure = !above.figures().empty() && above.figures(0).mode() == v1::MODE_SECURE_SUM;
  file.Add(above);
  for (int first = 0; !is_secure && first < above.coverage_size(); first += kCouncilsAtOnce) {
    request.clear_geographies();
    const int end = std::min(first + kCouncilsAtOnce, above.coverage_size());
    for (int i = first; i < end; ++i) request.add_geographies(above.coverage(i).council());
    ASSIGN_OR_RETURN(const v1::QueryResponse councils, connection.Query(request));
    file.Add(councils);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::size_t> ExportMetric(Connection& connection,
                                         const std::vector<v1::ListPublishedResponse::Entry>& entries,
                                         const TableFile::Context& context, const std::string& folder) {
  const std::string& id = entries.front().metric();
  TableFile file(folder, id, context);
  for (const v1::ListPublishedResponse::Entry& entry : entries) {
    v1::QueryRequest request;
    request.set_metric(id);
    request.set_version(entry.version());
    request.set_period(entry.period());
    RETURN_IF_ERROR(ExportTable(connection, request, file));
    for (const std::string& breakdown : entry.breakdowns()) {
      request.set_breakdown(breakdown);
      RETURN_IF_ERROR(ExportTable(connection, request, file));
    }
  }
  const v1::Metric* const metric = context.library.Find(id);
  RETURN_IF_ERROR(WriteFileAtomically(
      absl::StrCat(PathUnder(folder, FileNameOf(id)), "-metadata.json"),
      FigureTableMetadata(FileNameOf(id), metric == nullptr ? id : metric->title()), kFileMode));
  return file.Finish();
}

}  // namespace

absl::Status ExportCommand(const QueryOptions& options, const std::string& folder) {
  ASSIGN_OR_RETURN(const catalogue::Library library, LoadLibrary(options.catalogue));
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  ASSIGN_OR_RETURN(const v1::ListPublishedResponse listed, connection->ListPublished());
  if (listed.entries().empty())
    return absl::NotFoundError("nothing is published yet, so there is nothing to export");
  ASSIGN_OR_RETURN(const contract::Successions successions, connection->Successions());
  std::map<std::string, std::vector<v1::ListPublishedResponse::Entry>> metrics;
  for (const auto& entry : listed.entries()) metrics[entry.metric()].push_back(entry);
  RETURN_IF_ERROR(MakeDirectories(folder, 0755));
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const auto& [id, entries] : metrics) {
    ASSIGN_OR_RETURN(const std::size_t lines,
                     ExportMetric(*connection, entries, {library, successions}, folder));
    if (!options.json) {
      Print(absl::StrCat(FileNameOf(id), ": ", lines, " figures of ", entries.size(),
                         entries.size() == 1 ? " publication\n" : " publications\n"));
    }
    json.push_back({{"file", FileNameOf(id)}, {"figures", lines}, {"publications", entries.size()}});
  }
  if (options.json) Print(json.dump(2) + "\n");
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
