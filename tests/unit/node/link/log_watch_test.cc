// What a node makes of the logs that coordinators of every kind show it. The honest one's tree is that of
// crypto/merkle_tree.h, which has its own tests.
#include "node/link/log_watch.h"

#include <filesystem>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "base/file.h"
#include "crypto/merkle_tree.h"
#include "node/link/asked_definitions.h"
#include "node/link/log_head_file.h"
#include "tests/testing/officers.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::StatusIs;

constexpr char kOwn[] = "E06000001";
constexpr char kOther[] = "E06000002";

crypto::SigningKey Key(char fill) {
  return crypto::SigningKey::FromSeed(crypto::SecretBytes(std::string(32, fill))).value();
}

contract::LogEntry Round(const std::string& id) {
  return {.kind = v1::LOG_KIND_ROUND, .subject = id, .hash = std::string(32, 'h')};
}

// A coordinator: what it shows is its leaves, and what it says otherwise is set by the test.
class FakeLog final : public LogSource {
 public:
  FakeLog() : key_(Key('k')) {}

  void Append(const std::string& id) { leaves_.push_back(contract::LogLeafHash(Round(id))); }
  contract::SignedLogHead HeadOf(std::size_t size) const {
    return contract::SignHead({.size = size,
                               .root = crypto::MerkleRoot(absl::MakeSpan(leaves_).first(size)),
                               .time_unix_s = 1'800'000'000},
                              key_)
        .value();
  }

  absl::StatusOr<contract::SignedLogHead> LogHead() override {
    ++heads_asked;
    if (!unavailable.ok()) return unavailable;
    return head ? *head : HeadOf(leaves_.size());
  }
  absl::StatusOr<std::vector<std::string>> LogConsistency(std::uint64_t from, std::uint64_t to) override {
    if (proof) return *proof;
    if (!consistency.ok()) return consistency;
    if (to > leaves_.size()) return absl::InvalidArgumentError("size");
    return crypto::MerkleConsistency(absl::MakeSpan(leaves_).first(to), from);
  }
  absl::StatusOr<Inclusion> LogInclusion(std::uint64_t size, absl::string_view leaf_hash) override {
    ++proofs_asked;
    for (std::size_t i = 0; i < leaves_.size() && i < size; ++i) {
      if (leaves_[i] != leaf_hash) continue;
      return Inclusion{.index = i, .proof = crypto::MerkleProof(absl::MakeSpan(leaves_).first(size), i)};
    }
    if (lying)
      return Inclusion{.index = 0, .proof = crypto::MerkleProof(absl::MakeSpan(leaves_).first(size), 0)};
    return absl::NotFoundError("no such leaf");
  }
  absl::StatusOr<std::vector<contract::WitnessedHead>> LogWitness(
      const contract::WitnessedHead& own) override {
    witnessed = own;
    return others;
  }

  std::vector<std::string> leaves_;
  const crypto::SigningKey key_;
  std::optional<contract::SignedLogHead> head;
  std::optional<std::vector<std::string>> proof;
  absl::Status consistency;
  absl::Status unavailable;
  std::vector<contract::WitnessedHead> others;
  std::optional<contract::WitnessedHead> witnessed;
  bool lying = false;
  int heads_asked = 0;
  int proofs_asked = 0;
};

class LogWatchTest : public ::testing::Test {
 protected:
  LogWatchTest() {
    for (const char* id : {"r1", "r2", "r3"}) log_.Append(id);
  }

  LogWatch Watch() {
    return {log_,
            {.directory = folder_.path(),
             .coordinator_key = log_.key_.public_key(),
             .council = kOwn,
             .key = own_,
             .key_of = [this](const std::string& council) { return keys_[council]; }}};
  }
  contract::WitnessedHead Seen(const contract::SignedLogHead& head,
                               const std::string& council = kOther) const {
    return contract::WitnessHead(head, council, other_).value();
  }
  contract::LogHead Kept() const { return KeptLogHead(folder_.path()).value()->seen.head; }
  bool Forked() const { return FileExists(LogForkPath(folder_.path())); }

  TemporaryFolder folder_;
  FakeLog log_;
  const crypto::SigningKey own_ = Key('o');
  const crypto::SigningKey other_ = Key('p');
  std::map<std::string, std::string> keys_ = {{kOther, other_.public_key()}};
};

TEST_F(LogWatchTest, KeepsEachHeadOnDisk_AndTellsTheOthers) {
  EXPECT_FALSE(KeptLogHead(folder_.path()).value().has_value());
  LogWatch watch = Watch();
  ASSERT_OK(watch.Refresh());
  EXPECT_EQ(Kept().size, 3u);
  ASSERT_TRUE(log_.witnessed.has_value());
  EXPECT_EQ(log_.witnessed->council, kOwn);
  EXPECT_OK(contract::VerifyWitness(*log_.witnessed, own_.public_key()));
  log_.Append("r4");
  ASSERT_OK(watch.Refresh());
  EXPECT_EQ(Kept(), log_.HeadOf(4).head);
  log_.Append("r5");
  LogWatch again = Watch();  // a node that was started anew goes on from the disk
  ASSERT_OK(again.Refresh());
  EXPECT_EQ(Kept().size, 5u);
}

TEST_F(LogWatchTest, RefusesALogThatWentBack_NamingBothHeads) {
  ASSERT_OK(Watch().Refresh());
  const contract::SignedLogHead before = log_.HeadOf(3);
  log_.leaves_.pop_back();
  EXPECT_THAT(Watch().Refresh(),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("went back"), HasSubstr(contract::Describe(before.head)),
                             HasSubstr(contract::Describe(log_.HeadOf(2).head)))));
  EXPECT_EQ(Kept().size, 3u);
  // A copy that lags is no fork: where the log is as it was, all is well.
  EXPECT_FALSE(Forked());
  log_.Append("r3");
  EXPECT_OK(Watch().Refresh());
}

TEST_F(LogWatchTest, RefusesAnotherLogForGood_NamingBothHeads) {
  for (const std::size_t more : {0u, 1u, 4u}) {
    SCOPED_TRACE(more);
    std::filesystem::remove(LogForkPath(folder_.path()));
    std::filesystem::remove(LogHeadPath(folder_.path()));
    log_.leaves_.resize(3);
    const std::vector<std::string> honest = log_.leaves_;
    const contract::SignedLogHead before = log_.HeadOf(3);
    ASSERT_OK(Watch().Refresh());
    log_.leaves_[1] = contract::LogLeafHash(Round("another"));
    for (std::size_t i = 0; i < more; ++i) log_.Append(absl::StrCat("more", i));
    EXPECT_THAT(Watch().Refresh(),
                StatusIs(absl::StatusCode::kFailedPrecondition,
                         AllOf(HasSubstr("two logs"), HasSubstr(contract::Describe(before.head)),
                               HasSubstr(contract::Describe(log_.HeadOf(3 + more).head)))));
    EXPECT_TRUE(Forked());
    EXPECT_EQ(Kept(), before.head);
    // Whatever it shows after.
    log_.leaves_ = honest;
    LogWatch watch = Watch();
    EXPECT_THAT(watch.Refresh(),
                StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(LogForkPath(folder_.path()))));
    EXPECT_THAT(watch.Require(Round("r1")), StatusIs(absl::StatusCode::kFailedPrecondition, _));
    std::filesystem::remove(LogForkPath(folder_.path()));
    EXPECT_OK(watch.Refresh());
  }
}

TEST_F(LogWatchTest, TakesNoBadProofForAGoodOne) {
  ASSERT_OK(Watch().Refresh());
  log_.Append("r4");
  const std::vector<std::string> good = log_.LogConsistency(3, 4).value();
  std::vector<std::vector<std::string>> wrong = {{}, good, good};
  wrong[1][0][0] ^= 1;
  wrong[2].push_back(std::string(32, 'x'));
  for (const auto& proof : wrong) {
    log_.proof = proof;
    EXPECT_THAT(Watch().Refresh(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("two logs")));
    EXPECT_EQ(Kept().size, 3u);
    std::filesystem::remove(LogForkPath(folder_.path()));
  }
  log_.proof.reset();
  log_.consistency = absl::InvalidArgumentError("no");
  EXPECT_THAT(Watch().Refresh(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("two logs")));
}

TEST_F(LogWatchTest, TellsALineThatIsDownFromALie) {
  ASSERT_OK(Watch().Refresh());
  log_.Append("r4");
  log_.consistency = absl::UnavailableError("away");
  EXPECT_THAT(Watch().Refresh(), StatusIs(absl::StatusCode::kUnavailable, _));
  EXPECT_FALSE(Forked());
  EXPECT_EQ(Kept().size, 3u);
  log_.unavailable = absl::UnimplementedError("no such call");
  EXPECT_THAT(Watch().Refresh(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("up to date")));
}

TEST_F(LogWatchTest, RefusesAHeadThatIsNotSignedByThePinnedKey) {
  log_.head = contract::SignHead(log_.HeadOf(3).head, Key('s')).value();
  EXPECT_THAT(Watch().Refresh(), StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("pinned")));
  EXPECT_FALSE(KeptLogHead(folder_.path()).value().has_value());
}

TEST_F(LogWatchTest, RequiresWhatIsInTheLog_AndAsksOnce) {
  LogWatch watch = Watch();
  ASSERT_OK(watch.Require(Round("r2")));  // with the head that it asks for by itself
  ASSERT_OK(watch.Require(Round("r2")));
  EXPECT_EQ(log_.proofs_asked, 1);
  EXPECT_EQ(log_.heads_asked, 1);
  log_.Append("r4");  // appended since
  EXPECT_OK(watch.Require(Round("r4")));
  EXPECT_THAT(watch.Require(Round("none")),
              StatusIs(absl::StatusCode::kNotFound, AllOf(HasSubstr("round none"), HasSubstr("4 entries"))));
  contract::LogEntry changed = Round("r1");
  changed.hash[0] ^= 1;
  EXPECT_THAT(watch.Require(changed), StatusIs(absl::StatusCode::kNotFound, _));
  log_.lying = true;
  EXPECT_THAT(watch.Require(changed), StatusIs(absl::StatusCode::kNotFound, _));
}

// Each node sees a log that is whole and only grows; only together do they see that there are two.
TEST_F(LogWatchTest, NamesBothHeads_WhenAnotherCouncilWasShownAnotherLog) {
  for (const std::size_t size : {2u, 3u, 4u, 7u}) {
    SCOPED_TRACE(size);
    std::filesystem::remove(LogForkPath(folder_.path()));
    std::filesystem::remove(LogHeadPath(folder_.path()));
    FakeLog another;
    another.Append("r1");
    while (another.leaves_.size() < size) another.Append(absl::StrCat("secret", another.leaves_.size()));
    log_.others = {Seen(another.HeadOf(size))};
    EXPECT_THAT(Watch().Refresh(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                            AllOf(HasSubstr("two logs"), HasSubstr("council E06000002"),
                                                  HasSubstr("this council"),
                                                  HasSubstr(contract::Describe(another.HeadOf(size).head)),
                                                  HasSubstr(contract::Describe(log_.HeadOf(3).head)))));
    ASSERT_TRUE(Forked());
    const std::string kept = ReadFile(LogForkPath(folder_.path()), 10'000).value();
    EXPECT_THAT(kept, AllOf(HasSubstr(kOther), HasSubstr(kOwn)));
  }
}

TEST_F(LogWatchTest, AgreesWithCouncilsThatSawLessOrJustNowMore) {
  log_.others = {Seen(log_.HeadOf(0)), Seen(log_.HeadOf(1)), Seen(log_.HeadOf(3))};
  LogWatch watch = Watch();
  ASSERT_OK(watch.Refresh());
  // Shown to another after this node asked.
  const contract::SignedLogHead earlier = log_.HeadOf(3);
  log_.Append("r4");
  log_.others = {Seen(log_.HeadOf(4))};
  log_.head = earlier;
  EXPECT_THAT(watch.Refresh(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("two logs")))
      << "it keeps the longer one from this node";
  std::filesystem::remove(LogForkPath(folder_.path()));
  log_.head.reset();
  EXPECT_OK(watch.Refresh());
}

TEST_F(LogWatchTest, MindsNoWordThatIsNotTheCouncils_NorOfAnotherCoordinator) {
  FakeLog another;
  another.Append("secret");
  contract::WitnessedHead forged = Seen(another.HeadOf(1));
  forged.signature[0] ^= 1;
  const contract::WitnessedHead foreign = Seen(contract::SignHead(another.HeadOf(1).head, Key('s')).value());
  log_.others = {forged, foreign};
  EXPECT_OK(Watch().Refresh());
  EXPECT_FALSE(Forked());
  // Of a council that is in no roster held here, the coordinator's own signature is enough to show two logs.
  log_.others = {Seen(another.HeadOf(1), "E06000009")};
  EXPECT_THAT(Watch().Refresh(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("E06000009")));
}

TEST_F(LogWatchTest, ComparesAFile_AndSaysWhatIsWrongWithIt) {
  const std::string text = LogHeadText(Seen(log_.HeadOf(2)));
  const auto read = ParseLogHead(text, "head.json");
  ASSERT_OK(read);
  EXPECT_EQ(*read, Seen(log_.HeadOf(2)));
  EXPECT_OK(Watch().Compare(*read));
  for (const std::string& bad : {std::string(), std::string("[]"), std::string("{\"council\": 1}"),
                                 text.substr(0, text.size() / 2), std::string(100'000, '[')}) {
    EXPECT_THAT(ParseLogHead(bad, "head.json"),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("head.json: is no head")));
  }
  contract::WitnessedHead short_root = Seen(log_.HeadOf(2));
  short_root.seen.head.root = "short";
  EXPECT_THAT(ParseLogHead(LogHeadText(short_root), "head.json"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("head.root")));
}

TEST_F(LogWatchTest, SaysThatTheKeptHeadIsDamaged_OrAnothers) {
  ASSERT_OK(WriteFileAtomically(LogHeadPath(folder_.path()), "{}", 0600));
  EXPECT_THAT(Watch().Refresh(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("log-head.json")));
  ASSERT_OK(WriteFileAtomically(LogHeadPath(folder_.path()),
                                LogHeadText(Seen(contract::SignHead(log_.HeadOf(3).head, Key('s')).value())),
                                0600));
  EXPECT_THAT(Watch().Refresh(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("client.toml")));
}

// What the officers signed may be asked, in a federation where they sign that.
class AskedDefinitionsTest : public LogWatchTest {
 protected:
  contract::CatalogueVersion Version(std::uint64_t number) const {
    return {
        .federation = "north",
        .number = number,
        .previous_hash = number == 1 ? std::string(32, '\0') : contract::CatalogueHash(Version(number - 1)),
        .definitions = {{.metric = "contacts",
                         .version = static_cast<std::uint32_t>(number),
                         .hash = std::string(32, 'd')}}};
  }
  void Show(const contract::CatalogueVersion& catalogue, std::size_t officers = 2) {
    shown_ = contract::SignedCatalogue{
        .catalogue = catalogue,
        .signatures = officers_.SignBytes(contract::CanonicalBytes(catalogue), officers)};
    log_.leaves_.push_back(contract::LogLeafHash(contract::EntryOf(catalogue)));
  }
  static contract::RoundSpec Asking(std::uint32_t version) {
    contract::RoundSpec spec;
    spec.round_id = "autumn";
    spec.items.resize(1);
    spec.items[0].metric = "contacts";
    spec.items[0].version = version;
    spec.items[0].definition_hash = std::string(32, 'd');
    return spec;
  }
  AskedDefinitions Asked(bool signs_catalogue = true) {
    contract::Governance governance = officers_.governance();
    governance.signs_catalogue = signs_catalogue;
    return {governance, "north", watch_, [this] {
              ++catalogues_asked_;
              return shown_;
            }};
  }

  const testing::Officers officers_;
  LogWatch watch_ = Watch();
  absl::StatusOr<std::optional<contract::SignedCatalogue>> shown_ = std::nullopt;
  int catalogues_asked_ = 0;
};

TEST_F(AskedDefinitionsTest, AreThoseThatTheOfficersSigned) {
  Show(Version(1));
  AskedDefinitions asked = Asked();
  EXPECT_OK(asked.Check(Asking(1)));
  EXPECT_THAT(asked.Check(Asking(2)), StatusIs(absl::StatusCode::kNotFound, HasSubstr("did not sign")));
  Show(Version(2));
  EXPECT_OK(asked.Check(Asking(2)));
  Show(Version(1));
  EXPECT_THAT(asked.Check(Asking(1)),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("version 2 is held already")));
  EXPECT_OK(Asked(false).Check(Asking(9)));  // a federation whose officers sign rosters alone
}

// What the officers took out is not answered any more, though the version taken before had it.
TEST_F(AskedDefinitionsTest, AreOfTheNewestVersion_OnceTheLogHasGrown) {
  Show(Version(1));
  AskedDefinitions asked = Asked();
  ASSERT_OK(asked.Check(Asking(1)));
  ASSERT_OK(asked.Check(Asking(1)));
  const int before = catalogues_asked_;
  EXPECT_OK(asked.Check(Asking(1)));
  EXPECT_EQ(catalogues_asked_, before) << "asked again of a log that is as it was";
  Show(Version(2));
  ASSERT_OK(watch_.Refresh());
  EXPECT_THAT(asked.Check(Asking(1)),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("did not sign in version 2")));
  EXPECT_OK(asked.Check(Asking(2)));
}

TEST_F(AskedDefinitionsTest, AreNone_WhenTheCatalogueIsAnotherFederations) {
  contract::CatalogueVersion foreign = Version(1);
  foreign.federation = "south";
  Show(foreign);
  EXPECT_THAT(Asked().Check(Asking(1)),
              StatusIs(absl::StatusCode::kNotFound,
                       AllOf(HasSubstr("of the federation south"), HasSubstr("this node is of north"))));
}

// The officers signed two, or one that does not go on from what they signed before.
TEST_F(AskedDefinitionsTest, AreNone_WhileTheCoordinatorShowsAnotherChain) {
  Show(Version(1));
  AskedDefinitions asked = Asked();
  ASSERT_OK(asked.Check(Asking(1)));
  contract::CatalogueVersion other = Version(1);
  other.definitions[0].version = 7;
  Show(other);
  ASSERT_OK(watch_.Refresh());
  EXPECT_THAT(asked.Check(Asking(7)), StatusIs(absl::StatusCode::kNotFound, HasSubstr("tell the officers")));
  EXPECT_THAT(asked.Check(Asking(1)), StatusIs(absl::StatusCode::kNotFound, HasSubstr("tell the officers")));
  contract::CatalogueVersion next = Version(2);
  next.previous_hash = contract::CatalogueHash(other);
  Show(next);
  EXPECT_THAT(asked.Check(Asking(2)), StatusIs(absl::StatusCode::kNotFound, HasSubstr("does not follow")));
  // The chain itself goes on, and a version in between may come and go unseen.
  Show(Version(3));
  EXPECT_OK(asked.Check(Asking(3)));
}

TEST_F(AskedDefinitionsTest, AreNone_WhenTooFewSignedOrTheLogHasItNot) {
  EXPECT_THAT(Asked().Check(Asking(1)), StatusIs(absl::StatusCode::kNotFound, HasSubstr("no catalogue")));
  Show(Version(1), 1);
  EXPECT_THAT(Asked().Check(Asking(1)), StatusIs(absl::StatusCode::kNotFound, HasSubstr("signed by 1")));
  Show(Version(1));
  log_.leaves_.resize(3);
  EXPECT_THAT(Asked().Check(Asking(1)),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("not in the coordinator's log")));
  shown_ = absl::UnavailableError("away");
  EXPECT_THAT(Asked().Check(Asking(1)), StatusIs(absl::StatusCode::kUnavailable, _));
}

}  // namespace
}  // namespace waymark::node
