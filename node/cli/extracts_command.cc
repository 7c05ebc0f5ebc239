#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/day.h"
#include "base/file.h"
#include "base/status.h"
#include "base/text_table.h"
#include "node/cli/commands.h"
#include "node/ingest/extract_store.h"
#include "node/site/configuration.h"

namespace waymark::node {
namespace {

void Print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void PrintHeads(const std::vector<ExtractHead>& heads, bool json) {
  auto list = nlohmann::ordered_json::array();
  TextTable table({"source", "from", "as at", ">records"});
  for (const ExtractHead& head : heads) {
    const std::string from = FormatDay(head.window.from);
    const std::string as_at = FormatDay(head.window.extract);
    list.push_back({{"source", head.source},
                    {"covered_from", from},
                    {"extract_date", as_at},
                    {"records", head.records}});
    table.AddRow({head.source, from, as_at, absl::StrCat(head.records)});
  }
  if (json) return Print(absl::StrCat(list.dump(1), "\n"));
  Print(heads.empty() ? "no extracts are held\n" : table.Render());
}

std::string KindOf(const FlatRecord& record) {
  constexpr const char* kLevelNames[] = {"early help", "child in need", "child protection", "looked after"};
  constexpr const char* kStepNames[] = {"early-help assessment", "assessment", "section 47 enquiry", "plan"};
  const auto part = static_cast<std::size_t>(record.sub);
  switch (record.kind) {
    case FlatRecord::Kind::kEpisode:
      return kLevelNames[part];
    case FlatRecord::Kind::kStep:
      return kStepNames[part];
    case FlatRecord::Kind::kReferral:
      return "referral";
    case FlatRecord::Kind::kContact:
      return "contact";
    case FlatRecord::Kind::kPerson:
      return "child";
  }
  return "";
}

void PrintChanges(const ExtractHistory& history) {
  constexpr const char* kNames[] = {"changed", "deleted", "lost"};
  TextTable table({"", "record", "child", "id", "start", "end"});
  for (const auto& [change, record] : history.examples) {
    table.AddRow({kNames[static_cast<int>(change)], KindOf(record), record.person, record.id().value_or(""),
                  FormatDay(record.start()), record.end() == kNoDay ? "" : FormatDay(record.end())});
  }
  Print(history.examples.empty()
            ? "the latest extract changed, deleted and lost nothing\n"
            : absl::StrCat("As they were before the latest extract; at most 20 of each. Children's "
                           "ids: not for others.\n",
                           table.Render()));
}

absl::Status Remove(ExtractStore& store, const std::vector<ExtractHead>& heads,
                    const ExtractsOptions& options) {
  std::vector<Day> days;
  if (options.remove == "all") {
    for (const ExtractHead& head : heads) days.push_back(head.window.extract);
  } else {
    const std::optional<Day> day = ParseIsoDay(options.remove);
    if (!day) return absl::InvalidArgumentError("--remove: expected a date as 2025-03-31, or all");
    days.push_back(*day);
  }
  bool any = false;
  for (const Day day : days) {
    ASSIGN_OR_RETURN(const bool removed, store.Remove(options.source, day));
    any = any || removed;
  }
  if (any) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat("no extract of ", options.source, " with that date is held"));
}

}  // namespace

absl::Status ExtractsCommand(const CommonOptions& common, const ExtractsOptions& options) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(common.config));
  std::vector<std::string> names;
  std::string path;
  for (const SourceConfig& source : configuration.sources) {
    if (source.accumulate) names.push_back(source.name);
    path = source.store;
  }
  if (options.source.empty() && (options.changes || !options.remove.empty())) {
    return absl::InvalidArgumentError(absl::StrCat("name the source too, with --source; there ",
                                                   names.empty()
                                                       ? "is none that accumulates extracts"
                                                       : absl::StrCat("are ", absl::StrJoin(names, ", "))));
  }
  if (!FileExists(path)) {
    PrintHeads({}, common.json);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const auto store, ExtractStore::Open(path));
  const auto list = [&] { return options.source.empty() ? store->List() : store->List(options.source); };
  ASSIGN_OR_RETURN(std::vector<ExtractHead> heads, list());
  if (!options.remove.empty()) {
    RETURN_IF_ERROR(Remove(*store, heads, options));
    ASSIGN_OR_RETURN(heads, list());
  }
  if (options.changes) {
    ASSIGN_OR_RETURN(std::vector<Extract> extracts, store->Load(options.source));
    PrintChanges(Merge(std::move(extracts)));
    return absl::OkStatus();
  }
  PrintHeads(heads, common.json);
  return absl::OkStatus();
}

}  // namespace waymark::node
