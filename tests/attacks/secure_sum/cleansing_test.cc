// Whether a node's secrets are cleansed when a step ends is looked at from operator delete, which this
// program replaces: whatever storage is given back is searched for the node's keys, its seed, the shares it
// made and its vector. They are known, since its randomness is.
#include <malloc.h>

#include <cstdlib>
#include <cstring>
#include <new>

#include "absl/strings/string_view.h"
#include "crypto/secret_sharing.h"
#include "tests/unit/crypto/fake_random.h"
#include "tests/unit/crypto/secure_sum/federation.h"

namespace {

constexpr std::size_t kNeedleBytes = 20;
constexpr std::size_t kMostNeedles = 16;
struct Watch {
  bool on = false;
  std::size_t needles = 0;
  char needle[kMostNeedles][kNeedleBytes] = {};
  unsigned found = 0;  // a bit each
};
Watch watch;

void Look(const void* storage) {
  if (!watch.on || storage == nullptr) return;
  const std::size_t size = malloc_usable_size(const_cast<void*>(storage));
  for (std::size_t i = 0; i < watch.needles; ++i) {
    if (memmem(storage, size, watch.needle[i], kNeedleBytes) != nullptr) watch.found |= 1u << i;
  }
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* const storage = std::calloc(1, size)) return storage;  // nothing of what stood there before
  throw std::bad_alloc();
}
void operator delete(void* storage) noexcept {
  Look(storage);
  std::free(storage);
}
void operator delete(void* storage, std::size_t) noexcept {
  Look(storage);
  std::free(storage);
}

namespace waymark::crypto {
namespace {

constexpr std::uint32_t kNode = 2;
constexpr std::int64_t kMarker = 0x5EC2E7C0FFEE1234;

class CleansingAttack : public FederationTest {
 protected:
  enum Needle { kMaskKey, kSealingKey, kSeed, kInput, kFirstShare };

  ~CleansingAttack() override { watch.on = false; }

  // A session whose node 2 draws from known bytes, up to its keys; the watch is on.
  TestRound& Begin() {
    watch = Watch{};
    known_ = std::make_unique<testing::SeededRandom>(77);
    for (auto& row : values_) row.assign(kCells, kMarker);
    TestRound& round = NewRound();
    round.randoms[kNode] = known_.get();
    LearnSecrets(round.session);
    watch.on = true;
    round.Keys();
    return round;
  }

  static void Add(absl::string_view secret) {
    // From inside it: the ends of a key are changed after they are drawn.
    std::memcpy(watch.needle[watch.needles++], secret.data() + 5, kNeedleBytes);
  }

  static void LearnSecrets(const Session& session) {
    testing::SeededRandom again(77);
    const AgreementKey mask_key = *AgreementKey::Generate(again);
    const AgreementKey sealing_key = *AgreementKey::Generate(again);
    SecretBytes seed = *SecretBytes::Random(32, again);
    seed.MutableSecret().back() &= 0x7F;
    Add(mask_key.private_key().RevealSecretText());
    Add(sealing_key.private_key().RevealSecretText());
    Add(seed.RevealSecretText());
    Add(Vector(std::vector<std::int64_t>(kCells, kMarker)).bytes());
    const std::vector<std::uint32_t> points = {1, 2, 3, 4, 5, 6};
    for (const SecretBytes* const secret : std::vector<const SecretBytes*>{&seed, &mask_key.private_key()}) {
      const auto shares = *SplitSecret(*secret, session.share_threshold(), points, again);
      for (const SecretBytes& share : shares) Add(share.RevealSecretText());
    }
  }

  void ExpectCleansed() {
    watch.on = false;
    EXPECT_EQ(watch.found, 0u);
  }

  std::unique_ptr<testing::SeededRandom> known_;
};

// The control, for each needle: a copy in a plain string is seen.
TEST_F(CleansingAttack, TheWatchSeesWhatAStringLeavesBehind) {
  TestRound& round = Begin();
  ASSERT_EQ(watch.needles, kMostNeedles);
  const std::vector<SignedMessage> keys = {round.at_keys.at(0).message(), round.at_keys.at(kNode).message()};
  testing::SeededRandom again(77);
  const AgreementKey mask_key = *AgreementKey::Generate(again);
  // That these are the node's own secrets and no others.
  EXPECT_EQ(ReadKeys(round.session, keys[1])->mask_key, mask_key.public_key());
  EXPECT_EQ(watch.found, 0u);
  for (std::size_t i = 0; i < kMostNeedles; ++i) {
    { const std::string copy = "before " + std::string(watch.needle[i], kNeedleBytes) + " after"; }
    EXPECT_EQ(watch.found, (2u << i) - 1);
  }
}

TEST_F(CleansingAttack, NothingIsLeftBehind_WhenAStepIsLetGo) {
  TestRound& at_keys = Begin();
  at_keys.at_keys.erase(kNode);
  ExpectCleansed();

  TestRound& at_shares = Begin();
  ASSERT_OK(at_shares.Shares());
  at_shares.at_shares.erase(kNode);
  ExpectCleansed();

  TestRound& at_input = Begin();
  ASSERT_OK(at_input.Shares());
  ASSERT_OK(at_input.Inputs(values_));
  at_input.at_input.erase(kNode);
  ExpectCleansed();

  TestRound& at_consistency = Begin();
  ASSERT_OK(at_consistency.Shares());
  ASSERT_OK(at_consistency.Inputs(values_));
  ASSERT_OK(at_consistency.Consistency());
  at_consistency.at_consistency.erase(kNode);
  ExpectCleansed();
}

TEST_F(CleansingAttack, NothingIsLeftBehind_WhenAStepEndsInAnError) {
  TestRound& at_keys = Begin();
  EXPECT_FALSE(NodeSharesStep::From(std::move(at_keys.at_keys.at(kNode)), {}).ok());
  ExpectCleansed();

  TestRound& at_shares = Begin();
  ASSERT_OK(at_shares.Shares());
  journal(kNode).is_charged = false;
  ASSERT_OK(at_shares.Inputs(values_, {kNode}));
  EXPECT_FALSE(NodeInputStep::From(std::move(at_shares.at_shares.at(kNode)),
                                   at_shares.inputs->SharesFor(kNode), Gives(values_[kNode]))
                   .ok());
  journal(kNode).is_charged = true;
  ExpectCleansed();

  TestRound& at_input = Begin();
  ASSERT_OK(at_input.Shares());
  ASSERT_OK(at_input.Inputs(values_));
  EXPECT_FALSE(NodeConsistencyStep::From(std::move(at_input.at_input.at(kNode)), {}).ok());
  ExpectCleansed();

  TestRound& at_consistency = Begin();
  ASSERT_OK(at_consistency.Shares());
  ASSERT_OK(at_consistency.Inputs(values_));
  ASSERT_OK(at_consistency.Consistency());
  EXPECT_FALSE(NodeUnmaskStep::From(std::move(at_consistency.at_consistency.at(kNode)), {}).ok());
  ExpectCleansed();
}

// After the last step the shares of the node's seed are no secrets: they were sent to open it.
TEST_F(CleansingAttack, NeitherKeysNorSeedNorVectorAreLeftBehind_WhenTheSessionIsOver) {
  TestRound& round = Begin();
  ASSERT_OK(round.Shares());
  ASSERT_OK(round.Inputs(values_));
  ASSERT_OK(round.Consistency());
  ASSERT_OK(round.Unmask());
  round.at_consistency.clear();
  watch.on = false;
  EXPECT_EQ(watch.found & ((1u << kFirstShare) - 1), 0u);
  EXPECT_NE(watch.found, 0u) << "the shares are seen in the messages, so the watch looks";
}

}  // namespace
}  // namespace waymark::crypto
