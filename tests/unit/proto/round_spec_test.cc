#include "proto/contract/round_spec.h"

#include <functional>

#include "tests/testing/status_matchers.h"
#include "tests/unit/proto/contract_examples.h"

namespace waymark::contract {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

v1::RoundSpec Message() {
  v1::RoundSpec message;
  RoundSpecToProto(ExampleSpec(), message);
  return message;
}

TEST(RoundSpec, RoundTrips) {
  ASSERT_OK_AND_ASSIGN(const RoundSpec spec, RoundSpecFromProto(Message()));
  EXPECT_EQ(spec, ExampleSpec());
}

TEST(RoundSpec, TheQueryIsTheSame_WhateverTheRoundIsCalled) {
  RoundSpec other = ExampleSpec();
  other.round_id = "again";
  other.title = "Again";
  other.deadline_unix_s += 1;
  EXPECT_NE(CanonicalBytes(other), CanonicalBytes(ExampleSpec()));
  EXPECT_EQ(CanonicalQuery(other.items[0], 1), CanonicalQuery(ExampleSpec().items[0], 1));
}

TEST(RoundSpec, EveryFieldOfAnItemChangesTheQuery) {
  const std::string query = CanonicalQuery(ExampleSpec().items[0], 1);
  const std::function<void(RoundItem&)> changes[] = {
      [](RoundItem& i) { i.metric = "2"; },
      [](RoundItem& i) { i.version = 2; },
      [](RoundItem& i) { i.definition_hash[3] = 'x'; },
      [](RoundItem& i) { i.period = "2024-25"; },
      [](RoundItem& i) { i.mode = v1::MODE_THRESHOLDED; },
      [](RoundItem& i) { i.breakdowns = {}; },
      [](RoundItem& i) { i.window_days = {183}; },
      [](RoundItem& i) { i.units = {v1::UNIT_FAMILIES}; },
      [](RoundItem& i) { i.epsilon_numerator = 2; },
      [](RoundItem& i) { i.epsilon_denominator = 4; },
      [](RoundItem& i) { i.rho_numerator = 1; },
  };
  for (const auto& change : changes) {
    RoundItem item = ExampleSpec().items[0];
    change(item);
    EXPECT_NE(CanonicalQuery(item, 1), query);
  }
  EXPECT_NE(CanonicalQuery(ExampleSpec().items[0], 2), query);
}

TEST(RoundSpec, ItemWithRhoComesBackAsItWas) {
  RoundSpec spec = ExampleSpec();
  spec.items[0].epsilon_numerator = 0;
  spec.items[0].epsilon_denominator = 1;
  spec.items[0].rho_numerator = 1;
  spec.items[0].rho_denominator = 100;
  v1::RoundSpec message;
  RoundSpecToProto(spec, message);
  ASSERT_OK_AND_ASSIGN(const RoundSpec back, RoundSpecFromProto(message));
  EXPECT_EQ(back, spec);
  const std::string query = CanonicalQuery(spec.items[0], 1);
  spec.items[0].rho_denominator = 99;
  EXPECT_NE(CanonicalQuery(spec.items[0], 1), query);
}

TEST(RoundSpec, WhatASecureSumAsksForBesideCountsComesBack_AndIsInTheQuery) {
  RoundSpec spec = ExampleSpec();
  for (RoundItem& item : spec.items) {
    item.mode = v1::MODE_SECURE_SUM;
    item.epsilon_numerator = 1;
    item.epsilon_denominator = 2;
    item.rho_numerator = 0;
    item.rho_denominator = 1;
  }
  const std::string plain = CanonicalQuery(spec.items[0], 1);
  spec.items[0].distribution_epsilon_numerator = 1;
  spec.items[0].distribution_epsilon_denominator = 3;
  const std::string distribution = CanonicalQuery(spec.items[0], 1);
  spec.items[0].deprivation_rho_numerator = 1;
  spec.items[0].deprivation_rho_denominator = 50;
  EXPECT_NE(distribution, plain);
  EXPECT_NE(CanonicalQuery(spec.items[0], 1), distribution);
  v1::RoundSpec message;
  RoundSpecToProto(spec, message);
  ASSERT_OK_AND_ASSIGN(const RoundSpec back, RoundSpecFromProto(message));
  EXPECT_EQ(back, spec);
  message.mutable_items(0)->set_distribution_epsilon_denominator(0);
  EXPECT_THAT(RoundSpecFromProto(message),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("item.distribution_epsilon")));
  message.mutable_items(0)->clear_distribution_epsilon_numerator();
  message.mutable_items(0)->set_deprivation_rho_numerator(2'000'000'000);
  EXPECT_THAT(RoundSpecFromProto(message),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("item.deprivation_rho")));
}

TEST(RoundSpec, AtHowManyAnswersItClosesComesBack_AndIsNotInTheQuery) {
  RoundSpec spec = ExampleSpec();
  spec.close_at_answers = spec.least_contributors;
  EXPECT_NE(CanonicalBytes(spec), CanonicalBytes(ExampleSpec()));
  EXPECT_EQ(CanonicalQuery(spec.items[0], 1), CanonicalQuery(ExampleSpec().items[0], 1));
  v1::RoundSpec message;
  RoundSpecToProto(spec, message);
  ASSERT_OK_AND_ASSIGN(const RoundSpec back, RoundSpecFromProto(message));
  EXPECT_EQ(back, spec);
  spec.geographies = {"E12000001"};
  const std::string some = CanonicalBytes(spec);
  ++spec.close_at_answers;
  EXPECT_NE(CanonicalBytes(spec), some);
}

TEST(RoundSpec, WithAFieldOfANewerVersionIsRefused) {
  v1::RoundSpec message = Message();
  message.GetReflection()->MutableUnknownFields(&message)->AddVarint(4711, 1);
  EXPECT_THAT(RoundSpecFromProto(message),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("4711 of RoundSpec is not known")));
}

struct Spoiled {
  const char* name;
  std::function<void(v1::RoundSpec&)> spoil;
  const char* message;
};

class SpoiledSpec : public ::testing::TestWithParam<Spoiled> {};

TEST_P(SpoiledSpec, IsRefused) {
  v1::RoundSpec message = Message();
  GetParam().spoil(message);
  EXPECT_THAT(RoundSpecFromProto(message),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Fields, SpoiledSpec,
    ::testing::Values(
        Spoiled{"BadId", [](v1::RoundSpec& s) { s.set_round_id("A B"); }, "round_id"},
        Spoiled{"LongTitle", [](v1::RoundSpec& s) { s.set_title(std::string(201, 'x')); }, "title"},
        Spoiled{"DeadlineBeforeOpening", [](v1::RoundSpec& s) { s.set_deadline_unix_s(1); }, "deadline"},
        Spoiled{"NegativeOpening", [](v1::RoundSpec& s) { s.set_opens_unix_s(-1); }, "deadline"},
        Spoiled{"TwoContributors", [](v1::RoundSpec& s) { s.set_least_contributors(2); },
                "least_contributors"},
        Spoiled{"ClosesBelowItsLeastContributors", [](v1::RoundSpec& s) { s.set_close_at_answers(2); },
                "close_at_answers"},
        Spoiled{"ASecureSumThatClosesEarly",
                [](v1::RoundSpec& s) {
                  s.mutable_items()->DeleteSubrange(1, s.items_size() - 1);
                  s.mutable_items(0)->set_mode(v1::MODE_SECURE_SUM);
                  s.set_close_at_answers(10);
                },
                "close_at_answers"},
        Spoiled{"ASecureSumThatTakesLateOnes",
                [](v1::RoundSpec& s) {
                  s.mutable_items()->DeleteSubrange(1, s.items_size() - 1);
                  s.mutable_items(0)->set_mode(v1::MODE_SECURE_SUM);
                  s.set_late_for_days(10);
                },
                "late_for_days"},
        Spoiled{"LateStatements",
                [](v1::RoundSpec& s) {
                  s.mutable_items(0)->set_mode(v1::MODE_STATED);
                  s.mutable_items(0)->clear_epsilon_numerator();
                  s.mutable_items(0)->clear_rho_numerator();
                  s.set_late_for_days(10);
                },
                "late_for_days: what councils state"},
        Spoiled{"StatedWithNoise",
                [](v1::RoundSpec& s) {
                  s.mutable_items(0)->set_mode(v1::MODE_STATED);
                  s.mutable_items(0)->set_epsilon_numerator(1);
                  s.mutable_items(0)->set_epsilon_denominator(2);
                },
                "a stated item has none"},
        Spoiled{"TakesLateOnesForYears", [](v1::RoundSpec& s) { s.set_late_for_days(367); }, "late_for_days"},
        Spoiled{"TakesLateOnesAndHasALongName",
                [](v1::RoundSpec& s) {
                  s.set_late_for_days(1);
                  s.set_round_id(std::string(57, 'a'));
                },
                "round_id"},
        Spoiled{"ARoundNamedAsACorrection", [](v1::RoundSpec& s) { s.set_round_id("autumn.c1"); }, "round_id"},
        Spoiled{"ARoundNamedAsAnEdition", [](v1::RoundSpec& s) { s.set_round_id("autumn.2"); }, "round_id"},
        Spoiled{"ACorrectionWithoutANumber",
                [](v1::RoundSpec& s) {
                  s.set_late_for_days(1);
                  s.set_correction(v1::REVISION_REASON_WRONG_RECORDS);
                },
                "correction"},
        Spoiled{"ACorrectionForBeingLate",
                [](v1::RoundSpec& s) {
                  s.set_late_for_days(1);
                  s.set_round_id("autumn.c1");
                  s.set_correction(v1::REVISION_REASON_LATE_RETURN);
                },
                "correction"},
        Spoiled{"ACorrectionOfARoundThatTakesNone",
                [](v1::RoundSpec& s) {
                  s.set_round_id("autumn.c1");
                  s.set_correction(v1::REVISION_REASON_WRONG_RECORDS);
                },
                "correction"},
        Spoiled{"NoDataVersion", [](v1::RoundSpec& s) { s.set_data_version(0); }, "data_version"},
        Spoiled{"NoItems", [](v1::RoundSpec& s) { s.clear_items(); }, "items"},
        Spoiled{"BadPeriod", [](v1::RoundSpec& s) { s.mutable_items(0)->set_period("soon"); }, "period"},
        Spoiled{"NoMode", [](v1::RoundSpec& s) { s.mutable_items(0)->set_mode(v1::MODE_UNSPECIFIED); },
                "mode"},
        Spoiled{"SecureSumBesideAnotherMode",
                [](v1::RoundSpec& s) {
                  *s.add_items() = s.items(0);
                  s.mutable_items(0)->set_mode(v1::MODE_SECURE_SUM);
                },
                "alone or for none"},
        Spoiled{"SecureSumWithoutEpsilon",
                [](v1::RoundSpec& s) {
                  s.mutable_items(0)->set_mode(v1::MODE_SECURE_SUM);
                  s.mutable_items(0)->set_epsilon_numerator(0);
                },
                "epsilon"},
        Spoiled{"NoEpsilon", [](v1::RoundSpec& s) { s.mutable_items(0)->set_epsilon_numerator(0); },
                "epsilon"},
        Spoiled{"EpsilonOverZero", [](v1::RoundSpec& s) { s.mutable_items(0)->set_epsilon_denominator(0); },
                "epsilon"},
        Spoiled{"EpsilonBesideRho", [](v1::RoundSpec& s) { s.mutable_items(0)->set_rho_numerator(1); },
                "rho"},
        Spoiled{"RhoOverZero",
                [](v1::RoundSpec& s) {
                  s.mutable_items(0)->set_epsilon_numerator(0);
                  s.mutable_items(0)->set_rho_numerator(1);
                },
                "rho"},
        Spoiled{"EpsilonWithThreshold",
                [](v1::RoundSpec& s) { s.mutable_items(0)->set_mode(v1::MODE_THRESHOLDED); }, "epsilon"},
        Spoiled{"UnknownUnit",
                [](v1::RoundSpec& s) { s.mutable_items(0)->add_units(static_cast<v1::Unit>(8)); }, "units"},
        Spoiled{"EmptyBreakdown", [](v1::RoundSpec& s) { s.mutable_items(0)->add_breakdowns(""); },
                "breakdowns"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace waymark::contract
