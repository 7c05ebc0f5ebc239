// How long a cohort is followed after its members' events.
#ifndef WAYMARK_CATALOGUE_FOLLOW_UP_H_
#define WAYMARK_CATALOGUE_FOLLOW_UP_H_

#include <cstdint>

#include "base/day.h"
#include "proto/contract/round_spec.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::catalogue {

// How many days after a social-care spell an early-help start still makes it a step-down to early help.
inline constexpr Day kStepDownDays = 30;

// How many days after a member's event the entry looks: follow-up windows, and the far ends of what must not
// be open. A member counts only when its event + this ≤ the last day that its records are followed to. 0 for
// a survival, whose members are followed for as long as they can be.
Day FollowUpDays(const v1::Metric& metric, std::uint32_t window);

// How many days after its period an item's cohort is complete: all that it asks for has been seen, the last
// day at which a survival curve is read included.
Day FollowUpDays(const v1::Metric& metric, const contract::RoundItem& item);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_FOLLOW_UP_H_
