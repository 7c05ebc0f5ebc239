#include "proto/contract/release.h"

#include <functional>

#include "absl/strings/escaping.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/proto/contract_examples.h"

namespace waymark::contract {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

v1::Release Message() {
  v1::Release message;
  ReleaseToProto(ExampleRelease(), message);
  return message;
}

TEST(Release, RoundTrips) {
  ASSERT_OK_AND_ASSIGN(const Release release, ReleaseFromProto(Message()));
  EXPECT_EQ(release, ExampleRelease());
}

TEST(Release, CanonicalBytesBeginWithTheLabel_AndLeaveOutTheSignature) {
  Release release = ExampleRelease();
  const std::string bytes = CanonicalBytes(release);
  EXPECT_EQ(bytes.substr(0, 26), std::string("\0\0\0\0\0\0\0\x12", 8) + "waymark/v1/release");
  release.signature = std::string(64, 'x');
  EXPECT_EQ(CanonicalBytes(release), bytes);
}

// A vector of docs/protocol.md: a release without tables, so that other implementations can check theirs.
TEST(Release, CanonicalBytesOfTheEmptyRelease_AreThePublishedOnes) {
  Release release = ExampleRelease();
  release.tables.clear();
  const std::string u64_0(16, '0');
  std::string expected = "0000000000000012" + absl::BytesToHexString("waymark/v1/release");
  expected += "000000000000000c" + absl::BytesToHexString("2023-24-year");
  expected += "0000000000000020";
  for (int i = 0; i < 32; ++i) expected += "11";
  expected += "0000000000000009" + absl::BytesToHexString("E06000001");
  expected += u64_0;  // no tables
  expected +=
      "0000000000000001"
      "0000000000000001"
      "0000000000000002";      // one absent item: item 1, not released
  expected += "000000000100";  // scope: only includes_delivered, then family_help_joined
  expected += "000000000000000d" + absl::BytesToHexString("targeted only");
  expected +=
      "0000000000000007"
      "0000000000000020";
  for (int i = 0; i < 32; ++i) expected += "22";
  EXPECT_EQ(absl::BytesToHexString(CanonicalBytes(release)), expected);
}

TEST(Release, EveryFieldChangesTheCanonicalBytes) {
  const std::string bytes = CanonicalBytes(ExampleRelease());
  const std::function<void(Release&)> changes[] = {
      [](Release& r) { r.round_id += "x"; },
      [](Release& r) { r.spec_hash[0] = 'x'; },
      [](Release& r) { r.pseudonym = "0123456789abcdef"; },
      [](Release& r) { r.council = "E06000002"; },
      [](Release& r) { r.tables.clear(); },
      [](Release& r) { r.tables[0].table.metric = "2"; },
      [](Release& r) { r.tables[0].table.version = 2; },
      [](Release& r) { r.tables[0].table.period = "2024-25"; },
      [](Release& r) { r.tables[0].table.window_days = 183; },
      [](Release& r) { r.tables[0].table.unit = v1::UNIT_CHILDREN; },
      [](Release& r) { r.tables[0].table.dimensions[0] = "area"; },
      [](Release& r) { r.tables[0].table.rows[0] = "f"; },
      [](Release& r) { r.tables[0].table.columns[0] = "1A"; },
      [](Release& r) { r.tables[0].table.values[0] = 20; },
      [](Release& r) { r.tables[0].table.status[2] = v1::CELL_STATUS_LOW; },
      [](Release& r) { r.tables[0].protection.mode = v1::MODE_NOISED; },
      [](Release& r) { r.tables[0].protection.suppressed_to = 5; },
      [](Release& r) { r.tables[0].protection.rounded_to = 1; },
      [](Release& r) { r.tables[0].protection.epsilon_numerator = 1; },
      [](Release& r) { r.tables[0].protection.epsilon_denominator = 3; },
      [](Release& r) { r.tables[0].protection.sensitivity = 1; },
      [](Release& r) { r.tables[0].protection.privacy_unit = v1::UNIT_FAMILIES; },
      [](Release& r) { r.tables[0].protection.rho_numerator = 1; },
      [](Release& r) { r.absent[0].item = 2; },
      [](Release& r) { r.absent[0].absence = v1::ABSENCE_NOT_COVERED; },
      [](Release& r) { r.scope.includes_universal = true; },
      [](Release& r) { r.scope.includes_partner_led = true; },
      [](Release& r) { r.scope.includes_signposted = true; },
      [](Release& r) { r.scope.includes_commissioned = true; },
      [](Release& r) { r.scope.includes_delivered = false; },
      [](Release& r) { r.scope.family_help_joined = true; },
      [](Release& r) { r.scope.note = ""; },
      [](Release& r) { r.ledger_sequence = 8; },
      [](Release& r) { r.ledger_head[31] = 'x'; },
  };
  int index = 0;
  for (const auto& change : changes) {
    Release release = ExampleRelease();
    change(release);
    EXPECT_NE(CanonicalBytes(release), bytes) << "change " << index;
    ++index;
  }
}

struct Spoiled {
  const char* name;
  std::function<void(v1::Release&)> spoil;
  const char* message;
};

class SpoiledRelease : public ::testing::TestWithParam<Spoiled> {};

TEST_P(SpoiledRelease, IsRefused) {
  v1::Release message = Message();
  GetParam().spoil(message);
  EXPECT_THAT(ReleaseFromProto(message),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(GetParam().message)));
}

v1::Protection& FirstProtection(v1::Release& r) {
  return *r.mutable_tables(0)->mutable_protection();
}

INSTANTIATE_TEST_SUITE_P(
    Fields, SpoiledRelease,
    ::testing::Values(
        Spoiled{"NoRound", [](v1::Release& r) { r.clear_round_id(); }, "round_id"},
        Spoiled{"NewerField",
                [](v1::Release& r) {
                  auto* table = r.mutable_tables(0)->mutable_table();
                  table->GetReflection()->MutableUnknownFields(table)->AddVarint(4711, 1);
                },
                "made by a newer Waymark"},
        Spoiled{"ShortHash", [](v1::Release& r) { r.set_spec_hash("x"); }, "spec_hash"},
        Spoiled{"BadCouncil", [](v1::Release& r) { r.set_council("E0600000x"); }, "council"},
        Spoiled{"ShortHead", [](v1::Release& r) { r.clear_ledger_head(); }, "ledger_head"},
        Spoiled{"LongSignature", [](v1::Release& r) { r.set_signature(std::string(65, 'x')); }, "signature"},
        Spoiled{"LongNote", [](v1::Release& r) { r.mutable_scope()->set_note(std::string(501, 'x')); },
                "note"},
        Spoiled{"NoTable", [](v1::Release& r) { r.mutable_tables(0)->clear_table(); }, "table"},
        Spoiled{"NoMode", [](v1::Release& r) { FirstProtection(r).clear_mode(); }, "mode"},
        Spoiled{"SecureSumTable", [](v1::Release& r) { FirstProtection(r).set_mode(v1::MODE_SECURE_SUM); },
                "mode"},
        Spoiled{"RoundedToNothing", [](v1::Release& r) { FirstProtection(r).set_rounded_to(0); },
                "rounded_to"},
        Spoiled{"StatedWithAThreshold", [](v1::Release& r) { FirstProtection(r).set_mode(v1::MODE_STATED); },
                "neither suppressed"},
        Spoiled{"NoiseWithoutEpsilon", [](v1::Release& r) { FirstProtection(r).set_mode(v1::MODE_NOISED); },
                "epsilon"},
        Spoiled{"AbsentItemTooFar", [](v1::Release& r) { r.mutable_absent(0)->set_item(1000); }, "absent"},
        Spoiled{"AbsentForNoReason", [](v1::Release& r) { r.mutable_absent(0)->clear_absence(); }, "absent"},
        Spoiled{"AbsentAsNoResponse",
                [](v1::Release& r) { r.mutable_absent(0)->set_absence(v1::ABSENCE_NO_RESPONSE); }, "absent"},
        Spoiled{"AbsentAsAWholeRoundIs",
                [](v1::Release& r) { r.mutable_absent(0)->set_absence(v1::ABSENCE_NOT_ALLOWED); }, "absent"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace waymark::contract
