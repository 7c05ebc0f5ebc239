// Answers one round that asks a council for everything it may give, through the node's own door, and says how
// long protecting it took: suppression or noise, and the ledger; not reading and measuring.
//
//   waymark-bench-protect FOLDER PERIOD
//
// FOLDER has a node.toml whose policy allows what it allows; its ledger must be new. Every allowed metric is
// asked for by all breakdowns allowed, in its first unit and its first window. Prints a line for each item,
// and at the end "cells N, released N, refused N, SECONDS s".
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

#include "base/status.h"
#include "crypto/hash.h"
#include "node/site/workplace.h"

namespace waymark::node {
namespace {

using Seconds = std::chrono::duration<double>;

Seconds Now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

// The council's tables, and how long they took.
class TimedTables final : public ItemTables {
 public:
  explicit TimedTables(JourneyTables& tables) : tables_(tables) {}
  absl::StatusOr<std::vector<Measured>> Exact(const contract::RoundItem& item,
                                              const std::optional<ContributionLimit>& limit) override {
    const Seconds start = Now();
    auto made = tables_.Exact(item, limit);
    spent += Now() - start;
    return made;
  }
  bool HasFamilies() const override { return tables_.HasFamilies(); }

  Seconds spent{0};

 private:
  JourneyTables& tables_;
};

contract::RoundItem ItemFor(const v1::Metric& metric, const Allowance& allowed, const std::string& period) {
  contract::RoundItem item;
  item.metric = metric.id();
  item.version = metric.version();
  item.definition_hash = crypto::Sha256(catalogue::CanonicalDefinition(metric));
  item.period = period;
  item.mode = allowed.mode;
  item.breakdowns = allowed.breakdowns;
  if (metric.window_days_size() > 0) item.window_days = {metric.window_days(0)};
  item.units = {metric.units(0)};
  if (allowed.mode == v1::MODE_NOISED) {
    item.epsilon_numerator = 1;
    item.epsilon_denominator = 20;
  }
  return item;
}

contract::RoundSpec Everything(const Site& site, const Policy& policy, const std::string& period,
                               const Clock& clock) {
  contract::RoundSpec spec;
  spec.round_id = "quarter";
  spec.title = "everything";
  spec.opens_unix_s = absl::ToUnixSeconds(clock.Now()) - 60;
  spec.deadline_unix_s = spec.opens_unix_s + 86'400;
  spec.least_contributors = policy.floors().least_contributors;
  spec.data_version = 1;
  for (const Allowance& allowed : policy.allowances()) {
    spec.items.push_back(ItemFor(*site.library.Find(allowed.metric), allowed, period));
  }
  return spec;
}

absl::Status Run(const std::string& folder, const std::string& period) {
  const SystemClock clock;
  ASSIGN_OR_RETURN(const Site site, LoadSite(folder + "/node.toml"));
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  const contract::RoundSpec spec = Everything(site, workplace->policy(), period, clock);
  ASSIGN_OR_RETURN(JourneyTables exact, JourneyTables::Load(site, spec.items));
  TimedTables tables(exact);
  const Seconds start = Now();
  ASSIGN_OR_RETURN(const Answered answered, workplace->door().Answer(spec, tables));
  const Seconds spent = Now() - start - tables.spent;
  std::size_t released = 0;
  for (const Explanation& each : answered.explanations) {
    if (each.rule == "released") ++released;
    std::printf("%-12s %-12s %s\n", each.metric.c_str(), each.rule.c_str(), each.text.c_str());
  }
  v1::Release message;
  if (!message.ParseFromString(answered.release.bytes())) return absl::DataLossError("the release");
  std::size_t cells = 0;
  for (const auto& table : message.tables()) {
    cells += static_cast<std::size_t>(table.table().values_size());
  }
  std::printf("cells %zu, released %zu, refused %zu, %.2f s\n", cells, released,
              answered.explanations.size() - released, spent.count());
  return absl::OkStatus();
}

}  // namespace
}  // namespace waymark::node

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: waymark-bench-protect FOLDER PERIOD\n", stderr);
    return 2;
  }
  const absl::Status done = waymark::node::Run(argv[1], argv[2]);
  if (!done.ok()) std::fprintf(stderr, "%s\n", std::string(done.message()).c_str());
  return done.ok() ? 0 : 1;
}
