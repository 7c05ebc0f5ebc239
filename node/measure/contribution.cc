#include "node/measure/contribution.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "base/day.h"

namespace waymark::node {
namespace {

constexpr absl::string_view kSeparator = "\x1f";

// Says which member this is in the same words in every extract: no number that depends on what else was read.
std::string IdentityOf(const Journeys& journeys, const Counting& counting, const Candidate& member) {
  std::string identity =
      absl::StrCat(journeys.family_id(member.person), kSeparator, journeys.person_id(member.person),
                   kSeparator, FormatDay(member.start), kSeparator, FormatDay(member.end));
  const Records& records = journeys.records();
  switch (RecordKindOf(counting)) {
    case RecordKind::kReferral:
      absl::StrAppend(&identity, kSeparator, journeys.IdText(records.referrals[member.first].id));
      return identity;
    case RecordKind::kContact:
      absl::StrAppend(&identity, kSeparator, journeys.IdText(records.contacts[member.first].id));
      return identity;
    case RecordKind::kStep:
      absl::StrAppend(&identity, kSeparator, journeys.IdText(records.steps[member.first].id));
      return identity;
    default:
      return identity;
  }
}

}  // namespace

void LimitContributions(const Journeys& journeys, const Counting& counting, const ContributionLimit& limit,
                        absl::Span<const Candidate> candidates, std::vector<Member>& members,
                        absl::Span<LeftOut> left_out) {
  struct Ranked {
    std::uint32_t slot;
    std::uint64_t rank;
    std::size_t member;
  };
  std::vector<Ranked> ranked;
  ranked.reserve(members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Candidate& candidate = candidates[members[i].candidate];
    ranked.push_back({members[i].slot, limit.rank(IdentityOf(journeys, counting, candidate)), i});
  }
  std::sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
    return std::tie(a.slot, a.rank, a.member) < std::tie(b.slot, b.rank, b.member);
  });
  std::vector<bool> keep(members.size(), false);
  std::uint32_t taken = 0;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    taken = i > 0 && ranked[i].slot == ranked[i - 1].slot ? taken + 1 : 1;
    if (taken <= limit.members) {
      keep[ranked[i].member] = true;
      continue;
    }
    LeftOut& out = left_out[ranked[i].slot];
    out.families += taken == limit.members + 1 ? 1 : 0;
    ++out.members;
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (keep[i]) members[kept++] = members[i];
  }
  members.resize(kept);
}

}  // namespace waymark::node
