// The door's inner half: one item of a round, from what is asked to protected tables in the ledger. door.h
// has the round around it, and the rest of the world calls only that.
#ifndef WAYMARK_NODE_DISCLOSE_ITEM_ANSWER_H_
#define WAYMARK_NODE_DISCLOSE_ITEM_ANSWER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/clock.h"
#include "catalogue/library.h"
#include "catalogue/secure_layout.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "crypto/signature.h"
#include "node/disclose/audit.h"
#include "node/disclose/clamping.h"
#include "node/disclose/item_tables.h"
#include "node/disclose/ledger.h"
#include "node/disclose/linked_group.h"
#include "node/disclose/noise.h"
#include "node/disclose/policy.h"
#include "node/disclose/published_figures.h"
#include "node/disclose/request.h"
#include "node/disclose/threshold.h"
#include "proto/contract/release.h"
#include "proto/contract/round_spec.h"

namespace waymark::node {

// One item as it would be answered now.
struct ItemPreview {
  std::uint32_t item = 0;
  contract::RoundItem asked;
  std::optional<ItemRefusal> refusal{};  // nothing of the item would leave
  bool stored = false;                   // answered before: those bytes would leave again, without a charge
  std::string proposed{};                // what a proposal says of it (approval.h)
  bool kept = false;  // of a correction: what left before leaves again as it is, for the refusal's reason
  // Thresholded: each exact table, what would leave, and the rule for each cell.
  struct ThresholdedPreview {
    contract::Table exact;
    ThresholdedTable released;
    KnownCells known{};  // what an attacker can work out of the suppressed cells
  };
  std::vector<ThresholdedPreview> thresholded{};
  std::string note{};  // on them: that they leave and yet give no figure
  // Stated: the tables as they would leave.
  std::vector<contract::Table> stated{};
  // Noised: the query and its charge; no noise is drawn for a preview.
  struct NoisedPreview {
    Claim claim;
    std::uint64_t sensitivity = 0;
    std::uint64_t cells = 0;
    ExpectedError error;               // of one cell
    std::vector<YearBudget> budget{};  // of the years it would be charged to, as they would stand after it
  };
  std::optional<NoisedPreview> noised{};  // of a secure sum: what the noise of all honest shares is
  // A secure sum: this council's cells as they would go into it, before noise and masks.
  std::vector<contract::Table> summed{};
  // Noised, or a secure sum: what bounds leave out of it, beside the same tables without them.
  std::vector<Clamping> clamping{};
  std::size_t cut_cells = 0;  // of a secure sum: counts cut to catalogue::kMostSummedCount
};

// All outlive the door.
struct DoorParts {
  const Policy& policy;
  const catalogue::Library& library;
  Ledger& ledger;
  const crypto::SigningKey& signing_key;
  crypto::RandomSource& random;
  const Clock& clock;
  const std::vector<PublishedFigure>* published = nullptr;  // null: none is known
};

// What an item adds to the release: a v1::Release with tables, and at most one absence whose item is 0.
// `rule` and `text` are for the council alone.
struct ItemAnswer {
  v1::Release part;
  std::string rule;  // "released", "replayed", or the rule that said no
  std::string text;
  std::string proposed{};  // what a proposal says of it (approval.h)
};

// Nothing of the item.
ItemAnswer Absent(const ItemRefusal& refusal);

// What a secure round's items are summed as.
struct SumLayout {
  const catalogue::SecureLayout& cells;
  std::uint32_t honest_shares = 0;
  std::uint32_t deprivation = 0;  // this council's, on the roster; 0: not stated, and moments are then zero
};

// Cells of a secure round before they are masked, and the noise that goes on each.
struct UnmaskedCells {
  std::vector<std::int64_t> counts;
  Noise noise;
};

// One item of a secure round.
struct SummedItem {
  std::optional<ItemRefusal> refusal{};  // then the rest is empty: the council takes no part
  Ledger::SumClaim sum{};
  std::vector<UnmaskedCells> cells{};  // in the order of catalogue::SecureItem
  std::vector<Clamping> clamping{};    // the contribution bound; for the council alone
  std::size_t clamped = 0;  // how many counts were cut to catalogue::kMostSummedCount; for the council alone
};

// Not thread-safe.
class ItemAnswerer {
 public:
  ItemAnswerer(const DoorParts& parts, StepObserver observer);

  // The item's tables as they are stored in the ledger, from now or from before; or an absence. On an error
  // nothing of the item may leave. A noised item of more cells than the round has left is refused, of fewer
  // takes its own from them.
  absl::StatusOr<ItemAnswer> Answer(const contract::RoundSpec& spec, const contract::RoundItem& item,
                                    ItemTables& tables, RoundSoFar& so_far);

  // Of a correction: what left of the item before, again, where the policy lets it; else absent. `why` is for
  // the council.
  absl::StatusOr<ItemAnswer> Keep(const contract::RoundSpec& spec, const contract::RoundItem& item,
                                  const ItemRefusal& why) const;

  // The item's cells for a secure sum whose noise `honest_shares` shares make up. A table that this council
  // cannot fill refuses the whole item.
  absl::StatusOr<SummedItem> PrepareSum(const contract::RoundSpec& spec, std::size_t item,
                                        const SumLayout& layout, ItemTables& tables) const;

  // What Answer would do, without a trace.
  absl::StatusOr<ItemPreview> Preview(const contract::RoundSpec& spec, std::uint32_t item, ItemTables& tables,
                                      RoundSoFar& so_far) const;

 private:
  // A query that passed definition and policy.
  struct Query {
    const contract::RoundSpec& spec;
    const contract::RoundItem& item;
    const v1::Metric& metric;
    std::string hash;
  };
  // An item's exact tables that are complete; the first reason why others are missing. One of the two is
  // there.
  struct Complete {
    std::vector<contract::Table> tables;
    std::optional<ItemRefusal> missing;
    std::vector<Clamping> clamping{};
  };
  // A noised item before its noise: all from public facts.
  struct PreparedNoise {
    NoisePlan plan;
    Noise noise;
    Claim claim;
  };
  // What definition, policy and published figures say of an item.
  ItemCheck Check(const contract::RoundItem& item) const;
  absl::StatusOr<ItemAnswer> Decide(const contract::RoundSpec& spec, const contract::RoundItem& item,
                                    ItemTables& tables, RoundSoFar& so_far);
  absl::StatusOr<ItemAnswer> AnswerThresholded(const Query& query, ItemTables& tables, RoundSoFar& so_far);
  // What the council states of itself, as it is (item_stated.cc).
  absl::StatusOr<ItemAnswer> AnswerStated(const Query& query, ItemTables& tables);
  absl::Status PreviewStated(const Query& query, ItemTables& tables, ItemPreview& preview) const;
  absl::StatusOr<Claim> StatedClaim(const Query& query) const;
  absl::StatusOr<ItemAnswer> AnswerNoised(const Query& query, ItemTables& tables, std::uint64_t& cells_left);
  // Draws the noise of a query that is charged. Returns how many rows with unlisted codes were left out.
  absl::StatusOr<std::size_t> DrawNoised(const Query& query, const PreparedNoise& prepared,
                                         const std::vector<contract::Table>& exact, bool has_families,
                                         v1::Release& out);
  absl::StatusOr<ItemAnswer> Store(const Query& query, const Claim& claim, const Complete& exact,
                                   const Ledger::JudgedWith& with, ItemAnswer answer);
  // A query's tables, suppressed as far as they and all linked ones ask for: of the round, of earlier ones,
  // and published by others. The group outlives it.
  struct Thresholded {
    const LinkedGroup* group;
    const LinkedGroup::Member* member;
    Ledger::JudgedWith with;
    std::optional<ItemRefusal> refusal;  // nothing of the query may leave
  };
  absl::StatusOr<Thresholded> Protect(const Query& query, const Claim& claim, ItemTables& tables,
                                      RoundSoFar& so_far) const;
  // The group that the query is judged in: worked out where `so_far` has none, or none to which what the
  // ledger holds of this round belongs.
  struct LeftBefore;
  absl::StatusOr<const LinkedGroup*> GroupOf(const Query& query, const Claim& claim, const LeftBefore& left,
                                             ItemTables& tables, RoundSoFar& so_far) const;
  // `stored_have_left`: what the ledger holds of this round is not judged anew.
  absl::StatusOr<LinkedGroup> Judge(const Query& query, const Claim& claim, const LeftBefore& left,
                                    bool stored_have_left, ItemTables& tables) const;
  absl::Status AddMembers(const Query& query, const Claim& claim, const LeftBefore& left,
                          bool stored_have_left, ItemTables& tables, LinkedGroup& out) const;
  // Whether the query is in the group, and what left of it and before it is what the ledger holds.
  bool IsAsItLeft(const LinkedGroup& group, const Query& query, const LeftBefore& left) const;
  // With primary suppression only.
  absl::Status AddPrimary(const Query& query, const std::vector<contract::Table>& exact, ItemTables& tables,
                          std::vector<LinkedTable>& out) const;
  // The query's tables counted by family, or by child where no families are known; none where the metric does
  // not count them.
  absl::StatusOr<std::vector<contract::Table>> PeopleBehind(const Query& query,
                                                            const std::vector<contract::Table>& exact,
                                                            ItemTables& tables) const;
  // "" or that tables leave, and why they give no figure all the same: for the council alone.
  static std::string NoteOn(absl::Span<const LinkedTable> own, const ThresholdRule& limits);
  // What is linked with a query: over the same days, and, where others have published a figure of days that
  // hold some of these, over all of those.
  struct LeftBefore {
    std::string days;  // a period's label
    std::vector<PublishedFigure> figures;
    std::vector<Ledger::EarlierItem> items;  // but what a correction corrects
    std::uint64_t linked = 0;                // with that
  };
  absl::StatusOr<LeftBefore> FindLeft(const Query& query, const Claim& claim) const;
  // Linked tables of which others have published figures, where they are not among those to be judged, and of
  // the parts into which the periods of all of them divide theirs.
  absl::Status AddPublished(const LeftBefore& left, ItemTables& tables, std::vector<LinkedTable>& out) const;
  absl::Status AddUnasked(const PublishedFigure& figure, const std::string& period, ItemTables& tables,
                          std::vector<LinkedTable>& out) const;
  // The tables of an item that has left, with what they are measured to be now. FAILED_PRECONDITION where the
  // data no longer give them.
  absl::StatusOr<std::vector<LinkedTable>> Remeasure(const Ledger::EarlierItem& earlier,
                                                     ItemTables& tables) const;
  absl::StatusOr<Claim> ThresholdedClaim(const Query& query) const;
  // Of a correction (item_revision.cc): what left of an item before it, oldest first.
  struct EarlierVersion {
    LedgerEntry entry;
    v1::Release part;
    std::vector<contract::ProtectedTable> tables;
  };
  absl::StatusOr<std::vector<EarlierVersion>> EarlierVersions(const contract::RoundSpec& spec,
                                                              const contract::RoundItem& item) const;
  // Hides in the tables from that one on what their earlier versions hid.
  absl::Status HideAsBefore(const Query& query, std::size_t first, std::vector<LinkedTable>& tables) const;
  // Takes as known what changed since earlier versions, in all tables of the round's items.
  absl::Status MarkChanged(const contract::RoundSpec& spec, std::vector<LinkedTable>& tables) const;
  // Why the query's own tables may not leave after their earlier versions.
  absl::StatusOr<std::optional<ItemRefusal>> RefusedRevision(const Query& query,
                                                             absl::Span<const LinkedTable> own) const;
  absl::Status PreviewThresholded(const Query& query, ItemTables& tables, RoundSoFar& so_far,
                                  ItemPreview& preview) const;
  absl::Status PreviewNoised(const Query& query, ItemTables& tables, ItemPreview& preview) const;
  absl::Status PreviewSum(const Query& query, ItemTables& tables, ItemPreview& preview) const;
  absl::StatusOr<std::vector<YearBudget>> BudgetAfter(const Claim& claim, bool is_charged) const;
  absl::StatusOr<PreparedNoise> PrepareNoise(const Query& query) const;
  absl::StatusOr<Complete> Measure(const Query& query, ItemTables& tables) const;
  // What bounds changed in `bounded`; measures once more where they did.
  static absl::Status CompareUnbounded(const Query& query, ItemTables& tables,
                                       absl::Span<const contract::Table> bounded,
                                       std::vector<Clamping>& clamping);
  ContributionLimit LimitFor(const v1::Metric& metric) const;
  ThresholdRule threshold() const;
  contract::Protection ThresholdedProtection() const;
  static void AddTable(const contract::Table& table, const contract::Protection& protection,
                       v1::Release& out);
  Day Today() const;
  void Reached(absl::string_view step) const;

  const DoorParts parts_;
  const StepObserver observer_;
  // Ranks the members of a family; derived from the signing key. Shared, because ranks may outlive this.
  const std::shared_ptr<const crypto::SecretBytes> contribution_key_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_ITEM_ANSWER_H_
