// Which laws between a metric's outcomes can hold by definition. The laws of cell_laws.h are taken from the
// truth, where some only happen to hold: with nobody in one outcome, two others that are alike are each the
// sum of the other and that one, which together say that nobody can ever be in it. What the definitions rule
// out is no law. In doubt, yes: a law that anybody might know must not be missed. Pure; thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_OUTCOME_NESTING_H_
#define WAYMARK_NODE_DISCLOSE_OUTCOME_NESTING_H_

#include <vector>

#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// Whether everybody with `part` may have `whole` too, by definition.
bool MayLieWithin(const v1::Outcome& part, const v1::Outcome& whole);

// Whether everybody with `whole` may have one of `parts`, by definition.
bool MayBeCovered(const v1::Outcome& whole, const std::vector<const v1::Outcome*>& parts);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_OUTCOME_NESTING_H_
