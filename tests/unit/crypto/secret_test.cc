// Whether secrets are cleansed is looked at from operator delete, which this program replaces: there the
// storage still exists, so reading it is defined, and what stands in it is what the secret left behind.
#include "crypto/secret.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "tests/testing/status_matchers.h"
#include "tests/unit/crypto/fake_random.h"

namespace {

constexpr std::size_t kWatchedBytes = 4099;  // a size that nothing else in this program allocates
struct Watch {
  bool on = false;
  int released = 0;
  bool all_zero = true;
};
thread_local Watch watch;

void Look(const void* storage, std::size_t size) {
  if (!watch.on || size != kWatchedBytes) return;
  ++watch.released;
  const auto* const bytes = static_cast<const unsigned char*>(storage);
  for (std::size_t i = 0; i < size; ++i) watch.all_zero = watch.all_zero && bytes[i] == 0;
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* const storage = std::malloc(size)) return storage;
  throw std::bad_alloc();
}
void operator delete(void* storage) noexcept {
  std::free(storage);
}
void operator delete(void* storage, std::size_t size) noexcept {
  Look(storage, size);
  std::free(storage);
}

namespace waymark::crypto {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);
static_assert(std::is_nothrow_move_constructible_v<SecretBytes> &&
              std::is_nothrow_move_assignable_v<SecretBytes>);

const std::string& Watched() {
  static const std::string text(kWatchedBytes, 's');
  return text;
}

class SecretCleansingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Watched();
    watch = Watch{.on = true};
  }
  void TearDown() override { watch.on = false; }
};

// The control: without it a test that looks at nothing would pass.
TEST_F(SecretCleansingTest, TheWatchSeesWhatAVectorLeavesBehind) {
  { const std::vector<std::uint8_t> plain(kWatchedBytes, 's'); }
  EXPECT_EQ(watch.released, 1);
  EXPECT_FALSE(watch.all_zero);
}

TEST_F(SecretCleansingTest, CleansesOnDestruction) {
  { const SecretBytes secret(Watched()); }
  EXPECT_EQ(watch.released, 1);
  EXPECT_TRUE(watch.all_zero);
}

TEST_F(SecretCleansingTest, CleansesWhatAnAssignmentReplaces) {
  SecretBytes secret(Watched());
  secret = SecretBytes("new");
  EXPECT_EQ(watch.released, 1);
  EXPECT_TRUE(watch.all_zero);
  EXPECT_EQ(secret.RevealSecretText(), "new");
}

TEST_F(SecretCleansingTest, CleansesOnce_WhenMovedAbout) {
  {
    SecretBytes first(Watched());
    SecretBytes second(std::move(first));
    SecretBytes third;
    third = std::move(second);
    std::optional<SecretBytes> fourth(std::move(third));
    EXPECT_EQ(watch.released, 0);
  }
  EXPECT_EQ(watch.released, 1);
  EXPECT_TRUE(watch.all_zero);
}

TEST_F(SecretCleansingTest, CleansesAClone) {
  {
    const SecretBytes secret(Watched());
    const SecretBytes clone = secret.Clone();
    EXPECT_EQ(clone.RevealSecretText(), Watched());
  }
  EXPECT_EQ(watch.released, 2);
  EXPECT_TRUE(watch.all_zero);
}

TEST_F(SecretCleansingTest, CleansesWhatAFailedGeneratorBegan) {
  testing::FailingRandom random;
  EXPECT_THAT(SecretBytes::Random(kWatchedBytes, random),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("on purpose")));
  EXPECT_EQ(watch.released, 1);
  EXPECT_TRUE(watch.all_zero);
}

TEST(SecretBytesTest, AMoveLeavesTheSourceEmpty) {
  SecretBytes from("secret");
  SecretBytes to(std::move(from));
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): that is the question
  EXPECT_EQ(to.RevealSecretText(), "secret");
  SecretBytes assigned("old");
  assigned = std::move(to);
  EXPECT_TRUE(to.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(assigned.RevealSecretText(), "secret");
}

TEST(SecretBytesTest, AMoveToItselfKeepsTheSecret) {
  SecretBytes secret("secret");
  SecretBytes& same = secret;
  secret = std::move(same);
  EXPECT_EQ(secret.RevealSecretText(), "secret");
}

TEST(SecretBytesTest, ACloneIsIndependent) {
  SecretBytes secret("secret");
  const SecretBytes clone = secret.Clone();
  secret.MutableSecret()[0] = 'S';
  EXPECT_EQ(clone.RevealSecretText(), "secret");
  EXPECT_EQ(secret.RevealSecretText(), "Secret");
}

TEST(SecretBytesTest, BeginsWithZeros_WhenMadeOfASize) {
  const SecretBytes secret(std::size_t{3});
  EXPECT_EQ(secret.RevealSecretText(), absl::string_view("\0\0\0", 3));
  EXPECT_TRUE(SecretBytes().empty());
  EXPECT_TRUE(SecretBytes(absl::string_view()).empty());
  EXPECT_EQ(SecretBytes().RevealSecretText(), "");
}

TEST(SecretBytesTest, TakesItsBytesFromTheSource_WhenRandom) {
  testing::CountingRandom random;
  ASSERT_OK_AND_ASSIGN(const SecretBytes secret, SecretBytes::Random(4, random));
  EXPECT_EQ(secret.RevealSecretText(), absl::string_view("\0\1\2\3", 4));
}

}  // namespace
}  // namespace waymark::crypto
