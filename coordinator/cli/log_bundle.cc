#include "coordinator/cli/log_bundle.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/configuration.h"
#include "base/file.h"
#include "base/status.h"
#include "crypto/merkle_tree.h"
#include "proto/contract/release.h"
#include "proto/contract/revision.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kMaxPinnedBytes = 64 << 10;

class LogChecker {
 public:
  explicit LogChecker(const Pinned& pinned) : pinned_(pinned) {}

  absl::Status Add(const v1::LogEntry& message) {
    ASSIGN_OR_RETURN(contract::LogEntry entry, contract::LogEntryFromProto(message));
    if (!seen_.emplace(entry.kind, entry.subject).second) {
      return absl::DataLossError(absl::StrCat("the log has two of ", contract::NameOf(entry)));
    }
    tree_.Append(contract::LogLeafHash(entry));
    RETURN_IF_ERROR(AddContent(entry, message.content()));
    log_.entries.push_back(std::move(entry));
    return absl::OkStatus();
  }

  absl::StatusOr<CheckedLog> Finish(const contract::SignedLogHead& head) && {
    if (tree_.size() != head.head.size || tree_.Root() != head.head.root) {
      return absl::DataLossError(absl::StrCat(
          "the log's entries are not those of its head: they are ", tree_.size(), " with root ",
          absl::BytesToHexString(tree_.Root()), ", and the head is of ", contract::Describe(head.head)));
    }
    log_.head = head.head;
    log_.withdrawn = withdrawn_.size();
    std::erase_if(log_.publications, [this](const v1::Publication& publication) {
      return withdrawn_.contains(contract::RoundOf(publication.round_id()));
    });
    return std::move(log_);
  }

 private:
  absl::Status AddContent(const contract::LogEntry& entry, const std::string& content) {
    if (entry.kind == v1::LOG_KIND_ROSTER) return AddRoster(content);
    if (entry.kind == v1::LOG_KIND_CATALOGUE) return AddCatalogue(content);
    if (entry.kind == v1::LOG_KIND_ROUND) return AddRound(content);
    const std::string round = contract::RoundOf(entry.subject);
    if (!specs_.contains(round) || withdrawn_.contains(round)) {
      return absl::DataLossError(
          absl::StrCat("the log has the ", contract::NameOf(entry), " and, before it, ",
                       withdrawn_.contains(round) ? "its withdrawal" : "no such round"));
    }
    if (entry.kind == v1::LOG_KIND_PUBLICATION) return AddPublication(content);
    withdrawn_.insert(entry.subject);
    return absl::OkStatus();
  }

  absl::Status AddRoster(const std::string& content) {
    v1::SignedRoster message;
    message.ParseFromString(content);
    ASSIGN_OR_RETURN(contract::SignedRoster roster, contract::SignedRosterFromProto(message));
    if (!pinned_.governance.officers.empty()) {
      RETURN_IF_ERROR(contract::VerifyRoster(roster, pinned_.governance));
    }
    RETURN_IF_ERROR(contract::Follows(roster.roster, roster_).status());
    roster_ = std::move(roster.roster);
    ++log_.rosters;
    return absl::OkStatus();
  }

  absl::Status AddCatalogue(const std::string& content) {
    v1::SignedCatalogue message;
    message.ParseFromString(content);
    ASSIGN_OR_RETURN(contract::SignedCatalogue catalogue, contract::SignedCatalogueFromProto(message));
    if (!pinned_.governance.officers.empty()) {
      RETURN_IF_ERROR(contract::VerifyCatalogue(catalogue, pinned_.governance));
    }
    RETURN_IF_ERROR(contract::Follows(catalogue.catalogue, catalogue_).status());
    catalogue_ = std::move(catalogue.catalogue);
    ++log_.catalogues;
    return absl::OkStatus();
  }

  absl::Status AddRound(const std::string& content) {
    v1::RoundSpec message;
    message.ParseFromString(content);
    ASSIGN_OR_RETURN(contract::RoundSpec spec, contract::RoundSpecFromProto(message));
    if (pinned_.governance.signs_catalogue) {
      if (catalogue_) RETURN_IF_ERROR(contract::CheckDefinitions(spec, *catalogue_));
      log_.rounds_before_catalogue += catalogue_ ? 0 : 1;
    }
    const std::string id = spec.round_id;
    specs_.emplace(id, std::move(spec));
    ++log_.rounds;
    return absl::OkStatus();
  }

  absl::Status AddPublication(const std::string& content) {
    v1::Publication publication;
    publication.ParseFromString(content);
    if (const auto edition = contract::ParseEditionId(publication.round_id())) {
      const std::string before = edition->number == 2
                                     ? edition->round_id
                                     : contract::EditionId(edition->round_id, edition->number - 1);
      if (!seen_.contains({v1::LOG_KIND_PUBLICATION, before})) {
        return absl::DataLossError(absl::StrCat("the log has edition ", publication.round_id(),
                                                " and, before it, no ", before, ", which it replaces"));
      }
    }
    const std::vector<contract::RoundItem>& asked =
        specs_.at(contract::RoundOf(publication.round_id())).items;
    bool answers = static_cast<std::size_t>(publication.items_size()) == asked.size();
    for (std::size_t i = 0; answers && i < asked.size(); ++i) {
      const v1::Publication::Item& item = publication.items(static_cast<int>(i));
      answers = item.metric() == asked[i].metric && item.version() == asked[i].version &&
                item.period() == asked[i].period && item.mode() == asked[i].mode;
    }
    if (!answers) {
      return absl::DataLossError(absl::StrCat("what round ", publication.round_id(),
                                              " published is not what the log says that it asked"));
    }
    log_.publications.push_back(std::move(publication));
    return absl::OkStatus();
  }

  const Pinned& pinned_;
  CheckedLog log_;
  crypto::MerkleAccumulator tree_;
  std::set<std::pair<v1::LogKind, std::string>> seen_;
  std::optional<contract::RosterEpoch> roster_;
  std::optional<contract::CatalogueVersion> catalogue_;
  std::map<std::string, contract::RoundSpec> specs_;
  std::set<std::string> withdrawn_;  // rounds
};

}  // namespace

absl::StatusOr<Pinned> ReadPinned(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxPinnedBytes));
  ASSIGN_OR_RETURN(ConfigTable table, ConfigTable::Parse(text, path));
  Pinned pinned;
  const std::string digits =
      table.String("coordinator_key", "it stands in a join file, and in a node's client.toml");
  const auto key = contract::BytesFromHex(digits, contract::kKeyBytes);
  if (!digits.empty() && !key) table.Fail("coordinator_key", "expected 64 hexadecimal digits");
  pinned.coordinator_key = key.value_or("");
  pinned.governance = contract::ReadGovernance(table);
  table.AllowAll();
  RETURN_IF_ERROR(table.Finish());
  return pinned;
}

absl::StatusOr<CheckedLog> CheckLog(const v1::LogBundle& bundle, const Pinned& pinned) {
  ASSIGN_OR_RETURN(const contract::SignedLogHead head, contract::SignedLogHeadFromProto(bundle.head()));
  RETURN_IF_ERROR(contract::VerifyHead(head, pinned.coordinator_key));
  LogChecker checker(pinned);
  for (int i = 0; i < bundle.entries_size(); ++i) {
    RETURN_IF_ERROR(WithContext(checker.Add(bundle.entries(i)), absl::StrCat("entry ", i)));
  }
  return std::move(checker).Finish(head);
}

}  // namespace waymark::coordinator
