// Nine councils' doors in one secure round, with the coordinator's steps between them: what comes out, what
// each ledger says, and which floors keep a council away.
#include "node/disclose/sum_session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "catalogue/council_bands.h"
#include "catalogue/secure_layout.h"
#include "crypto/hash.h"
#include "crypto/secure_sum/coordinator_steps.h"
#include "crypto/secure_sum/masks.h"
#include "node/disclose/approval.h"
#include "node/disclose/decline.h"
#include "proto/contract/secure_session.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

constexpr std::size_t kCouncils = 9;
constexpr char kPolicy[] =
    "[release]\napproval = \"automatic\"\n[floors]\nyearly_epsilon = \"20\"\n"
    "[[allow]]\nmetric = \"19\"\nversion = 1\nmode = \"secure-sum\"\n";

contract::RoundItem SummedItemFor(const std::string& metric, std::uint64_t epsilon = 1) {
  contract::RoundItem item = ItemFor(metric, v1::MODE_SECURE_SUM);
  item.epsilon_numerator = epsilon;
  return item;
}

// Council i has 100 (i + 1) members, of whom every tenth for each i has the outcome: 0, 10, …, 80%.
std::int64_t MembersOf(std::size_t council) {
  return 100 * (static_cast<std::int64_t>(council) + 1);
}
std::int64_t WithOutcome(std::size_t council) {
  return MembersOf(council) * static_cast<std::int64_t>(council) / 10;
}

struct Council {
  Council(std::size_t index, const std::string& policy)
      : made_up(policy),
        code(absl::StrCat("E0600000", index + 1)),
        tables([index](contract::Table& table) {
          std::fill(table.values.begin(), table.values.end(), WithOutcome(index));
          table.values.back() = MembersOf(index);
        }),
        door({made_up.policy(), TestLibrary(), Opened(made_up), made_up.key(), random, made_up.clock}, code,
             {}) {}

  static Ledger& Opened(MadeUpCouncil& council) {
    EXPECT_OK(council.Open());
    return council.ledger();
  }

  crypto::SystemRandom random;
  MadeUpCouncil made_up;
  std::string code;
  MadeUpTables tables;
  Door door;
};

class SumSessionTest : public ::testing::Test {
 protected:
  void Make(const std::string& policy = kPolicy) {
    roster_.federation = "f";
    roster_.epoch = 1;
    roster_.previous_hash = std::string(32, '\0');
    contract::RosterPart& part = roster_.parts.emplace_back();
    part.code = std::string(contract::kWholeCountry);
    for (std::size_t i = 0; i < kCouncils; ++i) {
      councils_.push_back(std::make_unique<Council>(i, policy));
      part.members.push_back(
          {.council = councils_[i]->code, .signing_key = councils_[i]->made_up.key().public_key()});
    }
  }

  absl::StatusOr<std::unique_ptr<SumSession>> Begin(std::size_t council, const contract::RoundSpec& spec) {
    Council& one = *councils_[council];
    return one.door.Sum(spec, {.nonce = std::string(32, 'n'), .roster_epoch = 1}, roster_, one.tables);
  }

  // Everybody through all steps; the cells of the sum.
  std::vector<std::int64_t> Run(const contract::RoundSpec& spec) {
    std::vector<std::unique_ptr<SumSession>> nodes;
    for (std::size_t i = 0; i < kCouncils; ++i) nodes.push_back(Begin(i, spec).value());
    std::vector<const v1::Metric*> metrics;
    for (const contract::RoundItem& item : spec.items) metrics.push_back(&EntryNamed(item.metric));
    const auto layout = catalogue::LayOut(spec, metrics).value();
    const auto session =
        contract::SecureSessionOf(roster_, roster_.parts[0], spec.least_contributors,
                                  catalogue::VectorOf(crypto::Sha256(contract::CanonicalBytes(spec)),
                                                      roster_.parts[0].code, layout),
                                  std::string(32, 'n'))
            .value();
    EXPECT_EQ(session.id(), nodes[0]->id())
        << "what the coordinator makes of roster and round is the nodes' too";
    const auto all = [&](auto& step) {
      for (const auto& node : nodes) EXPECT_OK(step.Add(node->message()));
    };
    crypto::MemoryInputStore store;
    crypto::CoordinatorKeysStep keys(session);
    all(keys);
    auto shares = crypto::CoordinatorSharesStep::From(std::move(keys)).value();
    for (std::uint32_t i = 0; i < kCouncils; ++i) EXPECT_OK(nodes[i]->GoOn({.messages = shares.KeysFor(i)}));
    all(shares);
    auto inputs = crypto::CoordinatorInputStep::From(std::move(shares), store).value();
    for (std::uint32_t i = 0; i < kCouncils; ++i) {
      EXPECT_OK(nodes[i]->GoOn({.shares = inputs.SharesFor(i)}));
      const absl::string_view masked = nodes[i]->masked();
      for (std::size_t at = 0; at * crypto::kInputBlockBytes < masked.size(); ++at) {
        EXPECT_OK(
            inputs.PutBlock(i, at, masked.substr(at * crypto::kInputBlockBytes, crypto::kInputBlockBytes)));
      }
    }
    all(inputs);
    auto consistency = crypto::CoordinatorConsistencyStep::From(std::move(inputs)).value();
    for (const auto& node : nodes) EXPECT_OK(node->GoOn({.messages = consistency.Inputs()}));
    all(consistency);
    auto unmask = crypto::CoordinatorUnmaskStep::From(std::move(consistency)).value();
    for (const auto& node : nodes) EXPECT_OK(node->GoOn({.messages = unmask.Signatures()}));
    all(unmask);
    return unmask.Finish().value().sum.ToValues();
  }

  std::vector<std::unique_ptr<Council>> councils_;
  contract::RosterEpoch roster_;
};

// With so great an ε that noise hardly shows.
TEST_F(SumSessionTest, SumsCountsAndBands) {
  Make();
  contract::RoundItem item = SummedItemFor("19", 9);
  item.distribution_epsilon_numerator = 9;
  const std::vector<std::int64_t> cells = Run(SpecOf("r", {item}));
  ASSERT_EQ(cells.size(), 2 + catalogue::kRateBands + 1);
  std::int64_t with = 0;
  std::int64_t all = 0;
  for (std::size_t i = 0; i < kCouncils; ++i) {
    with += WithOutcome(i);
    all += MembersOf(i);
  }
  // ε/Δ = 3 and 4.5, nine shares where five are enough: beyond 20 once in 10^20.
  EXPECT_LE(std::abs(cells[0] - with), 20);
  EXPECT_LE(std::abs(cells[1] - (all - with)), 20);
  for (std::size_t band = 0; band <= catalogue::kRateBands; ++band) {
    const bool somebody = band % 2 == 0 && band / 2 < kCouncils;
    EXPECT_LE(std::abs(cells[2 + band] - (somebody ? 1 : 0)), 12) << band;
  }
  const std::int64_t councils = std::accumulate(cells.begin() + 2, cells.end(), std::int64_t{0});
  EXPECT_LE(std::abs(councils - static_cast<std::int64_t>(kCouncils)), 30);
}

TEST_F(SumSessionTest, SkellamNoiseHasItsVariance_AndItsCharge) {
  Make();
  contract::RoundItem item = SummedItemFor("19", 0);
  item.rho_numerator = 1;
  item.rho_denominator = 10;
  const v1::Metric* const metric = &EntryNamed("19");
  const contract::RoundSpec spec = SpecOf("r", {item});
  ASSERT_OK_AND_ASSIGN(const auto layout, catalogue::LayOut(spec, {&metric, 1}));
  const double deviation = std::sqrt(static_cast<double>(layout.items[0].counts.variance) * kCouncils / 5);
  const std::vector<std::int64_t> cells = Run(spec);
  std::int64_t with = 0;
  for (std::size_t i = 0; i < kCouncils; ++i) with += WithOutcome(i);
  EXPECT_LT(std::abs(static_cast<double>(cells[0] - with)), 8 * deviation);
  ASSERT_OK_AND_ASSIGN(const auto entries, councils_[0]->made_up.ledger().Entries());
  const auto charge = std::find_if(entries.begin(), entries.end(),
                                   [](const LedgerEntry& entry) { return entry.kind == EntryKind::kCharge; });
  ASSERT_NE(charge, entries.end());
  EXPECT_EQ(charge->claim.rho_charge, kBudgetUnits / 10);
  EXPECT_EQ(charge->claim.charge, 0u);
  EXPECT_GT(charge->claim.delta, 0u);
}

// Nine shares of which any five are the whole: the five honest of the seven that must contribute. Five
// standard deviations of the measured variance; noise for the two others as well would be 0.29 below.
class SumNoiseTest : public SumSessionTest {
 protected:
  // How the noise on many cells compares with that law where these councils alone have anybody.
  void ExpectWholeNoise(const std::set<std::size_t>& with_children) {
    Make(absl::StrCat(absl::StrReplaceAll(kPolicy, {{"metric = \"19\"", "metric = \"1\""}}),
                      "breakdowns = [\"age_band\", \"sex\", \"ethnicity\", \"need\", \"source\"]\n"));
    constexpr std::int64_t kChildren = 40;
    for (std::size_t i = 0; i < kCouncils; ++i) {
      const std::int64_t children = with_children.contains(i) ? kChildren : 0;
      councils_[i]->tables = MadeUpTables([children](contract::Table& table) {
        std::fill(table.values.begin(), table.values.end(), children);
      });
    }
    contract::RoundItem item = SummedItemFor("1", 0);
    item.rho_numerator = 1;
    item.rho_denominator = 1;
    item.breakdowns = {"age_band", "sex", "ethnicity", "need", "source"};
    item.units.clear();
    item.window_days.clear();
    const v1::Metric* const metric = &EntryNamed("1");
    const contract::RoundSpec spec = SpecOf("r", {item});
    ASSERT_OK_AND_ASSIGN(const auto layout, catalogue::LayOut(spec, {&metric, 1}));
    const std::vector<std::int64_t> cells = Run(spec);
    const std::size_t columns = layout.items[0].counts.plan.tables[0].columns.size();
    const std::int64_t children = kChildren * static_cast<std::int64_t>(with_children.size());
    double squares = 0;
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
      // The last column is of those without the first outcome: nobody.
      const auto noise = static_cast<double>(cells[cell] - ((cell + 1) % columns == 0 ? 0 : children));
      squares += noise * noise;
    }
    const auto count = static_cast<double>(cells.size());
    const double expected = static_cast<double>(layout.items[0].counts.variance) * kCouncils / 5;
    EXPECT_NEAR(squares / count / expected, 1, 5 * std::sqrt(2 / count));
  }
};

TEST_F(SumNoiseTest, IsThatOfTheHonest_AmongTheFewestContributors) {
  ExpectWholeNoise({0, 1, 2, 3, 4, 5, 6, 7, 8});
}

// The sum of a cohort that one council alone has is that council's count: nothing else covers it.
TEST_F(SumNoiseTest, IsWhole_WhenOneCouncilAloneHasACohort) {
  ExpectWholeNoise({3});
}

// Councils whose rate rises with their deprivation: the line comes out of the sums.
TEST_F(SumSessionTest, MomentsGiveTheLine) {
  Make();
  contract::RosterPart& part = roster_.parts[0];
  contract::RoundItem item = SummedItemFor("19");
  item.deprivation_rho_numerator = 1;
  const contract::RoundSpec spec = SpecOf("r", {item});
  EXPECT_THAT(Begin(0, spec), StatusIs(absl::StatusCode::kFailedPrecondition,
                                       HasSubstr("does not state the deprivation of E06000001")));
  // Seven contributors must sign; two councils of one deprivation and one of another could be subtracted.
  for (std::size_t i = 0; i < kCouncils; ++i) {
    part.members[i].deprivation = i < 2 ? 1 : 1 + 5 * static_cast<std::uint32_t>(i);
  }
  EXPECT_THAT(Begin(0, spec),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("3 of the two commonest")));
  for (std::size_t i = 0; i < kCouncils; ++i) {
    part.members[i].deprivation = 1 + 5 * static_cast<std::uint32_t>(i);
  }
  const v1::Metric* const metric = &EntryNamed("19");
  ASSERT_OK_AND_ASSIGN(const auto layout, catalogue::LayOut(spec, {&metric, 1}));
  const double deviation = std::sqrt(static_cast<double>(layout.items[0].moments.variance) * kCouncils / 7);
  const std::vector<std::int64_t> cells = Run(spec);
  ASSERT_EQ(cells.size(), 5u);
  std::int64_t sums[3] = {0, 0, 0};
  for (std::size_t i = 0; i < kCouncils; ++i) {
    const std::int64_t weight = 5 * static_cast<std::int64_t>(i) - 20;
    sums[0] += weight * MembersOf(i);
    sums[1] += weight * weight * MembersOf(i);
    sums[2] += weight * WithOutcome(i);
  }
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_LT(std::abs(static_cast<double>(cells[2 + i] - sums[i])), 8 * deviation) << i;
  }
}

// Whose ledger is put back from before this round is told so by any of the others, in any later one.
TEST_F(SumSessionTest, EveryCouncilKeepsHowFarTheOthersLedgersHadCome) {
  Make();
  Run(SpecOf("r", {SummedItemFor("19")}));
  for (const auto& keeper : councils_) {
    for (const contract::RosterMember& member : roster_.parts[0].members) {
      if (member.council == keeper->code) continue;
      const crypto::SessionMember peer{.id = member.council, .signing_key = member.signing_key};
      ASSERT_OK_AND_ASSIGN(const crypto::LedgerHead head, keeper->made_up.ledger().HeadOf(peer));
      EXPECT_EQ(head.sequence, 2u) << "the session and the charge";
      EXPECT_TRUE(crypto::IsSignedBy(peer, head));
    }
  }
}

// A region of few councils inside a country's round: its sum would be theirs.
TEST_F(SumSessionTest, PartsOfFewCouncilsAreRefused) {
  Make();
  roster_.parts[0].members.pop_back();  // eight: only four honest shares of noise are certain
  EXPECT_THAT(Begin(0, SpecOf("r", {SummedItemFor("19")})),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("too few councils")));
  roster_.parts[0].members.resize(1);
  EXPECT_THAT(Begin(0, SpecOf("r", {SummedItemFor("19")})),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("too few councils")));
}

// What others may hear of a refusal.
TEST_F(SumSessionTest, RefusalsHaveAWordForOthers) {
  Make();
  const contract::RoundSpec spec = SpecOf("r", {SummedItemFor("19")});
  const auto word = [&](const contract::RoundSpec& asked) { return DeclineOf(Begin(0, asked).status()); };
  EXPECT_EQ(word(SpecOf("r", {SummedItemFor("16")})), v1::ABSENCE_NOT_ALLOWED);
  contract::RoundSpec unknown = spec;
  unknown.items[0].definition_hash = std::string(32, 'x');
  EXPECT_EQ(word(unknown), v1::ABSENCE_UNKNOWN_DEFINITION);
  contract::RoundSpec few = spec;
  few.least_contributors = 2;
  EXPECT_EQ(word(few), std::nullopt) << "a spec that breaks the contract is nobody's to decline";
  councils_[0]->tables.adjust = [](Measured& measured) { measured.completeness = Completeness::kNotCovered; };
  EXPECT_EQ(word(spec), v1::ABSENCE_NOT_COVERED);
  councils_[0]->tables.adjust = nullptr;
  Run(spec);
  EXPECT_EQ(word(SpecOf("again", {SummedItemFor("19", 2)})), v1::ABSENCE_ALREADY_RELEASED);
}

TEST_F(SumSessionTest, ADeclineIsSignedForTheRoundAndItsReason) {
  Make();
  Council& council = *councils_[0];
  const contract::RoundSpec spec = SpecOf("r", {SummedItemFor("19")});
  ASSERT_OK_AND_ASSIGN(const contract::Decline decline,
                       council.door.Decline(spec, v1::ABSENCE_AWAITING_APPROVAL));
  EXPECT_EQ(decline.council, council.code);
  EXPECT_EQ(decline.spec_hash, crypto::Sha256(contract::CanonicalBytes(spec)));
  EXPECT_OK(crypto::VerifySignature(council.made_up.key().public_key(), contract::CanonicalBytes(decline),
                                    decline.signature));
}

// The officers signed another roster between two tries.
TEST_F(SumSessionTest, ARetryUnderAnotherRosterIsRefused) {
  Make();
  const contract::RoundSpec spec = SpecOf("r", {SummedItemFor("19")});
  Run(spec);  // council 0 released; what follows is of one that had only been charged
  Council& late = *councils_[3];
  const contract::RoundSpec other = SpecOf("s", {SummedItemFor("19", 2)});
  EXPECT_THAT(Begin(3, other), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("one secure sum")));
  roster_.parts[0].members.pop_back();
  roster_.parts[0].members.push_back({.council = "E06000099", .signing_key = std::string(32, 'k')});
  EXPECT_THAT(late.door.Sum(other, {.nonce = std::string(32, 'm'), .roster_epoch = 1}, roster_, late.tables),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("one roster")));
}

struct Floor {
  const char* name;
  const char* line;
  const char* refusal;
  absl::StatusCode code = absl::StatusCode::kFailedPrecondition;
};
class SumFloorTest : public SumSessionTest, public ::testing::WithParamInterface<Floor> {};

TEST_P(SumFloorTest, KeepsTheCouncilAway) {
  Make(absl::StrReplaceAll(kPolicy, {{"[floors]\n", absl::StrCat("[floors]\n", GetParam().line, "\n")}}));
  const absl::Status refused = Begin(0, SpecOf("r", {SummedItemFor("19")})).status();
  EXPECT_THAT(refused, StatusIs(GetParam().code, HasSubstr(GetParam().refusal)));
  EXPECT_EQ(DeclineOf(refused), v1::ABSENCE_BELOW_FLOORS);
  ASSERT_OK_AND_ASSIGN(const auto entries, councils_[0]->made_up.ledger().Entries());
  EXPECT_TRUE(entries.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Floors, SumFloorTest,
    ::testing::Values(Floor{"Members", "least_members = 10", "the part has 9 councils"},
                      Floor{"Contributors", "least_contributors = 8", "the policy's floor is 8",
                            absl::StatusCode::kPermissionDenied},
                      Floor{"Signatures", "least_signatures = 8", "7 contributors must sign"},
                      Floor{"Noise", "most_sum_epsilon = \"0.9\"", "floors.most_sum_epsilon is 9/10"}),
    [](const auto& one) { return one.param.name; });

TEST_F(SumSessionTest, FloorsThatAreKeptLetItIn) {
  Make(absl::StrReplaceAll(
      kPolicy,
      {{"[floors]\n", "[floors]\nleast_members = 9\nleast_signatures = 7\nmost_sum_epsilon = \"1\"\n"}}));
  EXPECT_OK(Begin(0, SpecOf("r", {SummedItemFor("19")})));
}

// Of counts and distribution together.
TEST_F(SumSessionTest, TheNoiseFloorHoldsForAllThatAnItemCosts) {
  Make(absl::StrReplaceAll(kPolicy, {{"[floors]\n", "[floors]\nmost_sum_epsilon = \"1\"\n"}}));
  contract::RoundItem item = SummedItemFor("19");
  item.distribution_epsilon_numerator = 1;
  EXPECT_THAT(Begin(0, SpecOf("r", {item})), StatusIs(absl::StatusCode::kFailedPrecondition,
                                                      HasSubstr("epsilon 2; floors.most_sum_epsilon is 1")));
}

// Flower #4982: values above the clip all give the same sum, silently. Here both clips are told, beside by
// how much they change what is summed; and to nobody else.
TEST_F(SumSessionTest, WhatIsClampedIsToldInThePreview) {
  Make();
  Council& council = *councils_[0];
  const contract::RoundSpec spec = SpecOf("r", {SummedItemFor("19")});
  ASSERT_OK_AND_ASSIGN(const std::vector<ItemPreview> clean, council.door.Preview(spec, council.tables));
  EXPECT_TRUE(clean[0].clamping.empty());
  EXPECT_EQ(clean[0].cut_cells, 0u);

  // Two families have five members beyond the bound, of whom four have the outcome.
  MadeUpTables bounded([](contract::Table& table) { table.values = {40, 100}; });
  bounded.adjust = [&bounded](Measured& measured) {
    if (!bounded.last_limit) return;
    measured.left_out = {.families = 2, .members = 5};
    measured.table.values = {36, 95};
  };
  ASSERT_OK_AND_ASSIGN(const std::vector<ItemPreview> told, council.door.Preview(spec, bounded));
  ASSERT_EQ(told[0].summed.size(), 1u);
  EXPECT_EQ(told[0].summed[0].values, (std::vector<std::int64_t>{36, 59})) << "what is bounded is summed";
  ASSERT_EQ(told[0].clamping.size(), 1u);
  EXPECT_EQ(told[0].clamping[0].left_out, (LeftOut{.families = 2, .members = 5}));
  EXPECT_EQ(told[0].clamping[0].cells, 2u);
  EXPECT_EQ(told[0].clamping[0].most, 5);

  // Counts above the most that is summed, of whatever size, become that.
  for (const std::int64_t count : {catalogue::kMostSummedCount + 1, 7 * catalogue::kMostSummedCount}) {
    MadeUpTables great([count](contract::Table& table) { table.values = {10, count + 10}; });
    ASSERT_OK_AND_ASSIGN(const std::vector<ItemPreview> cut, council.door.Preview(spec, great));
    EXPECT_EQ(cut[0].summed[0].values, (std::vector<std::int64_t>{10, catalogue::kMostSummedCount}));
    EXPECT_EQ(cut[0].cut_cells, 1u);
  }
}

TEST_F(SumSessionTest, PersonsApproveSpecAndCells_AndNothingElse) {
  crypto::SystemRandom random;
  TemporaryFolder folder;
  const auto approver = crypto::SigningKey::LoadOrCreate(folder.Path("approver.key"), random).value();
  Make(absl::StrReplaceAll(
      kPolicy, {{"approval = \"automatic\"\n",
                 absl::StrCat("approval = \"by-person\"\n[[approver]]\nname = \"x\"\npublic_key = \"",
                              absl::BytesToHexString(approver.public_key()), "\"\n")}}));
  Council& council = *councils_[4];
  const contract::RoundSpec spec = SpecOf("r", {SummedItemFor("19")});
  EXPECT_THAT(Begin(4, spec), StatusIs(absl::StatusCode::kUnavailable, HasSubstr("0 of 1 signatures")));
  ASSERT_OK_AND_ASSIGN(const std::vector<ItemPreview> items, council.door.Preview(spec, council.tables));
  ASSERT_EQ(items.size(), 1u);
  ASSERT_EQ(items[0].summed.size(), 1u);
  EXPECT_EQ(items[0].summed[0].values, (std::vector<std::int64_t>{200, 300}))
      << "with the outcome, and without";
  ASSERT_TRUE(items[0].noised.has_value());
  EXPECT_EQ(items[0].noised->claim.charge, kBudgetUnits);
  const Proposal proposal = council.door.Propose(spec, items);
  ASSERT_OK_AND_ASSIGN(const Approval approval, Approve(proposal, approver));
  ASSERT_OK(council.made_up.ledger().Approve(spec.round_id, approval.proposal_hash, BytesOf(approval)));
  EXPECT_OK(Begin(4, spec));

  // One member more, and it is not what was approved.
  MadeUpTables others([](contract::Table& table) { table.values = {200, 501}; });
  EXPECT_THAT(council.door.Sum(spec, {.nonce = std::string(32, 'm'), .roster_epoch = 1}, roster_, others),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("0 of 1 signatures")));
  // Another ε neither.
  const contract::RoundSpec other = SpecOf("r", {SummedItemFor("19", 2)});
  EXPECT_THAT(Begin(4, other), StatusIs(absl::StatusCode::kUnavailable, HasSubstr("0 of 1 signatures")));
}

}  // namespace
}  // namespace waymark::node
