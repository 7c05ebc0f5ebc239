#include "node/disclose/item_revision.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/disclose/approval.h"
#include "node/disclose/item_answer.h"
#include "node/disclose/revision.h"
#include "proto/contract/revision.h"

namespace waymark::node {
namespace {

const contract::ProtectedTable* TableLike(const std::vector<contract::ProtectedTable>& tables,
                                          const contract::Table& table) {
  const auto at = std::find_if(tables.begin(), tables.end(), [&](const contract::ProtectedTable& one) {
    return KeyOf(one.table) == KeyOf(table);
  });
  return at == tables.end() ? nullptr : &*at;
}

}  // namespace

std::vector<std::string> RevisedQueries(const contract::RoundSpec& spec, const contract::RoundItem& item) {
  std::vector<std::string> hashes;
  const auto id = contract::ParseCorrectionId(spec.round_id);
  if (!id || spec.correction == v1::REVISION_REASON_UNSPECIFIED) return hashes;
  for (std::uint32_t before = id->number; before > 0; --before) {
    hashes.push_back(crypto::Sha256(contract::CanonicalQuery(item, spec.data_version - before)));
  }
  return hashes;
}

std::vector<std::string> RevisedQueries(const contract::RoundSpec& spec) {
  std::vector<std::string> all;
  for (const contract::RoundItem& item : spec.items) {
    const std::vector<std::string> some = RevisedQueries(spec, item);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

absl::StatusOr<std::vector<contract::ProtectedTable>> TablesIn(const v1::Release& stored) {
  std::vector<contract::ProtectedTable> tables;
  for (const v1::ProtectedTable& given : stored.tables()) {
    ASSIGN_OR_RETURN(contract::Table table, contract::TableFromProto(given.table()));
    tables.push_back({.table = std::move(table),
                      .protection = {.suppressed_to = given.protection().suppressed_to(),
                                     .rounded_to = given.protection().rounded_to()}});
  }
  return tables;
}

absl::StatusOr<std::vector<ItemAnswerer::EarlierVersion>> ItemAnswerer::EarlierVersions(
    const contract::RoundSpec& spec, const contract::RoundItem& item) const {
  std::vector<EarlierVersion> versions;
  const std::vector<std::string> hashes = RevisedQueries(spec, item);
  if (hashes.empty()) return versions;
  ASSIGN_OR_RETURN(const std::vector<LedgerEntry> entries, parts_.ledger.Entries());
  for (const std::string& hash : hashes) {
    const auto at = std::find_if(entries.begin(), entries.end(), [&](const LedgerEntry& entry) {
      return entry.kind == EntryKind::kItem && entry.subject == hash;
    });
    if (at == entries.end()) continue;
    ASSIGN_OR_RETURN(const auto payload, parts_.ledger.FindItem(hash));
    EarlierVersion version{.entry = *at, .part = {}, .tables = {}};
    if (!payload || !version.part.ParseFromString(*payload)) {
      return absl::DataLossError("ledger: the stored tables of an item cannot be read");
    }
    ASSIGN_OR_RETURN(version.tables, TablesIn(version.part));
    versions.push_back(std::move(version));
  }
  return versions;
}

absl::Status ItemAnswerer::HideAsBefore(const Query& query, std::size_t first,
                                        std::vector<LinkedTable>& tables) const {
  ASSIGN_OR_RETURN(const std::vector<EarlierVersion> versions, EarlierVersions(query.spec, query.item));
  for (const EarlierVersion& version : versions) {
    for (std::size_t i = first; i < tables.size(); ++i) {
      const auto* before = TableLike(version.tables, tables[i].exact);
      if (before != nullptr) node::HideAsBefore(before->table, tables[i].released);
    }
  }
  return absl::OkStatus();
}

absl::Status ItemAnswerer::MarkChanged(const contract::RoundSpec& spec,
                                       std::vector<LinkedTable>& tables) const {
  for (const contract::RoundItem& item : spec.items) {
    ASSIGN_OR_RETURN(const std::vector<EarlierVersion> versions, EarlierVersions(spec, item));
    for (const EarlierVersion& version : versions) {
      for (LinkedTable& table : tables) {
        if (table.metric->id() != item.metric || table.exact.period != item.period) continue;
        const auto* before = TableLike(version.tables, table.exact);
        if (before != nullptr) node::MarkChanged(before->table, table);
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<ItemRefusal>> ItemAnswerer::RefusedRevision(
    const Query& query, absl::Span<const LinkedTable> own) const {
  ASSIGN_OR_RETURN(const std::vector<EarlierVersion> versions, EarlierVersions(query.spec, query.item));
  std::vector<contract::ProtectedTable> now;
  for (const LinkedTable& table : own) {
    now.push_back({.table = table.released.table, .protection = ThresholdedProtection()});
  }
  for (const EarlierVersion& version : versions) {
    ASSIGN_OR_RETURN(const auto what, Isolates(version.tables, now, query.metric));
    if (!what) continue;
    return std::optional(ItemRefusal{
        .rule = "differencing",
        .explanation = absl::StrCat("beside what left in ", Describe(version.entry), ", ", *what,
                                    "; the two together could tell of the families that the correction adds, "
                                    "alters or takes away")});
  }
  if (!versions.empty() && ShowsTheSame(versions.back().tables, now)) {
    return std::optional(ItemRefusal{.rule = "unchanged",
                                     .explanation = absl::StrCat("nothing that is shown is another than in ",
                                                                 Describe(versions.back().entry))});
  }
  return std::optional<ItemRefusal>();
}

absl::StatusOr<ItemAnswer> ItemAnswerer::Keep(const contract::RoundSpec& spec,
                                              const contract::RoundItem& item, const ItemRefusal& why) const {
  ASSIGN_OR_RETURN(std::vector<EarlierVersion> versions, EarlierVersions(spec, item));
  ItemAnswer answer{
      .part = {}, .rule = "kept", .text = absl::StrCat("as it was: ", why.rule, ": ", why.explanation)};
  const auto refused =
      versions.empty() ? std::optional(why) : RefusedNow(versions.back().part, parts_.policy);
  if (refused) {
    answer.rule = refused->rule;
    answer.text = refused->explanation;
    answer.part.add_absent()->set_absence(refused->absence);
    answer.proposed = ProposedAbsent(refused->absence);
    return answer;
  }
  answer.part = std::move(versions.back().part);
  answer.proposed = ProposedTables(answer.part);
  return answer;
}

}  // namespace waymark::node
