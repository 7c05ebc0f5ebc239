#include "node/link/asked_definitions.h"

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"

namespace waymark::node {

absl::Status AskedDefinitions::Check(const contract::RoundSpec& spec) {
  if (!governance_.signs_catalogue) return absl::OkStatus();
  // What is published stands in the log: only one that grew can have a newer version.
  const bool is_newest = newest_ && log_.size() == size_asked_at_;
  if (is_newest && contract::CheckDefinitions(spec, *newest_).ok()) return absl::OkStatus();
  RETURN_IF_ERROR(TakeNewest());
  const absl::Status signed_by_them = contract::CheckDefinitions(spec, *newest_);
  return signed_by_them.ok() ? signed_by_them : absl::NotFoundError(signed_by_them.message());
}

absl::Status AskedDefinitions::TakeNewest() {
  const std::uint64_t size = log_.size();  // before it is asked: what comes after that is asked for again
  ASSIGN_OR_RETURN(std::optional<contract::SignedCatalogue> shown, fetch_());
  if (!shown) return absl::NotFoundError("the coordinator has no catalogue that the officers signed");
  if (const absl::Status taken = CheckTaken(*shown); !taken.ok()) {
    std::string why(taken.message());
    if (why != last_refused_) Log(LogLevel::kError, "the signed catalogue is refused", {{"error", why}});
    last_refused_ = std::move(why);
    return absl::NotFoundError(last_refused_);
  }
  RETURN_IF_ERROR(log_.Require(contract::EntryOf(shown->catalogue)));
  newest_ = std::move(shown->catalogue);
  size_asked_at_ = size;
  last_refused_.clear();
  return absl::OkStatus();
}

absl::Status AskedDefinitions::CheckTaken(const contract::SignedCatalogue& shown) const {
  RETURN_IF_ERROR(contract::VerifyCatalogue(shown, governance_));
  const contract::CatalogueVersion& catalogue = shown.catalogue;
  if (catalogue.federation != federation_) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the catalogue of version ", catalogue.number, " is of the federation ", catalogue.federation,
        ", and this node is of ", federation_, "; the coordinator should not show it"));
  }
  // A node sees the newest alone: versions that came and went between two looks are not missed.
  if (!newest_ || catalogue.number > newest_->number + 1) return absl::OkStatus();
  return contract::Follows(catalogue, newest_).status();
}

}  // namespace waymark::node
