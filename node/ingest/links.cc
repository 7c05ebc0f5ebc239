#include "node/ingest/links.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "node/ingest/table_reader.h"

namespace waymark::node {

bool SourceLinks::Add(absl::string_view person, absl::string_view linked) {
  const auto [at, is_new] = linked_.try_emplace(person, linked);
  return is_new || at->second == linked;
}

absl::string_view SourceLinks::Linked(absl::string_view person) {
  if (const auto found = linked_.find(person); found != linked_.end()) return found->second;
  const absl::MutexLock lock(&mutex_);
  unlinked_.emplace(person);
  return person;
}

std::int64_t SourceLinks::unlinked() const {
  const absl::MutexLock lock(&mutex_);
  return static_cast<std::int64_t>(unlinked_.size());
}

absl::StatusOr<Links> ReadLinks(const LinksConfig& config, const std::set<std::string>& sources) {
  ASSIGN_OR_RETURN(TableReader table, TableReader::Open(config.path, config.csv));
  const Column source = table.Required({config.source});
  const Column person = table.Required({config.person});
  const Column linked = table.Required({config.linked});
  RETURN_IF_ERROR(table.FinishColumns());
  Links links;
  FileReport report;
  const auto wrong = [&](absl::string_view what) {
    return absl::InvalidArgumentError(absl::StrCat(config.path, ":", table.line(), ": ", what));
  };
  while (true) {
    ASSIGN_OR_RETURN(const bool any, table.Next(report));
    if (!report.left_out.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(config.path, ":",
                                                     report.left_out.begin()->second.lines().front(), ": ",
                                                     report.left_out.begin()->first));
    }
    if (!any) return links;
    if (table.Get(source).empty() || table.Get(person).empty() || table.Get(linked).empty()) {
      return wrong(
          absl::StrCat("a blank; expected ", config.source, ", ", config.person, " and ", config.linked));
    }
    const std::string name(table.Get(source));
    if (!sources.contains(name)) {
      return wrong(
          absl::StrCat("\"", name, "\" is the name of no [[source]]; they are ",
                       sources.empty() ? "without one: give each a `name`" : absl::StrJoin(sources, ", ")));
    }
    if (!links[name].Add(table.Get(person), table.Get(linked))) {
      return wrong(
          "this person of this source is linked to another id in a line before; one of the two is wrong");
    }
  }
}

}  // namespace waymark::node
