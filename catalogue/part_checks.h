// Checks of the parts that cohorts and outcomes share. For checks.h.
#ifndef WAYMARK_CATALOGUE_PART_CHECKS_H_
#define WAYMARK_CATALOGUE_PART_CHECKS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "catalogue/text_proto.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::catalogue {

// The furthest that a test may look before or after a day, and that a missing source or start may be looked
// up.
inline constexpr int kFarthestDay = 3660;
inline constexpr std::uint32_t kLongestLookUp = 366;

void CheckDays(const Located& at, absl::string_view field, int days);

// A day that members of `base` have, before or at their event.
void CheckAnchor(const Located& at, absl::string_view field, v1::Anchor anchor, v1::Cohort::Base base);

// That `codes`, listed in the field `list`, are codes of `field`, each once.
void CheckCodes(const Located& at, absl::string_view list, absl::string_view field, v1::Cohort::Base base,
                const google::protobuf::RepeatedPtrField<std::string>& codes);

void CheckFieldTest(const v1::FieldTest& test, v1::Cohort::Base base, const Located& at);
void CheckOpen(const v1::Cohort::NoneOpen& open, v1::Cohort::Base base, absl::string_view what,
               const Located& at);
void CheckLookBack(const v1::LookBack& look_back, v1::Cohort::Base base, const Located& at);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_PART_CHECKS_H_
