#include "base/canonical.h"

#include <limits>

#include "absl/strings/escaping.h"
#include "tests/testing/status_matchers.h"

namespace waymark {
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

TEST(CanonicalReader, ReadsWhatWasWritten) {
  const std::string bytes =
      CanonicalWriter("label").Unsigned(7).Text("ab").Count(1).Text(std::string(32, 'x')).bytes();
  CanonicalReader in(bytes, "label");
  EXPECT_EQ(in.Unsigned(7), 7u);
  EXPECT_EQ(in.Text(2), "ab");
  EXPECT_EQ(in.Count(1), 1u);
  EXPECT_EQ(in.Fixed(32), std::string(32, 'x'));
  EXPECT_OK(in.Finish());
}

TEST(CanonicalReader, RefusesEveryTruncation) {
  const std::string bytes = CanonicalWriter("label").Unsigned(7).Text("ab").bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CanonicalReader in(absl::string_view(bytes).substr(0, size), "label");
    in.Unsigned(7);
    EXPECT_TRUE(in.Text(2).empty()) << size;
    EXPECT_EQ(in.Finish().code(), absl::StatusCode::kInvalidArgument) << size;
  }
}

TEST(CanonicalReader, RefusesWhatIsTooMuch) {
  const std::string bytes = CanonicalWriter("label").Unsigned(8).Text("abc").bytes();
  const auto status = [&](std::uint64_t number, std::size_t text, bool fixed, absl::string_view label) {
    CanonicalReader in(bytes, label);
    in.Unsigned(number);
    if (fixed) {
      in.Fixed(text);
    } else {
      in.Text(text);
    }
    return in.Finish().code();
  };
  EXPECT_EQ(status(8, 3, false, "label"), absl::StatusCode::kOk);
  EXPECT_EQ(status(7, 3, false, "label"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status(8, 2, false, "label"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status(8, 4, true, "label"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status(8, 3, false, "labels"), absl::StatusCode::kInvalidArgument);
  CanonicalReader early(bytes, "label");
  early.Unsigned(8);
  EXPECT_EQ(early.Finish().code(), absl::StatusCode::kInvalidArgument) << "bytes were left over";
}

}  // namespace
}  // namespace waymark
