#include "node/site/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::StatusIs;

class PagesConfigurationTest : public ::testing::Test {
 protected:
  absl::StatusOr<Configuration> Load(const std::string& pages) {
    const std::string path = folder_.Path("node.toml");
    EXPECT_OK(WriteFileAtomically(path,
                                  absl::StrCat("[council]\ncode = \"E06000001\"\nname = \"Here\"\n",
                                               "[[published]]\npath = \"dfe\"\n", pages),
                                  0600));
    return LoadConfiguration(path);
  }
  TemporaryFolder folder_;
};

TEST_F(PagesConfigurationTest, HasNoPages_WhereNobodyAsksForThem) {
  ASSERT_OK_AND_ASSIGN(const Configuration configuration, Load(""));
  EXPECT_EQ(configuration.pages.listen, "");
}

TEST_F(PagesConfigurationTest, IsOnThisMachineAlone_ByAccounts_WhereNothingElseIsSaid) {
  ASSERT_OK_AND_ASSIGN(const Configuration configuration, Load("[pages]\n"));
  EXPECT_EQ(configuration.pages.listen, "127.0.0.1:8090");
  EXPECT_EQ(configuration.pages.header, "");
  EXPECT_TRUE(configuration.pages.names.empty());
  EXPECT_EQ(configuration.pages.accounts_path, folder_.Path("state/accounts.json"));
}

TEST_F(PagesConfigurationTest, TakesAProxysWord) {
  ASSERT_OK_AND_ASSIGN(const Configuration configuration,
                       Load("[pages]\nlisten = \"[::1]:0\"\nsign_in = \"proxy-header\"\n"
                            "names = [\"pages.example\", \"pages\"]\n"));
  EXPECT_EQ(configuration.pages.header, "X-Forwarded-User");
  EXPECT_EQ(configuration.pages.names, (std::vector<std::string>{"pages.example", "pages"}));
}

TEST_F(PagesConfigurationTest, NamesFileLineAndFix_OfWhatIsWrong) {
  for (const auto& [text, says] : std::vector<std::pair<std::string, std::string>>{
           {"[pages]\nlisten = \"0.0.0.0:8090\"\n", "expected an address of this machine alone"},
           {"[pages]\nlisten = \"10.1.2.3:80\"\n", "expected an address of this machine alone"},
           {"[pages]\nlisten = \"127.0.0.1\"\n", "expected an address of this machine alone"},
           {"[pages]\nlisten = \"127.0.0.1:70000\"\n", "expected an address of this machine alone"},
           {"[pages]\nsign_in = \"nobody\"\n", "proxy-header"},
           {"[pages]\nnames = [\"pages.example:443\"]\n", "without ports"},
           {"[pages]\nnames = [\"pages.example\", \"\"]\n", "without ports"},
           {"[pages]\nnames = \"pages.example\"\n", "names"},
           {"[pages]\nheader = \"X-User\"\n", "proxy-header"},
           {"[pages]\nsign_in = \"proxy-header\"\nheader = \"X User\"\n", "the name of a header"},
           {"[pages]\nlissten = \"127.0.0.1:1\"\n", "listen"}}) {
    EXPECT_THAT(Load(text).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, AllOf(HasSubstr("node.toml:"), HasSubstr(says))))
        << text;
  }
}

}  // namespace
}  // namespace waymark::node
