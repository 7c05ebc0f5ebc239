#include "node/quality/page.h"

#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(PageTest, EscapesEverythingThatHtmlReads) {
  EXPECT_EQ(Escaped("<script>alert('x' & \"y\")</script>"),
            "&lt;script&gt;alert(&#39;x&#39; &amp; &quot;y&quot;)&lt;/script&gt;");
  EXPECT_EQ(Escaped("Zoë £5 – 語 \xF0\x9F\x98\x80"), "Zoë £5 – 語 \xF0\x9F\x98\x80");
}

TEST(PageTest, ReplacesWhatIsNotText) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(Escaped(absl::string_view("a\0b\x1b\x7f", 5)), "a" + mark + "b" + mark + mark);
  EXPECT_EQ(Escaped("\xC0\xBC"), mark + mark);             // an overlong '<'
  EXPECT_EQ(Escaped("\xE2\x82"), mark + mark);             // cut short
  EXPECT_EQ(Escaped("\xED\xA0\x80"), mark + mark + mark);  // a surrogate
  EXPECT_EQ(Escaped("\xF4\x90\x80\x80"), mark + mark + mark + mark);
  EXPECT_EQ(Escaped("\xE9t\xE9"), mark + "t" + mark);  // Latin-1
}

Page Hostile() {
  const std::string hostile = "\"><img src=x onerror=alert(1)>";
  return {.title = hostile,
          .paragraphs = {hostile},
          .sections = {
              {.id = "s",
               .heading = hostile,
               .paragraphs = {hostile},
               .tables =
                   {{.caption = hostile, .header = {hostile, ">" + hostile}, .rows = {{hostile, hostile}}}}},
              {.id = "empty", .heading = "Nothing here", .paragraphs = {}, .tables = {{"none", {"a"}, {}}}}}};
}

TEST(PageTest, LetsNoValueBecomeMarkup) {
  const std::string html = PageHtml(Hostile());
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, Not(HasSubstr("\"><")));
  EXPECT_THAT(html, HasSubstr("aria-label=\"&quot;&gt;&lt;img"));
}

TEST(PageTest, LeavesOutSectionsWithoutContent) {
  EXPECT_THAT(PageHtml(Hostile()), Not(HasSubstr("Nothing here")));
  EXPECT_THAT(PageText(Hostile()), Not(HasSubstr("Nothing here")));
}

TEST(PageTest, TablesHaveCaptionAndScopes) {
  const std::string html = PageHtml(
      {"T", {}, {{"s", "S", {}, {{"Records", {"Kind", ">Count"}, {{"children", "12"}, {"short"}}}}}}});
  EXPECT_THAT(html, HasSubstr("<caption>Records</caption>"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"col\">Kind</th><th scope=\"col\" class=\"number\">Count</th>"));
  EXPECT_THAT(html, HasSubstr("<tr><th scope=\"row\">children</th><td class=\"number\">12</td></tr>"));
  EXPECT_THAT(html, HasSubstr("<tr><th scope=\"row\">short</th><td class=\"number\"></td></tr>"));
  EXPECT_THAT(html, HasSubstr("<html lang=\"en-GB\">"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace waymark::node
