// A session whose every byte was worked out apart from this code, by tests/vectors/secure_sum.py.
#include <sstream>

#include "absl/strings/escaping.h"
#include "base/file.h"
#include "tests/unit/crypto/fake_random.h"
#include "tests/unit/crypto/secure_sum/federation.h"

namespace waymark::crypto {
namespace {

constexpr std::uint32_t kMembers = 3;

// Of each kind, the entries in order, decoded.
std::map<std::string, std::vector<std::string>> ReadVectors() {
  const auto text = ReadFile("tests/vectors/secure_sum.txt", 1'000'000);
  EXPECT_OK(text);
  std::map<std::string, std::vector<std::string>> vectors;
  std::istringstream lines(text.value_or(""));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name, value;
    words >> name >> value;
    if (name == "#") continue;
    vectors[name].push_back(name == "ring" ? value : absl::HexStringToBytes(value));
  }
  return vectors;
}

TEST(SecureSumKnownAnswer, EveryMessageAndVectorIsAsWorkedOutElsewhere) {
  const auto vectors = ReadVectors();
  ASSERT_EQ(vectors.at("drawn").size(), kMembers);
  const char* const ids[kMembers] = {"E06000001", "E06000002", "E10000003"};
  std::vector<std::unique_ptr<TestMember>> members;
  std::vector<std::unique_ptr<testing::ScriptedRandom>> drawn;
  for (std::uint32_t i = 0; i < kMembers; ++i) {
    members.push_back(std::make_unique<TestMember>(
        ids[i], *SigningKey::FromSeed(SecretBytes(vectors.at("signing_seed")[i]))));
    // After the keys and the seed come the coefficients of the sharings, on which nothing here depends.
    drawn.push_back(
        std::make_unique<testing::ScriptedRandom>(vectors.at("drawn")[i] + std::string(1'000, '\1')));
  }
  SystemRandom random;
  TestRound round(members, ParametersOf(members, 5), random);
  for (std::uint32_t i = 0; i < kMembers; ++i) round.randoms[i] = drawn[i].get();
  EXPECT_EQ(round.session.id(), vectors.at("session")[0]);
  round.Keys();
  for (std::uint32_t i = 0; i < kMembers; ++i) {
    EXPECT_EQ(round.at_keys.at(i).message().body, vectors.at("keys")[i]);
  }
  ASSERT_OK(round.Shares());
  ASSERT_OK(round.Inputs({{1, -2, 3, 40, 5}, {600, 7, 8, -9, 10}, {-11, 12, std::int64_t{1} << 40, 14, 0}}));
  for (std::uint32_t i = 0; i < kMembers; ++i) {
    EXPECT_EQ(round.at_input.at(i).masked(), vectors.at("masked")[i]);
    EXPECT_EQ(round.at_input.at(i).message().body, vectors.at("input")[i]);
  }
  ASSERT_OK(round.Consistency());
  for (std::uint32_t i = 0; i < kMembers; ++i) {
    EXPECT_EQ(round.at_consistency.at(i).message().body, vectors.at("consistency")[i]);
  }
  ASSERT_OK(round.Unmask());
  ASSERT_OK_AND_ASSIGN(const SecureSum sum, round.unmask->Finish());
  EXPECT_THAT(sum.sum.ToValues(), ::testing::ElementsAre(590, 17, (std::int64_t{1} << 40) + 11, 45, 15));
  for (std::uint32_t i = 0; i < kMembers; ++i) {
    EXPECT_EQ(sum.transcript.seeds[i].secret, vectors.at("seed")[i]);
  }
}

TEST(SecureSumKnownAnswer, TheGraphFollowsFromTheBeaconAsWorkedOutElsewhere) {
  std::vector<std::uint32_t> ring;
  std::istringstream places(ReadVectors().at("ring")[0]);
  for (std::string place; std::getline(places, place, ',');) {
    ring.push_back(static_cast<std::uint32_t>(std::stoul(place)));
  }
  ASSERT_EQ(ring.size(), 9u);
  SystemRandom random;
  const auto members = MakeMembers(9, random);
  SessionParameters p = ParametersOf(members, 1);
  p.degree = 4;
  p.share_threshold = 3;
  p.beacon = Sha256("beacon");
  const Session session = *Session::Create(p);
  for (std::size_t place = 0; place < 9; ++place) {
    std::vector<std::uint32_t> near = {ring[(place + 7) % 9], ring[(place + 8) % 9], ring[(place + 1) % 9],
                                       ring[(place + 2) % 9]};
    std::sort(near.begin(), near.end());
    EXPECT_EQ(session.NeighboursOf(ring[place]), near);
  }
}

}  // namespace
}  // namespace waymark::crypto
