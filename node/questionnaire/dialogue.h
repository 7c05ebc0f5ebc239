// Filling in a questionnaire at a terminal, question by question, saved after each.
#ifndef WAYMARK_NODE_QUESTIONNAIRE_DIALOGUE_H_
#define WAYMARK_NODE_QUESTIONNAIRE_DIALOGUE_H_

#include <functional>
#include <istream>
#include <ostream>

#include "absl/status/status.h"
#include "node/questionnaire/filled.h"

namespace waymark::node {

// Asks each question that has no answer yet (all of them with `again`): an answer by its number or id, then
// the target where the questionnaire asks one, the rationale and the plan, a line each. An empty line leaves
// what is there; "q" ends. `save` is called after every question that was answered, so that nothing is lost
// when the terminal goes away; its error ends the dialogue and is returned. The end of the input is an end
// like "q".
absl::Status FillIn(Filled& filled, bool again, std::istream& in, std::ostream& out,
                    const std::function<absl::Status(const Filled&)>& save);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_QUESTIONNAIRE_DIALOGUE_H_
