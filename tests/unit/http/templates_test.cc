#include "http/templates.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "http/static_files.h"
#include "tests/testing/status_matchers.h"

namespace waymark::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using waymark::testing::StatusIs;
using Json = nlohmann::ordered_json;

class TemplatesTest : public ::testing::Test {
 protected:
  TemplatesTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "waymark-templates-XXXXXX").string();
    web_ = mkdtemp(pattern.data());
    Write("manifest.json",
          R"({"src/main.ts": {"file": "assets/a-1.js"}, "styles/main.scss": {"file": "assets/b-2.css"}})");
    Write("templates/layout.mustache", "<title>{{title}}</title>{{> /body}}<link href=\"{{style}}\">");
    Write("templates/national/page.mustache", "{{#rows}}{{> /partials/row}}{{/rows}}{{^rows}}none{{/rows}}");
    Write("templates/partials/row.mustache", "<td title=\"{{name}}\">{{name}}{{#note}}!{{/note}}</td>");
  }
  ~TemplatesTest() override { std::filesystem::remove_all(web_); }

  void Write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((web_ / name).parent_path());
    std::ofstream(web_ / name) << text;
  }

  std::filesystem::path web_;
};

TEST_F(TemplatesTest, EscapeEveryValue) {
  ASSERT_OK_AND_ASSIGN(const Templates templates, Templates::Load(web_.string()));
  const std::string evil = R"(<script>alert("x")</script>' onload=y {{title}} {{> /body}})";
  ASSERT_OK_AND_ASSIGN(
      const std::string html,
      templates.Render("national/page", {{"title", evil}, {"rows", {{{"name", evil}, {"note", ""}}}}}));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html,
              HasSubstr("title=\"&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&apos; onload=y {{title}} "
                        "{{&gt; /body}}\""));
  EXPECT_THAT(html, HasSubstr("<link href=\"/assets/b-2.css\">"));
}

TEST_F(TemplatesTest, TakeEmptyTextsAndListsForNothing) {
  ASSERT_OK_AND_ASSIGN(const Templates templates, Templates::Load(web_.string()));
  ASSERT_OK_AND_ASSIGN(
      const std::string rows,
      templates.Render(
          "national/page",
          {{"title", "t"}, {"rows", {{{"name", 1}, {"note", ""}}, {{"name", "b"}, {"note", "x"}}}}}));
  EXPECT_THAT(rows, HasSubstr("<td title=\"1\">1</td><td title=\"b\">b!</td>"));
  ASSERT_OK_AND_ASSIGN(const std::string none,
                       templates.Render("national/page", {{"title", "t"}, {"rows", Json::array()}}));
  EXPECT_THAT(none, HasSubstr("none"));
}

TEST_F(TemplatesTest, RefuseAPageThatIsNotThere_AndNumbersThatNobodyWroteOut) {
  ASSERT_OK_AND_ASSIGN(const Templates templates, Templates::Load(web_.string()));
  EXPECT_THAT(templates.Render("national/other", Json::object()),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("national/other")));
  EXPECT_THAT(templates.Render("national/page", {{"title", 0.1}}),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("number")));
}

TEST_F(TemplatesTest, AreRefused_WhereAValueWouldNotBeEscaped) {
  for (const char* text :
       {"{{{name}}}", "{{& name}}", "{{=<% %>=}}<%& name %>", "<a href={{name}}>", "<script>x</script>",
        "<style>x</style>", "<a onclick=\"x\">", "<p style=\"x\">", "{{#open}}"})
    EXPECT_THAT(CheckTemplate(text), StatusIs(absl::StatusCode::kInvalidArgument, ::testing::_)) << text;
  for (const char* text : {"<a href=\"{{name}}\">", "<script type=\"module\" src=\"{{script}}\"></script>",
                           "<option value=\"x\"{{#chosen}} selected{{/chosen}}>"})
    EXPECT_OK(CheckTemplate(text)) << text;
  Write("templates/national/bad.mustache", "{{{name}}}");
  EXPECT_THAT(Templates::Load(web_.string()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("bad.mustache")));
}

TEST_F(TemplatesTest, AreNotFound_WhereNothingWasInstalled) {
  EXPECT_THAT(Templates::Load((web_ / "elsewhere").string()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("share/waymark/web")));
}

TEST_F(TemplatesTest, StaticFilesAreServedByTheirExactAddress) {
  Write("assets/a-1.js", "script");
  Write("assets/a-1.js.gz", "compressed");
  Write("secret.js", "secret");
  ASSERT_OK_AND_ASSIGN(const StaticFiles files, StaticFiles::Load((web_ / "assets").string(), "/assets"));
  const std::optional<Response> plain = files.Respond({.path = "/assets/a-1.js"});
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(*plain->body, "script");
  EXPECT_EQ(plain->content_type, "text/javascript; charset=utf-8");
  EXPECT_THAT(plain->headers.at("Cache-Control"), HasSubstr("immutable"));
  const std::optional<Response> small = files.Respond({.path = "/assets/a-1.js", .accept_encoding = "gzip"});
  EXPECT_EQ(*small->body, "compressed");
  EXPECT_EQ(small->headers.at("Content-Encoding"), "gzip");
  const std::optional<Response> known =
      files.Respond({.path = "/assets/a-1.js", .if_none_match = plain->headers.at("ETag")});
  EXPECT_EQ(known->status, 304);
  EXPECT_EQ(known->body, nullptr);
  for (const char* path : {"/assets/", "/assets/../secret.js", "/secret.js", "/assets/a-1.js.gz",
                           "/assets//a-1.js", "/assets/a-1.js/", "/assets/%2e%2e/secret.js"})
    EXPECT_FALSE(files.Respond({.path = path}).has_value()) << path;
}

TEST_F(TemplatesTest, StaticFilesOfNoKnownKindAreRefused) {
  Write("assets/a-1.html", "<script>");
  EXPECT_THAT(StaticFiles::Load((web_ / "assets").string(), "/assets"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("a-1.html")));
}

}  // namespace
}  // namespace waymark::http
