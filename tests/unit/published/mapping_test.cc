#include "published/mapping.h"

#include "tests/unit/published/files.h"

namespace waymark::published {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::StatusIs;

class MappingTest : public PublishedTest {
 protected:
  absl::Status Load(const std::string& text) {
    std::filesystem::create_directories(folder_ + "/published");
    Write("published/a.textproto", text);
    return Mapping::Load(folder_, library_).status();
  }
};

TEST_F(MappingTest, FindsAreas_ByEachOfTheirNames) {
  for (const char* name : {"E08000038", "370"}) {
    ASSERT_NE(mapping_.FindArea(name), nullptr) << name;
    EXPECT_EQ(mapping_.FindArea(name)->code, kBarnsley);
  }
  EXPECT_EQ(mapping_.FindArea("E12000007")->level, AreaLevel::kRegion);
  EXPECT_EQ(mapping_.FindArea("987")->name, "Inner London");
  EXPECT_EQ(mapping_.FindArea("E92000001")->level, AreaLevel::kNation);
  EXPECT_EQ(mapping_.FindArea("909")->level, AreaLevel::kFormerAuthority);
  EXPECT_EQ(mapping_.FindArea("940 / 941"), nullptr);
}

TEST_F(MappingTest, ReadsSymbols_InAnyCaseAndWithSpaces) {
  EXPECT_EQ(mapping_.FindSymbol("c")->status(), v1::CELL_STATUS_SUPPRESSED);
  EXPECT_EQ(mapping_.FindSymbol(" C ")->status(), v1::CELL_STATUS_SUPPRESSED);
  EXPECT_EQ(mapping_.FindSymbol("z")->status(), v1::CELL_STATUS_NOT_APPLICABLE);
  EXPECT_EQ(mapping_.FindSymbol("x")->status(), v1::CELL_STATUS_NOT_AVAILABLE);
  EXPECT_EQ(mapping_.FindSymbol(":")->status(), v1::CELL_STATUS_NOT_AVAILABLE);
  EXPECT_EQ(mapping_.FindSymbol("low")->status(), v1::CELL_STATUS_LOW);
  EXPECT_EQ(mapping_.FindSymbol("")->status(), v1::CELL_STATUS_NOT_AVAILABLE);
  EXPECT_EQ(mapping_.FindSymbol("0"), nullptr);
}

TEST_F(MappingTest, NamesEveryFaultWithItsLine) {
  EXPECT_THAT(
      Load(
          "measures {\n  id: \"a\"\n}\nlayouts {\n  id: \"l\"\n  columns { measure: \"b\" }\n}\n"
          "areas { code: \"E06000001\" level: REGION }\nsymbols { text: \"q\" status: CELL_STATUS_SHOWN }\n"),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("a.textproto:1: no title"), HasSubstr("no unit"), HasSubstr("no year"),
                     HasSubstr("a.textproto:4: no recognised_by"),
                     HasSubstr("a.textproto:6: measure \"b\" is not among"), HasSubstr("no names"),
                     HasSubstr("a.textproto:8: \"E06000001\" is that of another area"),
                     HasSubstr("a.textproto:9: a symbol's status"))));
  EXPECT_THAT(Load("measures { id: \"a\" "),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("a.textproto:1")));
  EXPECT_THAT(Mapping::Load(folder_ + "/nowhere", library_),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("nowhere/published")));
}

}  // namespace
}  // namespace waymark::published
