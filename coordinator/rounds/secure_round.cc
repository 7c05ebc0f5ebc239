#include "coordinator/rounds/secure_round.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "coordinator/federation/rosters.h"
#include "coordinator/rounds/asked.h"
#include "coordinator/rounds/publication.h"
#include "crypto/hash.h"
#include "crypto/secure_sum/session.h"
#include "waymark/v1/secure_sum.pb.h"

namespace waymark::coordinator {

std::vector<const v1::Metric*> SecureRound::metrics() const {
  std::vector<const v1::Metric*> pointers;
  for (const v1::Metric& metric : definitions) pointers.push_back(&metric);
  return pointers;
}

absl::StatusOr<SecureRound> MakeSecureRound(contract::RoundSpec spec, std::vector<v1::Metric> definitions) {
  SecureRound secure{
      .spec = std::move(spec), .spec_hash = "", .definitions = std::move(definitions), .layout = {}};
  if (!contract::IsSecure(secure.spec)) {
    return absl::FailedPreconditionError(
        absl::StrCat("secure sum: round ", secure.spec.round_id, " asks for none"));
  }
  secure.spec_hash = crypto::Sha256(contract::CanonicalBytes(secure.spec));
  ASSIGN_OR_RETURN(secure.layout, catalogue::LayOut(secure.spec, secure.metrics()));
  return secure;
}

absl::StatusOr<SecureRound> SecureRoundOf(const Round& round) {
  ASSIGN_OR_RETURN(contract::RoundSpec spec, SpecOf(round));
  v1::Catalogue known;
  if (!known.ParseFromString(round.definitions)) {
    return absl::DataLossError(
        absl::StrCat("round ", round.round_id, ": the stored definitions are damaged"));
  }
  std::vector<v1::Metric> definitions;
  for (const contract::RoundItem& item : spec.items) {
    const auto& metrics = known.metrics();
    const auto found = std::find_if(metrics.begin(), metrics.end(),
                                    [&](const v1::Metric& metric) { return metric.id() == item.metric; });
    if (found == metrics.end()) return absl::InternalError("a definition did not come with the round");
    definitions.push_back(*found);
  }
  return MakeSecureRound(std::move(spec), std::move(definitions));
}

absl::StatusOr<SummedPart> SummedPartOf(const SecureRound& round, PartSum sum) {
  SummedPart part;
  part.code = std::move(sum.code);
  part.contributors = std::move(sum.contributors);
  ASSIGN_OR_RETURN(auto items, catalogue::TablesFromCells(round.layout, round.metrics(), sum.cells));
  const auto add = [&](std::vector<contract::Table>& tables, contract::Protection protection,
                       const catalogue::SecureCells& cells, std::vector<contract::ProtectedTable>& out) {
    protection.mode = v1::MODE_SECURE_SUM;
    protection.sensitivity = cells.plan.sensitivity;
    protection.variance = cells.variance;
    protection.contributors = static_cast<std::uint32_t>(part.contributors.size());
    protection.honest_shares = sum.honest_shares;
    for (contract::Table& table : tables)
      out.push_back({.table = std::move(table), .protection = protection});
  };
  for (std::size_t i = 0; i < items.size(); ++i) {
    const contract::RoundItem& item = round.spec.items[i];
    const catalogue::SecureItem& laid = round.layout.items[i];
    add(items[i].counts,
        {.epsilon_numerator = item.epsilon_numerator,
         .epsilon_denominator = item.epsilon_denominator,
         .rho_numerator = item.rho_numerator,
         .rho_denominator = item.rho_denominator},
        laid.counts, part.tables);
    add(items[i].bands,
        {.epsilon_numerator = item.distribution_epsilon_numerator,
         .epsilon_denominator = item.distribution_epsilon_denominator},
        laid.bands, part.bands);
    add(items[i].moments,
        {.rho_numerator = item.deprivation_rho_numerator,
         .rho_denominator = item.deprivation_rho_denominator},
        laid.moments, part.moments);
  }
  return part;
}

absl::StatusOr<std::vector<SummedPart>> SummedPartsOf(const SecureRound& round, Store& store) {
  ASSIGN_OR_RETURN(const std::vector<StoredSum> stored, store.Sums(round.spec.round_id));
  std::vector<SummedPart> parts;
  for (const StoredSum& sum : stored) {
    v1::SummedPart message;
    if (!message.ParseFromString(sum.bytes)) {
      return absl::DataLossError(absl::StrCat("the sum of part ", sum.part, " is damaged; restore a backup"));
    }
    ASSIGN_OR_RETURN(
        SummedPart part,
        SummedPartOf(round,
                     {.code = sum.part,
                      .contributors = {message.contributors().begin(), message.contributors().end()},
                      .honest_shares = message.transcript().least_contributors() -
                                       crypto::MostCorrupt(static_cast<std::size_t>(message.members())),
                      .cells = {message.cells().begin(), message.cells().end()}}));
    parts.push_back(std::move(part));
  }
  return parts;
}

absl::StatusOr<bool> AllPartsAreSummed(const contract::RoundSpec& spec, Store& store) {
  ASSIGN_OR_RETURN(const std::optional<contract::SignedRoster> newest, NewestRoster(store));
  if (!newest) return false;
  ASSIGN_OR_RETURN(const std::vector<StoredSum> sums, store.Sums(spec.round_id));
  const auto& parts = newest->roster.parts;
  const auto asked = std::count_if(parts.begin(), parts.end(), [&](const contract::RosterPart& part) {
    return IsPartAsked(spec, part.code);
  });
  return asked > 0 && sums.size() == static_cast<std::size_t>(asked);
}

}  // namespace waymark::coordinator
