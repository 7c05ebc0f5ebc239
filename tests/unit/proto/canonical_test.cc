#include "proto/contract/canonical.h"

#include <limits>

#include "absl/strings/escaping.h"
#include "tests/testing/status_matchers.h"

namespace waymark::contract {
namespace {

std::string Hex(const CanonicalWriter& writer) {
  return absl::BytesToHexString(writer.bytes());
}

// The vectors of docs/protocol.md, worked by hand.
TEST(CanonicalWriter, GivesThePublishedVectors) {
  EXPECT_EQ(Hex(CanonicalWriter("a")), "000000000000000161");
  EXPECT_EQ(Hex(CanonicalWriter("").Unsigned(258)), "00000000000000000000000000000102");
  EXPECT_EQ(Hex(CanonicalWriter("").Signed(-2)), "0000000000000000fffffffffffffffe");
  EXPECT_EQ(Hex(CanonicalWriter("").Signed(std::numeric_limits<std::int64_t>::min())),
            "00000000000000008000000000000000");
  EXPECT_EQ(Hex(CanonicalWriter("").Bool(true).Bool(false)), "00000000000000000100");
  EXPECT_EQ(Hex(CanonicalWriter("").Text("h\xC3\xA9")), "0000000000000000000000000000000368c3a9");
  EXPECT_EQ(Hex(CanonicalWriter("").Count(2).Text("").Text("b")),
            "0000000000000000000000000000000200000000000000000000000000000001"
            "62");
}

TEST(CanonicalWriter, TellsApartWhatJoinsAlike) {
  EXPECT_NE(CanonicalWriter("x").Text("ab").Text("c").bytes(),
            CanonicalWriter("x").Text("a").Text("bc").bytes());
  EXPECT_NE(CanonicalWriter("xy").bytes(), CanonicalWriter("x").Text("y").bytes());
}

}  // namespace
}  // namespace waymark::contract
