#include "coordinator/rounds/publication_record.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "proto/contract/publication.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kFiguresAtOnce = 20'000;
constexpr std::size_t kEntriesAtOnce = 1'000;

absl::Status Damaged(absl::string_view round_id) {
  return absl::DataLossError(
      absl::StrCat("round ", round_id, ": what is stored of its publication is damaged; restore a backup"));
}

// By round, in the order of the spec.
absl::StatusOr<std::map<std::string, std::vector<PublishedItem>>> ItemsByRound(Store& store) {
  ASSIGN_OR_RETURN(std::vector<PublishedItem> items, store.PublishedItems());
  std::map<std::string, std::vector<PublishedItem>> by_round;
  for (PublishedItem& item : items) by_round[item.round_id].push_back(std::move(item));
  return by_round;
}

absl::StatusOr<std::set<std::string>> Recorded(Store& store) {
  std::set<std::string> recorded;
  for (std::uint64_t from = 0;;) {
    ASSIGN_OR_RETURN(const std::vector<StoredLogEntry> entries, store.LogEntries(from, kEntriesAtOnce));
    if (entries.empty()) return recorded;
    for (const StoredLogEntry& entry : entries) {
      if (entry.kind == LogKind::kPublication) recorded.insert(entry.subject);
    }
    from += entries.size();
  }
}

absl::Status AddStoredFigures(const std::string& round_id, Store& store, PublicationRecord& record) {
  for (std::int64_t after = 0;;) {
    ASSIGN_OR_RETURN(const auto figures, store.FiguresAfter(round_id, after, kFiguresAtOnce));
    if (figures.empty()) return absl::OkStatus();
    for (const OrderedFigure& stored : figures) {
      v1::Figure figure;
      if (!figure.ParseFromString(stored.bytes)) return Damaged(round_id);
      record.AddFigure(static_cast<std::size_t>(stored.item), figure);
    }
    after = figures.back().sequence;
  }
}

absl::Status RecordStored(const Round& round, const std::vector<PublishedItem>& items, Store& store) {
  PublicationRecord record;
  RETURN_IF_ERROR(AddStoredFigures(round.round_id, store, record));
  for (const PublishedItem& item : items) {
    v1::ListPublishedResponse::Entry entry;
    if (!entry.ParseFromString(item.entry)) return Damaged(round.round_id);
    ASSIGN_OR_RETURN(const auto contributors, store.Contributors(round.round_id, item.item));
    std::vector<v1::QueryResponse::Contributor> coverage(contributors.size());
    for (std::size_t i = 0; i < contributors.size(); ++i) {
      if (!coverage[i].ParseFromString(contributors[i].bytes)) return Damaged(round.round_id);
    }
    record.AddItem(entry, coverage, nullptr);
  }
  Publication publication;
  publication.round_id = round.round_id;
  publication.published_unix_s = round.published_unix_s;
  record.FinishInto(publication);
  return store.RecordPublication(round.round_id, publication.record, publication.record_hash);
}

}  // namespace

void PublicationRecord::AddFigure(std::size_t item, const v1::Figure& figure) {
  figures_[item].Append(contract::FigureLeafHash(figure));
}

void PublicationRecord::AddItem(const v1::ListPublishedResponse::Entry& entry,
                                const std::vector<v1::QueryResponse::Contributor>& coverage,
                                const crypto::MerkleAccumulator* councils) {
  const crypto::MerkleAccumulator& figures = figures_[static_cast<std::size_t>(record_.items_size())];
  v1::Publication::Item& item = *record_.add_items();
  item.set_metric(entry.metric());
  item.set_version(entry.version());
  item.set_period(entry.period());
  item.set_mode(entry.mode());
  *item.mutable_breakdowns() = entry.breakdowns();
  *item.mutable_geographies() = entry.geographies();
  item.set_coverage_hash(contract::CoverageHash(coverage));
  item.set_figures(figures.size());
  item.set_figures_root(figures.Root());
  if (councils == nullptr) return;
  item.set_councils(councils->size());
  item.set_councils_root(councils->Root());
}

void PublicationRecord::Revise(const Round& edition, const std::vector<v1::RevisionReason>& reasons) {
  record_.set_revises(edition.revises);
  record_.set_edition(edition.edition);
  for (const v1::RevisionReason reason : reasons) record_.add_reasons(reason);
}

void PublicationRecord::FinishInto(Publication& publication) {
  record_.set_round_id(publication.round_id);
  record_.set_published_unix_s(publication.published_unix_s);
  publication.record = record_.SerializeAsString();
  publication.record_hash = crypto::Sha256(contract::CanonicalBytes(record_));
}

absl::Status RecordEarlierPublications(Store& store) {
  ASSIGN_OR_RETURN(const std::vector<Round> rounds, store.Rounds(RoundState::kPublished));
  ASSIGN_OR_RETURN(const std::set<std::string> recorded, Recorded(store));
  if (recorded.size() >= rounds.size()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto items, ItemsByRound(store));
  for (const Round& round : rounds) {
    const auto published = items.find(round.round_id);
    if (recorded.contains(round.round_id) || published == items.end()) continue;
    RETURN_IF_ERROR(RecordStored(round, published->second, store));
    Log(LogLevel::kInfo, "an earlier publication was put into the log", {{"round", round.round_id}});
  }
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
