// What `waymark log verify` makes of logs that were put together wrongly by one who has the coordinator's
// key.
#include "coordinator/cli/log_bundle.h"

#include <functional>

#include "crypto/merkle_tree.h"
#include "crypto/random.h"
#include "tests/testing/officers.h"
#include "tests/testing/status_matchers.h"

namespace waymark::coordinator {
namespace {

using ::testing::_;
using ::testing::HasSubstr;
using waymark::testing::NextRoster;
using waymark::testing::Officers;
using waymark::testing::StatusIs;

class LogBundleTest : public ::testing::Test {
 protected:
  void Add(v1::LogKind kind, const contract::LogEntry& entry, const std::string& content) {
    v1::LogEntry& made = *bundle_.add_entries();
    made.set_kind(kind);
    made.set_subject(entry.subject);
    made.set_hash(entry.hash);
    made.set_content(content);
  }
  void AddRound(const contract::RoundSpec& spec) {
    v1::RoundSpec message;
    contract::RoundSpecToProto(spec, message);
    Add(v1::LOG_KIND_ROUND, contract::EntryOf(spec), message.SerializeAsString());
  }
  void AddRoster(const contract::SignedRoster& roster) {
    v1::SignedRoster message;
    contract::SignedRosterToProto(roster, message);
    Add(v1::LOG_KIND_ROSTER, contract::EntryOf(roster.roster), message.SerializeAsString());
  }
  void AddPublication(const v1::Publication& publication) {
    Add(v1::LOG_KIND_PUBLICATION, contract::EntryOf(publication), publication.SerializeAsString());
  }
  void AddWithdrawal(const std::string& id) {
    v1::Withdrawal withdrawal;
    withdrawal.set_round_id(id);
    withdrawal.set_reason("a wrong extract");
    Add(v1::LOG_KIND_WITHDRAWAL, contract::EntryOf(withdrawal), withdrawal.SerializeAsString());
  }
  static contract::RoundSpec Spec(const std::string& id) {
    contract::RoundItem item;
    item.metric = "contacts";
    item.version = 1;
    item.definition_hash = std::string(32, 'd');
    item.period = "2024-25";
    item.mode = v1::MODE_THRESHOLDED;
    return {.round_id = id, .title = "t", .opens_unix_s = 1, .deadline_unix_s = 2, .items = {item}};
  }
  static v1::Publication Published(const std::string& id) {
    v1::Publication publication;
    publication.set_round_id(id);
    v1::Publication::Item& item = *publication.add_items();
    item.set_metric("contacts");
    item.set_version(1);
    item.set_period("2024-25");
    item.set_mode(v1::MODE_THRESHOLDED);
    item.set_coverage_hash(std::string(32, 'c'));
    item.set_figures_root(std::string(32, 'f'));
    return publication;
  }
  static contract::RosterEpoch After(const std::optional<contract::RosterEpoch>& previous) {
    return NextRoster(previous, "E06000001", std::string(32, 'k'), absl::FromUnixSeconds(1'800'000'000));
  }
  // The head of what is in the bundle.
  void Sign() {
    crypto::MerkleAccumulator tree;
    for (const v1::LogEntry& entry : bundle_.entries()) {
      tree.Append(
          contract::LogLeafHash({.kind = entry.kind(), .subject = entry.subject(), .hash = entry.hash()}));
    }
    const auto head =
        contract::SignHead({.size = tree.size(), .root = tree.Root(), .time_unix_s = 5}, key_).value();
    contract::SignedLogHeadToProto(head, *bundle_.mutable_head());
  }
  absl::StatusOr<CheckedLog> Check() const {
    return CheckLog(bundle_, {.coordinator_key = key_.public_key(), .governance = officers_.governance()});
  }

  crypto::SystemRandom random_;
  const crypto::SigningKey key_ = crypto::SigningKey::Generate(random_).value();
  Officers officers_;
  v1::LogBundle bundle_;
};

TEST_F(LogBundleTest, TakesAWholeLog) {
  const contract::SignedRoster first = officers_.Sign(After(std::nullopt), 2);
  AddRoster(first);
  AddRoster(officers_.Sign(After(first.roster), 3));
  AddRound(Spec("autumn"));
  AddPublication(Published("autumn"));
  AddRound(Spec("winter"));
  AddPublication(Published("winter"));
  AddWithdrawal("winter");
  Sign();
  const auto checked = Check();
  ASSERT_OK(checked);
  EXPECT_EQ(checked->rosters, 2u);
  EXPECT_EQ(checked->rounds, 2u);
  ASSERT_EQ(checked->publications.size(), 1u);
  EXPECT_EQ(checked->publications[0].round_id(), "autumn");
  EXPECT_EQ(checked->withdrawn, 1u);
}

TEST_F(LogBundleTest, RefusesEntriesThatAreNotTheHeads) {
  AddRound(Spec("autumn"));
  AddRound(Spec("winter"));
  Sign();
  const v1::LogBundle good = bundle_;
  bundle_.mutable_entries()->RemoveLast();
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("not those of its head")));
  bundle_ = good;
  bundle_.mutable_entries()->SwapElements(0, 1);
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("not those of its head")));
  bundle_ = good;
  bundle_.mutable_head()->mutable_head()->set_size(3);
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kUnauthenticated, _));
  bundle_ = good;
  bundle_.clear_head();
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("head.root")));
}

TEST_F(LogBundleTest, RefusesWhatContradictsItself_ThoughItIsSigned) {
  AddRound(Spec("autumn"));
  contract::RoundSpec changed = Spec("autumn");
  changed.title = "another";
  AddRound(changed);
  Sign();
  EXPECT_THAT(Check(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("entry 1: the log has two of round autumn")));
  bundle_.Clear();
  AddPublication(Published("autumn"));
  AddRound(Spec("autumn"));
  Sign();
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("no such round")));
  bundle_.Clear();
  AddRound(Spec("autumn"));
  AddWithdrawal("autumn");
  AddPublication(Published("autumn"));
  Sign();
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("its withdrawal")));
  bundle_.Clear();
  AddWithdrawal("autumn");
  Sign();
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("no such round")));
  for (const auto& change : std::vector<std::function<void(v1::Publication&)>>{
           [](auto& p) { p.mutable_items(0)->set_metric("referrals"); },
           [](auto& p) { p.mutable_items(0)->set_version(2); },
           [](auto& p) { p.mutable_items(0)->set_period("2023-24"); },
           [](auto& p) { p.mutable_items(0)->set_mode(v1::MODE_NOISED); },
           [](auto& p) { *p.add_items() = p.items(0); }}) {
    bundle_.Clear();
    AddRound(Spec("autumn"));
    v1::Publication publication = Published("autumn");
    change(publication);
    AddPublication(publication);
    Sign();
    EXPECT_THAT(Check(),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("not what the log says that it asked")));
  }
}

TEST_F(LogBundleTest, RefusesRostersThatTheOfficersDidNotSign_OrThatDoNotFollow) {
  const contract::RosterEpoch first = After(std::nullopt);
  AddRoster(officers_.Sign(first, 1));
  Sign();
  EXPECT_THAT(Check(),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("entry 0: the roster of epoch 1")));
  EXPECT_OK(CheckLog(bundle_, {.coordinator_key = key_.public_key(), .governance = {}}));
  bundle_.Clear();
  AddRoster(officers_.Sign(After(first), 2));  // without the one that it follows
  Sign();
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("entry 0")));
}

TEST_F(LogBundleTest, RefusesRoundsThatAskForWhatTheOfficersDidNotSign) {
  contract::CatalogueVersion catalogue{
      .federation = "north",
      .number = 1,
      .previous_hash = std::string(32, '\0'),
      .definitions = {{.metric = "contacts", .version = 1, .hash = std::string(32, 'd')}}};
  const auto check = [&](std::size_t officers) {
    v1::SignedCatalogue message;
    contract::SignedCatalogueToProto(
        {.catalogue = catalogue,
         .signatures = officers_.SignBytes(contract::CanonicalBytes(catalogue), officers)},
        message);
    bundle_.Clear();
    AddRound(Spec("early"));
    Add(v1::LOG_KIND_CATALOGUE, contract::EntryOf(catalogue), message.SerializeAsString());
    AddRound(Spec("autumn"));
    Sign();
    contract::Governance governance = officers_.governance();
    governance.signs_catalogue = true;
    return CheckLog(bundle_, {.coordinator_key = key_.public_key(), .governance = governance});
  };
  ASSERT_OK(check(2));
  EXPECT_EQ(check(2)->catalogues, 1u);
  EXPECT_EQ(check(2)->rounds_before_catalogue, 1u);
  EXPECT_THAT(check(1),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("the catalogue of version 1")));
  catalogue.definitions[0].hash[0] ^= 1;
  EXPECT_THAT(check(2),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("entry 2: round autumn asks")));
}

}  // namespace
}  // namespace waymark::coordinator
