#include "base/text_table.h"

#include "tests/testing/status_matchers.h"

namespace waymark {
namespace {

TEST(TextTable, AlignsColumns_CountingCodePoints) {
  TextTable table({"name", ">share"});
  table.AddRow({"Bóra", "3"});
  table.AddRow({"Al", "12.5", "dropped"});
  table.AddRow({"short"});
  EXPECT_EQ(table.Render(),
            "name   share\n"
            "-----  -----\n"
            "Bóra       3\n"
            "Al      12.5\n"
            "short\n");
}

}  // namespace
}  // namespace waymark
