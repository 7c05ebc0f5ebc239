#include "node/link/asked_definitions.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace waymark::node {

absl::Status AskedDefinitions::Check(const contract::RoundSpec& spec) {
  if (!governance_.signs_catalogue) return absl::OkStatus();
  if (newest_ && contract::CheckDefinitions(spec, *newest_).ok()) return absl::OkStatus();
  RETURN_IF_ERROR(TakeNewest());
  const absl::Status signed_by_them = contract::CheckDefinitions(spec, *newest_);
  return signed_by_them.ok() ? signed_by_them : absl::NotFoundError(signed_by_them.message());
}

absl::Status AskedDefinitions::TakeNewest() {
  ASSIGN_OR_RETURN(std::optional<contract::SignedCatalogue> shown, fetch_());
  if (!shown) return absl::NotFoundError("the coordinator has no catalogue that the officers signed");
  if (const absl::Status verified = contract::VerifyCatalogue(*shown, governance_); !verified.ok()) {
    return absl::NotFoundError(verified.message());
  }
  if (newest_ && shown->catalogue.number < newest_->number) {
    return absl::NotFoundError(absl::StrCat("the coordinator shows version ", shown->catalogue.number,
                                            " of the catalogue, and showed version ", newest_->number));
  }
  RETURN_IF_ERROR(log_.Require(contract::EntryOf(shown->catalogue)));
  newest_ = std::move(shown->catalogue);
  return absl::OkStatus();
}

}  // namespace waymark::node
