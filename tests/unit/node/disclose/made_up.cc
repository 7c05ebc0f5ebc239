#include "tests/unit/node/disclose/made_up.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "catalogue/columns.h"
#include "catalogue/item_tables.h"
#include "crypto/hash.h"

namespace waymark::node {

TemporaryFolder::TemporaryFolder() {
  std::string path = (std::filesystem::temp_directory_path() / "waymark-disclose-XXXXXX").string();
  EXPECT_NE(mkdtemp(path.data()), nullptr);
  path_ = path;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

const catalogue::Library& TestLibrary() {
  static const auto& library = *new absl::StatusOr<catalogue::Library>(catalogue::Library::Load("catalogue"));
  EXPECT_TRUE(library.ok()) << library.status();
  return *library;
}

const v1::Metric& EntryNamed(const std::string& id) {
  const v1::Metric* entry = TestLibrary().Find(id);
  EXPECT_NE(entry, nullptr) << id;
  return *entry;
}

contract::RoundItem ItemFor(const std::string& metric, v1::Mode mode, std::vector<std::string> breakdowns) {
  const v1::Metric& entry = EntryNamed(metric);
  contract::RoundItem item;
  item.metric = metric;
  item.version = entry.version();
  item.definition_hash = crypto::Sha256(catalogue::CanonicalDefinition(entry));
  item.period = "2024-25";
  item.mode = mode;
  item.breakdowns = std::move(breakdowns);
  if (entry.window_days_size() > 0) item.window_days = {entry.window_days(0)};
  item.units = {static_cast<v1::Unit>(entry.units(0))};
  return item;
}

contract::RoundItem NoisedItem(const std::string& metric, std::uint64_t epsilon_numerator,
                               std::uint64_t epsilon_denominator, std::vector<std::string> breakdowns) {
  contract::RoundItem item = ItemFor(metric, v1::MODE_NOISED, std::move(breakdowns));
  item.epsilon_numerator = epsilon_numerator;
  item.epsilon_denominator = epsilon_denominator;
  return item;
}

contract::RoundItem RhoItem(const std::string& metric, std::uint64_t rho_numerator,
                            std::uint64_t rho_denominator, std::vector<std::string> breakdowns) {
  contract::RoundItem item = NoisedItem(metric, 0, 1, std::move(breakdowns));
  item.rho_numerator = rho_numerator;
  item.rho_denominator = rho_denominator;
  return item;
}

contract::RoundSpec SpecOf(const std::string& round_id, std::vector<contract::RoundItem> items) {
  contract::RoundSpec spec;
  spec.round_id = round_id;
  spec.title = "A round";
  spec.opens_unix_s = 1'780'000'000;
  spec.deadline_unix_s = 1'780'100'000;
  spec.least_contributors = 3;
  spec.data_version = 1;
  spec.items = std::move(items);
  return spec;
}

std::string PolicyText() {
  std::string text =
      "[release]\napproval = \"automatic\"\n[floors]\nleast_contributors = 3\nyearly_epsilon = \"4\"\n";
  for (const char* metric : {"1", "2", "10", "16", "22-starts", "31"}) {
    const bool days = std::string(metric) == "31";
    text += std::string("[[allow]]\nmetric = \"") + metric + "\"\nversion = 1\nmode = \"thresholded\"\n";
    text += days ? "" : "breakdowns = [\"sex\", \"area\"]\n";
  }
  for (const char* metric : {"19", "19-contacts"}) {
    text += std::string("[[allow]]\nmetric = \"") + metric + "\"\nversion = 1\nmode = \"noised\"\n";
    text += "breakdowns = [\"sex\", \"area\"]\n";
  }
  return text;
}

Policy TestPolicy() {
  auto policy = Policy::Parse(PolicyText(), "policy.toml", TestLibrary());
  EXPECT_TRUE(policy.ok()) << policy.status();
  return *policy;
}

MadeUpTables::MadeUpTables()
    : fill_([](contract::Table& table) {
        for (std::size_t row = 0; row < table.rows.size(); ++row) {
          for (std::size_t column = 0; column < table.columns.size(); ++column) {
            table.At(row, column) = static_cast<std::int64_t>(40 + 10 * row + 7 * column);
          }
        }
      }) {}

absl::StatusOr<std::vector<Measured>> MadeUpTables::Exact(const contract::RoundItem& item,
                                                          const std::optional<ContributionLimit>& limit) {
  ++asked;
  last_limit = limit;
  const v1::Metric& entry = EntryNamed(item.metric);
  std::vector<Measured> all;
  for (const TableKey& key : TablesOf(entry, item)) {
    Measured one;
    contract::Table& table = one.table;
    table.metric = item.metric;
    table.version = item.version;
    table.period = item.period;
    table.window_days = key.window_days;
    table.unit = key.unit;
    table.dimensions = key.dimensions;
    const auto rows = catalogue::PublicRows(key.dimensions);
    table.rows = rows.ok() ? *rows : std::vector<std::string>{"East", "North", "West"};
    table.columns = catalogue::ColumnsOf(entry);
    table.Resize();
    fill_(table);
    if (adjust) adjust(one);
    all.push_back(std::move(one));
  }
  return all;
}

MadeUpCouncil::MadeUpCouncil(std::string policy_text) : clock(absl::FromUnixSeconds(1'780'000'500)) {
  auto policy = Policy::Parse(policy_text, "policy.toml", TestLibrary());
  EXPECT_TRUE(policy.ok()) << policy.status();
  if (policy.ok()) policy_ = *std::move(policy);
  auto key = crypto::SigningKey::Generate(random_);
  EXPECT_TRUE(key.ok()) << key.status();
  key_ = std::make_unique<crypto::SigningKey>(*std::move(key));
}

absl::Status MadeUpCouncil::Open(StepObserver observer) {
  ledger_.reset();
  auto opened = Ledger::Open(ledger_path(), clock, std::move(observer));
  if (opened.ok()) ledger_ = *std::move(opened);
  return opened.status();
}

Door MadeUpCouncil::MakeDoor(StepObserver observer) {
  return Door({policy_, TestLibrary(), *ledger_, *key_, random_, clock}, kCouncil,
              {.includes_delivered = true, .note = ""}, std::move(observer));
}

contract::Release Read(const OutgoingRelease& release) {
  v1::Release message;
  EXPECT_TRUE(message.ParseFromString(release.bytes()));
  auto read = contract::ReleaseFromProto(message);
  EXPECT_TRUE(read.ok()) << read.status();
  return read.ok() ? *read : contract::Release{};
}

}  // namespace waymark::node
