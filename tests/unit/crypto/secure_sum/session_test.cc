#include "crypto/secure_sum/session.h"

#include <functional>
#include <set>

#include "absl/strings/str_cat.h"
#include "crypto/hash.h"
#include "tests/testing/status_matchers.h"

namespace waymark::crypto {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::StatusIs;

SessionParameters Good(std::size_t n = 6) {
  SessionParameters p;
  p.roster_hash = Sha256("roster");
  p.spec_hash = Sha256("spec");
  p.nonce = Sha256("nonce");
  for (std::size_t i = 0; i < n; ++i) {
    p.members.push_back({absl::StrCat("E", 10'000 + i), Sha256(absl::StrCat("key of ", i))});
  }
  p.threshold = LeastThreshold(n);
  p.least_contributors = p.threshold;
  p.cells = 10;
  return p;
}

SessionParameters Sparse(std::size_t n, std::uint32_t degree) {
  SessionParameters p = Good(n);
  p.degree = degree;
  p.share_threshold = degree / 2 + 1;
  p.beacon = Sha256("beacon");
  return p;
}

struct Bound {
  const char* what;  // stands in the message
  std::function<void(SessionParameters&)> change;
};

TEST(SessionTest, RefusesWhatLiesOutsideABound) {
  const Bound outside[] = {
      {"roster_hash", [](auto& p) { p.roster_hash.clear(); }},
      {"roster_hash", [](auto& p) { p.roster_hash.pop_back(); }},
      {"spec_hash", [](auto& p) { p.spec_hash.clear(); }},
      {"spec_hash", [](auto& p) { p.spec_hash += '0'; }},
      {"nonce", [](auto& p) { p.nonce.clear(); }},
      {"members", [](auto& p) { p.members.clear(); }},
      {"members", [](auto& p) { p.members.resize(2); }},
      {"members", [](auto& p) { p.members.resize(kMostSecureSumMembers + 1); }},
      {"number 0", [](auto& p) { p.members[0].id = ""; }},
      {"number 5", [](auto& p) { p.members[5].id = std::string(65, 'F'); }},
      {"number 3", [](auto& p) { p.members[3].id = p.members[2].id; }},
      {"number 2", [](auto& p) { std::swap(p.members[1].id, p.members[2].id); }},
      {"number 4", [](auto& p) { p.members[4].signing_key = p.members[1].signing_key; }},
      {"number 1", [](auto& p) { p.members[1].signing_key.pop_back(); }},
      {"number 1", [](auto& p) { p.members[1].signing_key = ""; }},
      {"threshold", [](auto& p) { p.threshold = 0; }},
      {"threshold", [](auto& p) { p.threshold = 4; }},  // 2n/3 of six, the weakest that is too weak
      {"threshold", [](auto& p) { p.threshold = p.least_contributors = 7; }},
      {"least_contributors", [](auto& p) { p.least_contributors = 0; }},
      {"least_contributors", [](auto& p) { p.least_contributors = 4; }},
      {"least_contributors", [](auto& p) { p.least_contributors = 7; }},
      {"word_bits", [](auto& p) { p.word_bits = 0; }},
      {"word_bits", [](auto& p) { p.word_bits = 33; }},
      {"word_bits", [](auto& p) { p.word_bits = 128; }},
      {"cells", [](auto& p) { p.cells = 0; }},
      {"cells", [](auto& p) { p.cells = kMostSecureSumCells + 1; }},
      {"degree is 0", [](auto& p) { p.share_threshold = 5; }},
      {"degree is 0", [](auto& p) { p.beacon = Sha256("beacon"); }},
  };
  for (const Bound& each : outside) {
    SessionParameters p = Good();
    each.change(p);
    EXPECT_THAT(Session::Create(p), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(each.what)));
  }
}

TEST(SessionTest, TakesWhatLiesJustInsideABound) {
  const Bound inside[] = {
      {"ids of one byte and of 64",
       [](auto& p) {
         p.members[0].id = "E";
         p.members[5].id = std::string(64, 'F');
       }},
      {"t of all", [](auto& p) { p.threshold = p.least_contributors = 6; }},
      {"u_min of all", [](auto& p) { p.least_contributors = 6; }},
      {"32 bits", [](auto& p) { p.word_bits = 32; }},
      {"one cell", [](auto& p) { p.cells = 1; }},
      {"most cells", [](auto& p) { p.cells = kMostSecureSumCells; }},
  };
  for (const Bound& each : inside) {
    SCOPED_TRACE(each.what);
    SessionParameters p = Good();
    each.change(p);
    EXPECT_OK(Session::Create(p));
  }
  EXPECT_OK(Session::Create(Good(3)));
  EXPECT_OK(Session::Create(Good(kMostSecureSumMembers)));
}

TEST(SessionTest, RefusesAGraphOutsideItsBounds) {
  const Bound outside[] = {
      {"odd", [](auto& p) { p.degree = 7; }},
      {"as many neighbours as members", [](auto& p) { p.degree = 20; }},
      {"shares of half", [](auto& p) { p.share_threshold = 4; }},
      {"shares unset", [](auto& p) { p.share_threshold = 0; }},
      {"shares of more than there are neighbours", [](auto& p) { p.share_threshold = 9; }},
      {"no beacon", [](auto& p) { p.beacon.clear(); }},
      {"a short beacon", [](auto& p) { p.beacon.pop_back(); }},
  };
  ASSERT_OK(Session::Create(Sparse(20, 8)));
  for (const Bound& each : outside) {
    SCOPED_TRACE(each.what);
    SessionParameters p = Sparse(20, 8);
    each.change(p);
    EXPECT_THAT(Session::Create(p), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("sparse graph")));
  }
  SessionParameters most = Sparse(20, 8);
  most.share_threshold = 8;
  EXPECT_OK(Session::Create(most));
}

TEST(SessionTest, HasAnotherId_WhenAnyParameterIsAnother) {
  const Bound changes[] = {
      {"roster_hash", [](auto& p) { p.roster_hash[31] ^= 1; }},
      {"spec_hash", [](auto& p) { p.spec_hash[0] ^= 1; }},
      {"nonce", [](auto& p) { p.nonce[7] ^= 1; }},
      {"a member's id", [](auto& p) { p.members[8].id += 'x'; }},
      {"a member's key", [](auto& p) { p.members[8].signing_key[0] ^= 1; }},
      {"a member less", [](auto& p) { p.members.pop_back(); }},
      {"threshold", [](auto& p) { ++p.threshold; }},
      {"least_contributors", [](auto& p) { ++p.least_contributors; }},
      {"word_bits", [](auto& p) { p.word_bits = 32; }},
      {"cells", [](auto& p) { ++p.cells; }},
      {"degree", [](auto& p) { p.degree = 6; }},
      {"share_threshold", [](auto& p) { ++p.share_threshold; }},
      {"beacon", [](auto& p) { p.beacon[0] ^= 1; }},
      {"roster_hash and spec_hash, exchanged", [](auto& p) { std::swap(p.roster_hash, p.spec_hash); }},
  };
  SessionParameters base = Sparse(10, 8);
  base.least_contributors = 8;
  std::set<std::string> ids = {Session::Create(base)->id()};
  for (const Bound& each : changes) {
    SCOPED_TRACE(each.what);
    SessionParameters p = base;
    each.change(p);
    ASSERT_OK_AND_ASSIGN(const Session session, Session::Create(p));
    EXPECT_EQ(session.id().size(), 32u);
    EXPECT_TRUE(ids.insert(session.id()).second);
  }
  EXPECT_EQ(Session::Create(base)->id(), Session::Create(base)->id());
}

TEST(SessionTest, TwoQuorumsShareAnHonestMember_WhateverTheNumberOfMembers) {
  EXPECT_EQ(LeastThreshold(152), 102u);
  EXPECT_EQ(MostCorrupt(152), 50u);
  EXPECT_EQ(MostCorrupt(0), 0u);
  for (std::uint32_t n = 3; n <= 1'000; ++n) {
    const std::uint32_t t = LeastThreshold(n);
    const std::uint32_t corrupt = MostCorrupt(n);
    // Two sets of t among n share at least 2t − n: more than the corrupt, so an honest one.
    EXPECT_GT(2 * t, n + corrupt) << n;
    EXPECT_LT(corrupt, t) << n;  // the corrupt open nothing by themselves
    EXPECT_LE(t, n) << n;
    EXPECT_LT(3 * corrupt, n) << n;      // below a third,
    EXPECT_GE(3 * corrupt + 3, n) << n;  // and as many as that allows
  }
}

TEST(SessionGraphTest, IsComplete_WhenTheDegreeIsZero) {
  ASSERT_OK_AND_ASSIGN(const Session session, Session::Create(Good(5)));
  EXPECT_THAT(session.NeighboursOf(0), ::testing::ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(session.NeighboursOf(3), ::testing::ElementsAre(0, 1, 2, 4));
  EXPECT_EQ(session.share_threshold(), session.parameters().threshold);
  EXPECT_TRUE(session.AreNeighbours(1, 4));
  EXPECT_FALSE(session.AreNeighbours(2, 2));
}

// Regular, symmetric, without loops, and both functions agree.
void ExpectRegular(const Session& session) {
  const std::uint32_t degree = session.parameters().degree;
  for (std::uint32_t a = 0; a < session.size(); ++a) {
    const std::vector<std::uint32_t> neighbours = session.NeighboursOf(a);
    EXPECT_EQ(neighbours.size(), degree);
    const std::set<std::uint32_t> rising(neighbours.begin(), neighbours.end());
    EXPECT_THAT(neighbours, ::testing::ElementsAreArray(rising));  // rising, none twice
    for (std::uint32_t b = 0; b < session.size(); ++b) {
      EXPECT_EQ(session.AreNeighbours(a, b), rising.contains(b)) << a << " and " << b;
      EXPECT_EQ(session.AreNeighbours(a, b), session.AreNeighbours(b, a)) << a << " and " << b;
    }
    EXPECT_FALSE(rising.contains(a));
  }
}

TEST(SessionGraphTest, IsRegularAndSymmetric_WhenSparse) {
  for (const auto& [n, degree] : std::vector<std::pair<std::size_t, std::uint32_t>>{
           {3, 2}, {5, 4}, {6, 4}, {7, 6}, {8, 6}, {9, 8}, {60, 20}, {101, 44}}) {
    SCOPED_TRACE(absl::StrCat(n, " members, degree ", degree));
    ASSERT_OK_AND_ASSIGN(const Session session, Session::Create(Sparse(n, degree)));
    ExpectRegular(session);
    EXPECT_EQ(session.share_threshold(), session.parameters().share_threshold);
  }
}

TEST(SessionGraphTest, IsTheSameForAllAndAnotherByAnotherBeacon) {
  SessionParameters p = Sparse(60, 10);
  const Session first = *Session::Create(p);
  p.nonce = Sha256("another try");
  const Session again = *Session::Create(p);
  p.beacon = Sha256("another beacon");
  const Session other = *Session::Create(p);
  int moved = 0;
  for (std::uint32_t i = 0; i < 60; ++i) {
    EXPECT_EQ(first.NeighboursOf(i), again.NeighboursOf(i));
    moved += first.NeighboursOf(i) == other.NeighboursOf(i) ? 0 : 1;
  }
  EXPECT_GT(moved, 50);
}

// Who is whose neighbour must not follow from the order of ids: over 2,000 beacons each pair of nine members
// with degree two meets 2/8 of the times, so 500 with a standard deviation of 19.4. False failure: 36 pairs
// beyond 6.4 deviations, below 1e-8; the beacons are fixed besides.
TEST(SessionGraphTest, MakesAllPairsNeighboursEquallyOften) {
  std::vector<std::vector<int>> met(9, std::vector<int>(9));
  SessionParameters p = Sparse(9, 2);
  p.share_threshold = 2;
  for (int beacon = 0; beacon < 2'000; ++beacon) {
    p.beacon = Sha256(absl::StrCat("beacon ", beacon));
    const Session session = *Session::Create(p);
    for (std::uint32_t a = 0; a < 9; ++a) {
      for (const std::uint32_t b : session.NeighboursOf(a)) ++met[a][b];
    }
  }
  for (std::uint32_t a = 0; a < 9; ++a) {
    for (std::uint32_t b = 0; b < a; ++b) EXPECT_NEAR(met[a][b], 500, 124) << a << " and " << b;
  }
}

}  // namespace
}  // namespace waymark::crypto
