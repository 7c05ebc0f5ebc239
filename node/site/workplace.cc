#include "node/site/workplace.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "node/site/published_rows.h"

namespace waymark::node {

std::string LedgerPath(const Configuration& configuration) {
  return PathUnder(configuration.state_directory, "ledger.db");
}

std::string SigningKeyPath(const Configuration& configuration) {
  return PathUnder(configuration.state_directory, "signing.key");
}

std::string IdentityDirectory(const Configuration& configuration) {
  return PathUnder(configuration.state_directory, "identity");
}

absl::StatusOr<JourneyTables> JourneyTables::Load(const Site& site,
                                                  const std::vector<contract::RoundItem>& items) {
  const auto is_answered = [&](const contract::RoundItem& item) {
    const v1::Metric* metric = site.library.Find(item.metric);
    return metric != nullptr && metric->kind() == v1::METRIC_KIND_SURVEY;
  };
  const bool needs_records = !std::all_of(items.begin(), items.end(), is_answered);
  ASSIGN_OR_RETURN(Journeys journeys,
                   needs_records ? LoadJourneys(site.configuration) : BuildJourneys(Records()));
  auto read = std::make_unique<Read>(Read{.journeys = std::move(journeys), .answers = {}});
  if (std::any_of(items.begin(), items.end(), is_answered)) {
    ASSIGN_OR_RETURN(read->answers, LoadAnswers(site));
  }
  return JourneyTables(site.library, std::move(read));
}

absl::StatusOr<std::vector<Measured>> JourneyTables::Exact(const contract::RoundItem& item,
                                                           const std::optional<ContributionLimit>& limit) {
  const v1::Metric* metric = library_->Find(item.metric);
  if (metric == nullptr || metric->version() != item.version) {
    return absl::NotFoundError(
        absl::StrCat("metric ", item.metric, " version ", item.version, " is not in the library"));
  }
  ASSIGN_OR_RETURN(const Period period, ParsePeriod(item.period));
  const auto answers = answers_->find(metric->survey().questionnaire());
  return Measure(*journeys_, {.metric = metric,
                              .period = period,
                              .breakdowns = item.breakdowns,
                              .window_days = item.window_days,
                              .units = item.units,
                              .limit = limit,
                              .calendar = &library_->working_days(),
                              .answers = answers == answers_->end() ? nullptr : &answers->second});
}

absl::StatusOr<std::unique_ptr<Workplace>> Workplace::Open(const Site& site, const Clock& clock) {
  const Configuration& configuration = site.configuration;
  std::unique_ptr<Workplace> made(new Workplace());
  if (!configuration.policy_path.empty()) {
    ASSIGN_OR_RETURN(made->policy_, Policy::Load(configuration.policy_path, site.library));
  }
  ASSIGN_OR_RETURN(const PublishedStatistics published, PublishedStatistics::Load(site));
  made->published_ = published.OwnFigures();
  RETURN_IF_ERROR(MakeDirectories(configuration.state_directory, 0700));
  ASSIGN_OR_RETURN(made->ledger_, Ledger::Open(LedgerPath(configuration), clock));
  ASSIGN_OR_RETURN(crypto::SigningKey key,
                   crypto::SigningKey::LoadOrCreate(SigningKeyPath(configuration), made->random_));
  made->signing_key_ = std::make_unique<crypto::SigningKey>(std::move(key));
  made->self_ = {.id = configuration.council_code, .signing_key = made->signing_key_->public_key()};
  const DoorParts parts{.policy = made->policy_,
                        .library = site.library,
                        .ledger = *made->ledger_,
                        .signing_key = *made->signing_key_,
                        .random = made->random_,
                        .clock = clock,
                        .published = &made->published_};
  made->door_ = std::make_unique<Door>(parts, configuration.council_code, configuration.scope);
  return made;
}

}  // namespace waymark::node
