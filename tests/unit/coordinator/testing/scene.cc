#include "tests/unit/coordinator/testing/scene.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "absl/time/time.h"
#include "catalogue/columns.h"
#include "crypto/hash.h"

namespace waymark::coordinator::testing {
namespace {

// A test that cannot set its scene has nothing to say.
template <typename T>
T Require(absl::StatusOr<T> value) {
  if (!value.ok()) throw std::runtime_error(value.status().ToString());
  return *std::move(value);
}
void Require(const absl::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

}  // namespace

const std::vector<std::string> kCouncils = {"E06000001", "E06000002", "E06000003", "E06000004", "E06000005",
                                            "E09000002", "E09000003", "E09000004", "E09000005"};

TemporaryFolder::TemporaryFolder() {
  std::string pattern = ::testing::TempDir() + "waymark-coordinator-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}
TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

Scene::Scene(const std::string& catalogue) : clock_(absl::FromUnixSeconds(1'760'000'000)) {
  library_ = std::make_unique<catalogue::Library>(Require(catalogue::Library::Load(catalogue)));
  const StorePlace place{.sqlite_path = folder_.path() + "/waymark.db"};
  Require(CreateStore(place));
  store_ = Require(OpenStore(place));
  key_ = std::make_unique<crypto::SigningKey>(Require(crypto::SigningKey::Generate(random_)));
  rounds_ = std::make_unique<Rounds>(*store_, *library_, *key_, clock_);
}

void Scene::Join(const std::string& council) {
  keys_[council] = std::make_unique<crypto::SigningKey>(Require(crypto::SigningKey::Generate(random_)));
  waymark::coordinator::Token token;
  token.hash = crypto::Sha256(council + keys_[council]->public_key());
  token.council = council;
  token.expires_unix_s = absl::ToUnixSeconds(clock_.Now()) + 60;
  Require(store_->AddToken(token));
  Require(store_->UseToken(token.hash, "request",
                           Member{.council = council,
                                  .signing_key = keys_[council]->public_key(),
                                  .certificate_pem = "certificate of " + council,
                                  .enrolled_unix_s = absl::ToUnixSeconds(clock_.Now())}));
}

contract::RoundItem Scene::Item(const std::string& metric, v1::Mode mode,
                                std::vector<std::string> breakdowns) const {
  const v1::Metric* entry = library_->Find(metric);
  if (entry == nullptr) throw std::runtime_error("no metric " + metric);
  contract::RoundItem item;
  item.metric = metric;
  item.version = entry->version();
  item.definition_hash = crypto::Sha256(catalogue::CanonicalDefinition(*entry));
  item.period = "2023-24";
  item.mode = mode;
  item.breakdowns = std::move(breakdowns);
  item.units = {v1::UNIT_EPISODES};
  if (mode == v1::MODE_NOISED) item.epsilon_numerator = 1;
  return item;
}

contract::RoundSpec Scene::Spec(const std::string& id, std::vector<contract::RoundItem> items) const {
  contract::RoundSpec spec;
  spec.round_id = id;
  spec.title = "A test";
  spec.opens_unix_s = absl::ToUnixSeconds(clock_.Now());
  spec.deadline_unix_s = spec.opens_unix_s + 3600;
  spec.items = std::move(items);
  return spec;
}

contract::ProtectedTable Scene::Table(const contract::RoundItem& item, std::uint32_t window_days,
                                      std::vector<std::int64_t> values) const {
  contract::ProtectedTable given;
  given.table.metric = item.metric;
  given.table.version = item.version;
  given.table.period = item.period;
  given.table.window_days = window_days;
  given.table.unit = item.units.front();
  given.table.rows = {""};
  given.table.columns = catalogue::ColumnsOf(*library_->Find(item.metric));
  given.table.Resize();
  if (values.size() != given.table.values.size()) throw std::runtime_error("wrong number of values");
  given.table.values = std::move(values);
  given.protection.mode = item.mode;
  if (item.mode == v1::MODE_NOISED) {
    given.protection.epsilon_numerator = item.epsilon_numerator;
    given.protection.epsilon_denominator = item.epsilon_denominator;
    given.protection.sensitivity = 2;
    given.protection.privacy_unit = v1::UNIT_FAMILIES;
  } else {
    given.protection.suppressed_to = 7;
    given.protection.rounded_to = 5;
  }
  return given;
}

v1::Metric Scene::Mix(int classes) const {
  v1::Metric metric = *library_->Find("22");
  metric.set_kind(v1::METRIC_KIND_MIX);
  while (metric.outcomes_size() > classes) metric.mutable_outcomes()->RemoveLast();
  return metric;
}

contract::ProtectedTable Scene::MixTable(const contract::RoundItem& item,
                                         std::vector<std::int64_t> values) const {
  const v1::Metric metric = Mix(static_cast<int>(values.size()));
  contract::ProtectedTable given;
  given.table.metric = item.metric;
  given.table.version = item.version;
  given.table.period = item.period;
  given.table.rows = {""};
  given.table.columns = catalogue::ColumnsOf(metric);
  given.table.Resize();
  given.table.values = std::move(values);
  given.protection = {.mode = v1::MODE_THRESHOLDED, .suppressed_to = 7, .rounded_to = 5};
  return given;
}

std::vector<WholeItem> Scene::CombineAll(const contract::RoundSpec& spec, const v1::Catalogue& definitions,
                                         const std::vector<contract::Release>& answers,
                                         const std::vector<SummedPart>& sums) const {
  std::vector<std::string> councils;
  for (const contract::Release& answer : answers) councils.push_back(answer.council);
  const AnswerSource source =
      [&](const std::string& council,
          absl::Span<const contract::RoundItem>) -> absl::StatusOr<contract::Release> {
    for (const contract::Release& answer : answers) {
      if (answer.council == council) return answer;
    }
    return absl::NotFoundError(council);
  };
  const AnswerHeads heads = Require(ReadHeads(spec, councils, source));
  std::vector<WholeItem> whole(spec.items.size());
  const FigureSink sink = [&](std::size_t item, Figures& figures) {
    whole[item].figures.insert(whole[item].figures.end(), figures.begin(), figures.end());
    return absl::OkStatus();
  };
  const std::vector<CombinedItem> combined = Require(Combine({.spec = spec,
                                                              .definitions = definitions,
                                                              .library = library(),
                                                              .members = kCouncils,
                                                              .heads = heads,
                                                              .answers = source,
                                                              .sums = sums},
                                                             sink));
  for (std::size_t i = 0; i < combined.size(); ++i) static_cast<CombinedItem&>(whole[i]) = combined[i];
  return whole;
}

contract::Release Scene::Release(const std::string& council, const contract::RoundSpec& spec,
                                 std::vector<contract::ProtectedTable> tables) const {
  contract::Release release;
  release.round_id = spec.round_id;
  release.spec_hash = crypto::Sha256(contract::CanonicalBytes(spec));
  release.council = council;
  release.tables = std::move(tables);
  release.ledger_sequence = 1;
  release.ledger_head = std::string(32, 'h');
  Sign(release);
  return release;
}

void Scene::Sign(contract::Release& release) const {
  release.signature = Require(keys_.at(release.council)->Sign(contract::CanonicalBytes(release)));
}

}  // namespace waymark::coordinator::testing
