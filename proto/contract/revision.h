// Releases after the publication, and what becomes of them. A council that finds its data wrong answers a
// round's question again, from its next data version and for a reason from a fixed list: that question is a
// spec of its own ("ROUND.c1"), which both sides make of the round's, so that approval, ledger, signature and
// receipt are as of any round. What such releases change is published as another edition ("ROUND.2"), and the
// one before stays as it was. Identifiers of rounds have no dot, so none of these is one. Thread-safe.
#ifndef WAYMARK_PROTO_CONTRACT_REVISION_H_
#define WAYMARK_PROTO_CONTRACT_REVISION_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "proto/contract/round_spec.h"
#include "waymark/v1/release.pb.h"

namespace waymark::contract {

inline constexpr std::uint32_t kMostCorrections = 99;  // of one council and round
inline constexpr std::uint32_t kMostLateDays = 366;
// Of a round that takes late and corrected releases, so that what is derived has room for a number.
inline constexpr std::size_t kMostRevisedIdBytes = 56;

// The reasons that a council may give for a correction, in the order of their numbers.
absl::Span<const v1::RevisionReason> CorrectionReasons();

// "autumn.c2", "autumn.2".
std::string CorrectionId(absl::string_view round_id, std::uint32_t number);
std::string EditionId(absl::string_view round_id, std::uint32_t number);

struct RevisionId {
  std::string round_id;
  std::uint32_t number = 0;
};
// Nothing where it is none.
std::optional<RevisionId> ParseCorrectionId(absl::string_view id);
std::optional<RevisionId> ParseEditionId(absl::string_view id);

// The round that it belongs to; the id itself where it is a round's.
std::string RoundOf(absl::string_view id);

// Until when late and corrected releases are taken; the deadline where none are.
std::int64_t LateUntil(const RoundSpec& spec);

// What a council answers with its correction of that number (1 to kMostCorrections): the same question of the
// data version that is as many further, for as long as the round takes corrections.
RoundSpec CorrectionOf(const RoundSpec& round, std::uint32_t number, v1::RevisionReason reason);

// Of `editions`, in their order, the one of that name; null where it is none of them.
using Editions = google::protobuf::RepeatedPtrField<v1::Edition>;
const v1::Edition* EditionNamed(const Editions& editions, absl::string_view id);
// "late return; corrected return: records were missing"; "" of a first edition.
std::string ReasonsText(const v1::Edition& edition);
// "edition 2 of 3, replaced by a later release, autumn.3 (late return)", "edition 3 of 3 (late return)"; ""
// where there is one alone, or none of that name.
std::string EditionText(const Editions& editions, absl::string_view id);

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_REVISION_H_
