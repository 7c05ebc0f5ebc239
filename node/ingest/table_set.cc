#include "node/ingest/table_set.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "node/ingest/database.h"

namespace waymark::node {
namespace {

class Folder final : public TableSet {
 public:
  Folder(std::string path, const CsvOptions& csv) : path_(std::move(path)), csv_(csv) {}

  bool Has(absl::string_view table) const override { return FileExists(NameOf(table)); }
  std::string NameOf(absl::string_view table) const override {
    return absl::StrCat(path_, "/", table, ".csv");
  }
  absl::StatusOr<TableReader> Read(absl::string_view table) override {
    return TableReader::Open(NameOf(table), csv_);
  }

 private:
  std::string path_;
  CsvOptions csv_;
};

class OfDatabase final : public TableSet {
 public:
  OfDatabase(std::unique_ptr<Database> database, std::vector<std::string> tables,
             const DatabaseConfig& config)
      : database_(std::move(database)), tables_(std::move(tables)), config_(config) {}

  bool Has(absl::string_view table) const override {
    return std::any_of(tables_.begin(), tables_.end(), [&](const std::string& full) {
      const auto dot = full.rfind('.');
      if (dot == std::string::npos) return absl::EqualsIgnoreCase(full, table);
      return absl::EqualsIgnoreCase(full.substr(dot + 1), table) &&
             (config_.schema.empty() || absl::EqualsIgnoreCase(full.substr(0, dot), config_.schema));
    });
  }
  std::string NameOf(absl::string_view table) const override {
    return absl::StrCat(config_.connection, " table ", table);
  }
  absl::StatusOr<TableReader> Read(absl::string_view table) override {
    ASSIGN_OR_RETURN(std::unique_ptr<RowSource> rows, database_->ReadTable(table));
    return TableReader(std::move(rows));
  }

 private:
  std::unique_ptr<Database> database_;
  std::vector<std::string> tables_;
  DatabaseConfig config_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<TableSet>> TableSet::Open(const SourceConfig& config) {
  if (!config.database) return std::make_unique<Folder>(config.path, config.csv);
  ASSIGN_OR_RETURN(std::unique_ptr<Database> database, Database::Open(*config.database));
  ASSIGN_OR_RETURN(std::vector<std::string> tables, database->Tables());
  return std::make_unique<OfDatabase>(std::move(database), std::move(tables), *config.database);
}

}  // namespace waymark::node
