#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "base/text_table.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/connection.h"
#include "coordinator/cli/log_bundle.h"
#include "coordinator/cli/output.h"
#include "coordinator/cli/published_check.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t kEntriesAtOnce = 500;

// Everything under the coordinator's present head.
absl::StatusOr<v1::LogBundle> Fetch(Connection& connection) {
  v1::LogBundle bundle;
  ASSIGN_OR_RETURN(const v1::LogHeadResponse head, connection.LogHead());
  *bundle.mutable_head() = head.head();
  std::size_t bytes = 0;
  const auto entries = [&bundle] { return static_cast<std::uint64_t>(bundle.entries_size()); };
  while (entries() < bundle.head().head().size()) {
    const std::uint64_t left = bundle.head().head().size() - entries();
    v1::LogEntriesRequest request;
    request.set_from(entries());
    request.set_most(static_cast<std::uint32_t>(std::min<std::uint64_t>(left, kEntriesAtOnce)));
    ASSIGN_OR_RETURN(v1::LogEntriesResponse response, connection.LogEntries(request));
    if (response.entries_size() == 0 || static_cast<std::uint64_t>(response.entries_size()) > left) {
      return absl::DataLossError(absl::StrCat("the coordinator's log is to have ",
                                              bundle.head().head().size(),
                                              " entries, and it gives none after ", entries()));
    }
    bytes += response.ByteSizeLong();
    if (bytes > kMostBundleBytes) {
      return absl::ResourceExhaustedError(absl::StrCat("the log is larger than ", kMostBundleBytes >> 20,
                                                       " MB, more than this program holds"));
    }
    for (v1::LogEntry& entry : *response.mutable_entries()) *bundle.add_entries() = std::move(entry);
  }
  return bundle;
}

struct Opened {
  std::unique_ptr<Connection> connection;  // none where the log is a file
  v1::LogBundle bundle;
  Pinned pinned;
};

absl::StatusOr<Opened> OpenLog(const QueryOptions& options, const LogOptions& log) {
  Opened opened;
  if (log.bundle.empty()) {
    ASSIGN_OR_RETURN(opened.connection, Connection::Open(options.client));
  } else if (log.pinned.empty()) {
    return absl::InvalidArgumentError(
        "with --bundle, say by --pinned FILE which keys to go by: a node's client.toml, or a join file");
  }
  ASSIGN_OR_RETURN(opened.pinned,
                   ReadPinned(log.pinned.empty() ? opened.connection->client_file() : log.pinned));
  if (opened.connection != nullptr) {
    ASSIGN_OR_RETURN(opened.bundle, Fetch(*opened.connection));
    return opened;
  }
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(log.bundle, kMostBundleBytes));
  if (!opened.bundle.ParseFromString(bytes)) {
    return absl::InvalidArgumentError(
        absl::StrCat(log.bundle, ": is no log as `waymark log verify --save` writes it"));
  }
  return opened;
}

std::size_t LaterEditions(const CheckedLog& log) {
  return static_cast<std::size_t>(
      std::count_if(log.publications.begin(), log.publications.end(),
                    [](const v1::Publication& one) { return !one.revises().empty(); }));
}

void PrintChecked(const CheckedLog& log, const Pinned& pinned,
                  const std::optional<PublishedChecked>& published) {
  Print(absl::StrCat("The log is whole and signed by the pinned key: ", contract::Describe(log.head), ".\n"));
  Print(absl::StrCat(
      log.rosters, " rosters and ", log.catalogues, " catalogues, ",
      pinned.governance.officers.empty()
          ? std::string(
                "each following the one before; no officers are pinned, so nobody's signatures were checked")
          : absl::StrCat("each following the one before and signed by ", pinned.governance.threshold, " of ",
                         pinned.governance.officers.size(), " officers"),
      "; ", log.rounds, " rounds, of which ", log.publications.size() - LaterEditions(log),
      " are published and ", log.withdrawn, " withdrawn.\n"));
  if (LaterEditions(log) > 0) {
    Print(absl::StrCat(LaterEditions(log), " times something was published again, as a later edition.\n"));
  }
  if (log.rounds_before_catalogue > 0) {
    Print(absl::StrCat(log.rounds_before_catalogue,
                       " rounds were opened before the officers had signed a catalogue.\n"));
  }
  if (!published) return;
  Print(absl::StrCat("What is published is what the log says: ", published->figures, " figures, ",
                     published->tables, " tables from which councils' own figures follow, and ",
                     published->benchmarks, " benchmarks as queries give them.\n"));
}

}  // namespace

absl::Status LogVerifyCommand(const QueryOptions& options, const LogOptions& log) {
  ASSIGN_OR_RETURN(const Opened opened, OpenLog(options, log));
  ASSIGN_OR_RETURN(const CheckedLog checked, CheckLog(opened.bundle, opened.pinned));
  std::optional<PublishedChecked> published;
  if (opened.connection != nullptr && !log.no_figures) {
    ASSIGN_OR_RETURN(published, CheckPublished(*opened.connection, checked.publications));
  }
  if (!log.save.empty()) {
    RETURN_IF_ERROR(WriteFileAtomically(log.save, opened.bundle.SerializeAsString(), 0644));
  }
  if (!options.json) {
    PrintChecked(checked, opened.pinned, published);
    return absl::OkStatus();
  }
  Json json = {{"entries", checked.head.size},
               {"root", absl::BytesToHexString(checked.head.root)},
               {"rosters", checked.rosters},
               {"catalogues", checked.catalogues},
               {"rounds_before_catalogue", checked.rounds_before_catalogue},
               {"officers", opened.pinned.governance.officers.size()},
               {"rounds", checked.rounds},
               {"publications", checked.publications.size()},
               {"later_editions", LaterEditions(checked)},
               {"withdrawn", checked.withdrawn}};
  if (published) {
    json["figures"] = published->figures;
    json["tables"] = published->tables;
    json["benchmarks"] = published->benchmarks;
  }
  Print(absl::StrCat(json.dump(1), "\n"));
  return absl::OkStatus();
}

absl::Status LogEntriesCommand(const QueryOptions& options, const LogOptions& log) {
  ASSIGN_OR_RETURN(const Opened opened, OpenLog(options, log));
  ASSIGN_OR_RETURN(const CheckedLog checked, CheckLog(opened.bundle, opened.pinned));
  TextTable table({">entry", "what", "hash"});
  Json json = Json::array();
  for (std::size_t i = 0; i < checked.entries.size(); ++i) {
    const std::string hash = absl::BytesToHexString(checked.entries[i].hash);
    table.AddRow({absl::StrCat(i), contract::NameOf(checked.entries[i]), hash});
    json.push_back({{"entry", i}, {"what", contract::NameOf(checked.entries[i])}, {"hash", hash}});
  }
  Print(options.json
            ? absl::StrCat(json.dump(1), "\n")
            : absl::StrCat(table.empty() ? "" : table.Render(), contract::Describe(checked.head), "\n"));
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
