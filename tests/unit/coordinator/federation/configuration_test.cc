#include "coordinator/federation/configuration.h"

#include "base/file.h"
#include "coordinator/federation/areas.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using waymark::testing::StatusIs;

absl::StatusOr<Configuration> Load(const std::string& text, const testing::TemporaryFolder& folder) {
  const std::string path = folder.path() + "/c.toml";
  EXPECT_OK(WriteFileAtomically(path, text, 0600));
  return LoadConfiguration(path);
}

TEST(Configuration, NeedsANameAlone) {
  testing::TemporaryFolder folder;
  ASSERT_OK_AND_ASSIGN(const Configuration loaded, Load("[federation]\nname = \"north\"\n", folder));
  EXPECT_EQ(loaded.listen, "127.0.0.1:7443");
  EXPECT_EQ(loaded.public_address, "127.0.0.1:7443");
  EXPECT_EQ(loaded.state_directory, folder.path() + "/state");
  EXPECT_THAT(loaded.server_names, ::testing::ElementsAre("localhost", "127.0.0.1"));
}

TEST(Configuration, TakesTokensOnAPortOfTheirOwn_WhereItSaysSo) {
  testing::TemporaryFolder folder;
  const std::string text = "[federation]\nname = \"n\"\n[server]\n";
  EXPECT_EQ(Load(text, folder)->token_listen, "");
  ASSERT_OK_AND_ASSIGN(const Configuration loaded,
                       Load(text + "token_listen = \"127.0.0.1:7445\"\n", folder));
  EXPECT_EQ(loaded.token_listen, "127.0.0.1:7445");
  EXPECT_EQ(loaded.public_token_address, "127.0.0.1:7445");
  const auto bad = [](const char* words) {
    return StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(words));
  };
  EXPECT_THAT(Load(text + "token_listen = \"127.0.0.1:7443\"\n", folder), bad("a port of their own"));
  EXPECT_THAT(Load(text + "token_listen = \"0.0.0.0:7445\"\n", folder), bad("public_token_address"));
  EXPECT_THAT(Load(text + "public_token_address = \"x:7445\"\n", folder), bad("public_token_address"));
}

TEST(Configuration, NamesTheProxyBeforeItsHttp) {
  testing::TemporaryFolder folder;
  const std::string text = "[federation]\nname = \"n\"\n[server]\nhttp_listen = \"127.0.0.1:8080\"\n";
  EXPECT_THAT(Load(text, folder)->http_names, ::testing::IsEmpty());
  EXPECT_THAT(Load(text + "http_names = [\"benchmarks.example.org\"]\n", folder)->http_names,
              ::testing::ElementsAre("benchmarks.example.org"));
  EXPECT_THAT(Load(text + "http_names = [\"benchmarks.example.org:443\"]\n", folder),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("without ports")));
}

TEST(Configuration, ReadsTheOfficers) {
  testing::TemporaryFolder folder;
  const std::string key(64, 'a');
  ASSERT_OK_AND_ASSIGN(
      const Configuration loaded,
      Load("[federation]\nname = \"n\"\n[governance]\nofficers = [\"" + key + "\"]\nthreshold = 1\n",
           folder));
  ASSERT_EQ(loaded.governance.officers.size(), 1u);
  EXPECT_EQ(loaded.governance.officers[0], std::string(32, '\xaa'));
  EXPECT_EQ(loaded.governance.threshold, 1u);
  EXPECT_THAT(Load("[federation]\nname = \"n\"\n[governance]\nofficers = []\nthreshold = 1\n", folder),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("c.toml:4: governance.officers")));
}

TEST(Configuration, KeepsTheStoreInPostgresql_WhereItSaysSo_AndNoPassword) {
  testing::TemporaryFolder folder;
  const std::string text = "[federation]\nname = \"n\"\n[store]\npostgresql = \"dbname=waymark";
  ASSERT_OK_AND_ASSIGN(const Configuration loaded, Load(text + "\"\n", folder));
  EXPECT_EQ(loaded.postgresql, "dbname=waymark");
  EXPECT_THAT(Load(text + " password=opensesame\"\n", folder),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       ::testing::AllOf(HasSubstr("c.toml:4: store.postgresql: a password"),
                                        ::testing::Not(HasSubstr("opensesame")))));
}

TEST(Configuration, NamesEveryErrorWithItsLine) {
  testing::TemporaryFolder folder;
  const absl::Status status = Load(
                                  "[federation]\nname = \"North East\"\n[server]\nlisten = "
                                  "\"7443\"\nenrolment_listen = \"0.0.0.0:7444\"\n"
                                  "publik_address = \"x:1\"\n",
                                  folder)
                                  .status();
  for (const char* part : {"c.toml:2: federation.name", "c.toml:4: server.listen: expected host:port",
                           "nodes cannot dial 0.0.0.0:7444", "did you mean public_address?"}) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(part)));
  }
}

TEST(Configuration, RefusesOnePortForBoth) {
  testing::TemporaryFolder folder;
  EXPECT_THAT(
      Load("[federation]\nname = \"n\"\n[server]\nlisten = \"h:1\"\nenrolment_listen = \"h:1\"\n", folder),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("must differ")));
}

TEST(Areas, NamesTheNearest_ByCodeAndByName) {
  testing::Scene scene;
  EXPECT_OK(RequireArea(scene.library(), "E06000001"));
  EXPECT_THAT(RequireArea(scene.library(), "hartlpool"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("E06000001 (Hartlepool)")));
  EXPECT_THAT(RequireArea(scene.library(), "E0600001"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("E06000001")));
  EXPECT_THAT(
      RequireArea(scene.library(), "E10000006"),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("Cumbria (E10000006) is no local authority any more: "
                                                      "E10000006 split into E06000063, E06000064")));
  EXPECT_THAT(RequireArea(scene.library(), "nowhere at all, really"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("give an ONS code")));
}

}  // namespace
}  // namespace waymark::coordinator
