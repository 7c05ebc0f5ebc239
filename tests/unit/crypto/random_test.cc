#include "crypto/random.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <new>
#include <set>
#include <string>
#include <vector>

#include "tests/testing/status_matchers.h"

namespace waymark::crypto {
namespace {

std::string Draw(RandomSource& random, std::size_t size) {
  std::string bytes(size, '\0');
  EXPECT_OK(random.Fill(absl::MakeSpan(reinterpret_cast<std::uint8_t*>(bytes.data()), size)));
  return bytes;
}

TEST(SystemRandomTest, FillsEverySize) {
  SystemRandom random;
  EXPECT_EQ(Draw(random, 0), "");
  // Sizes below, at and above the buffer's, in an order that meets its end in the middle of a request.
  for (const std::size_t size : {1u, 31u, 4000u, 100u, 4095u, 4096u, 4097u, 10000u, 3000000u}) {
    const std::string bytes = Draw(random, size);
    // 32 bytes in a row that stayed zero: probability below 10^-70 for all sizes together.
    EXPECT_EQ(bytes.find(std::string(32, '\0')), std::string::npos) << size;
    if (size >= 31) {
      EXPECT_NE(bytes.substr(size - 31), std::string(31, '\0')) << size;
    }
  }
}

TEST(SystemRandomTest, NeverRepeats) {
  SystemRandom one;
  SystemRandom other;
  std::set<std::string> seen;
  for (int i = 0; i < 2000; ++i) {
    EXPECT_TRUE(seen.insert(Draw(one, 16)).second);
    EXPECT_TRUE(seen.insert(Draw(other, 16)).second);
  }
}

// False-failure rate: each of 256 counts is binomial with standard deviation 62 about 3906; six of those are
// exceeded with probability 2 in 10^9, so about 5 in 10^7 for the test.
TEST(SystemRandomTest, UsesEveryByteEquallyOften) {
  SystemRandom random;
  const std::string bytes = Draw(random, 1'000'000);
  std::vector<int> counts(256);
  for (const char c : bytes) ++counts[static_cast<unsigned char>(c)];
  for (const int count : counts) EXPECT_NEAR(count, 1'000'000 / 256.0, 6 * 62.4);
}

// The object's own bytes may be looked at while it lives, as unsigned char.
TEST(SystemRandomTest, HoldsNoByteThatItGaveOut) {
  alignas(SystemRandom) unsigned char storage[sizeof(SystemRandom)];
  auto* const random = new (storage) SystemRandom();
  Draw(*random, 8);  // fills the buffer
  const std::string before(reinterpret_cast<const char*>(storage), sizeof storage);
  const std::string drawn = Draw(*random, 64);
  const std::string after(reinterpret_cast<const char*>(storage), sizeof storage);
  EXPECT_NE(before.find(drawn), std::string::npos);  // they came from the buffer
  EXPECT_EQ(after.find(drawn), std::string::npos);
  EXPECT_EQ(after.find(drawn.substr(0, 16)), std::string::npos);
  EXPECT_EQ(after.find(drawn.substr(48)), std::string::npos);
  std::destroy_at(random);
}

TEST(SystemRandomTest, GivesAChildProcessOtherBytes) {
  SystemRandom random;
  Draw(random, 8);  // so that the parent's buffer is full when the child inherits it
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::uint8_t bytes[64];
    const bool good = random.Fill(absl::MakeSpan(bytes)).ok() &&
                      ::write(ends[1], bytes, sizeof bytes) == static_cast<ssize_t>(sizeof bytes);
    ::_exit(good ? 0 : 1);
  }
  std::string from_child(64, '\0');
  ASSERT_EQ(::read(ends[0], from_child.data(), from_child.size()), 64);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  const std::string from_parent = Draw(random, 4096);
  EXPECT_EQ(from_parent.find(from_child), std::string::npos);
  EXPECT_EQ(from_parent.find(from_child.substr(0, 16)), std::string::npos);
}

}  // namespace
}  // namespace waymark::crypto
