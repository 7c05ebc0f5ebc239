#include "node/site/configuration.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "base/configuration.h"
#include "base/file.h"
#include "base/host_name.h"
#include "base/program.h"
#include "base/status.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMaxConfigurationBytes = 1 << 20;

contract::ScopeDeclaration ReadScope(ConfigTable table) {
  contract::ScopeDeclaration scope;
  scope.includes_universal = table.BoolOr("includes_universal", false);
  scope.includes_partner_led = table.BoolOr("includes_partner_led", false);
  scope.includes_signposted = table.BoolOr("includes_signposted", false);
  scope.includes_commissioned = table.BoolOr("includes_commissioned", false);
  scope.includes_delivered = table.BoolOr("includes_delivered", true);
  scope.family_help_joined = table.BoolOr("family_help_joined", false);
  scope.note = table.StringOr("note", "");
  if (scope.note.size() > 500) table.Fail("note", "expected at most 500 bytes");
  return scope;
}

// "127.0.0.1:8090" and the like: whatever reaches another address of this machine reaches the pages too.
bool IsLoopback(absl::string_view listen) {
  const std::size_t colon = listen.rfind(':');
  if (colon == absl::string_view::npos) return false;
  std::uint32_t port = 0;
  return absl::SimpleAtoi(listen.substr(colon + 1), &port) && port <= 65535 &&
         IsLoopbackHost(listen.substr(0, colon));
}

PagesConfiguration ReadPages(ConfigTable& root) {
  PagesConfiguration pages;
  if (!root.Has("pages")) return pages;
  ConfigTable table = root.Table("pages");
  pages.listen = table.StringOr("listen", "127.0.0.1:8090");
  if (!IsLoopback(pages.listen)) {
    table.Fail("listen",
               "expected an address of this machine alone, as \"127.0.0.1:8090\"; for others a proxy of the "
               "council's stands before it (docs/node.md)");
  }
  pages.names = table.Strings("names");
  if (!std::all_of(pages.names.begin(), pages.names.end(), IsHostName)) {
    table.Fail("names",
               "expected the names by which browsers ask the proxy before the pages, without ports, as "
               "[\"early-help.council.example\"]");
  }
  const bool by_header = table.OneOf("sign_in", {"accounts", "proxy-header"}, "accounts") == "proxy-header";
  if (by_header) {
    pages.header = table.StringOr("header", "X-Forwarded-User");
    if (pages.header.empty() || !std::all_of(pages.header.begin(), pages.header.end(), [](char c) {
          return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-';
        }))
      table.Fail("header", "expected the name of a header, as \"X-Forwarded-User\"");
  } else if (table.Has("header")) {
    table.Fail("header", "is read with sign_in = \"proxy-header\" alone; write that, or leave this out");
    table.StringOr("header", "");
  }
  return pages;
}

}  // namespace

absl::StatusOr<Configuration> LoadConfiguration(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxConfigurationBytes));
  ASSIGN_OR_RETURN(ConfigTable root, ConfigTable::Parse(text, path));
  const std::string directory = DirectoryOf(path);
  Configuration configuration;
  configuration.path = path;

  ConfigTable council = root.Table("council");
  configuration.council_code =
      council.String("code", "write the council's ONS code, as code = \"E06000001\"");
  if (const absl::Status status = contract::CheckCouncilCode("code", configuration.council_code);
      !configuration.council_code.empty() && !status.ok()) {
    council.Fail("code", status.message());
  }
  configuration.council_name = council.String("name", "write the council's name");

  ConfigTable node = root.Table("node");
  configuration.state_directory = PathUnder(directory, node.StringOr("state", "state"));
  const std::string policy = node.StringOr("policy", "");
  configuration.policy_path = policy.empty() ? "" : PathUnder(directory, policy);
  const std::string catalogue = node.StringOr("catalogue", "");
  configuration.catalogue_directory =
      catalogue.empty() ? PathUnder(ShareDirectory(), "catalogue") : PathUnder(directory, catalogue);
  configuration.https_proxy = node.StringOr("https_proxy", "");

  configuration.scope = ReadScope(root.Table("scope"));
  for (ConfigTable table : root.Tables("published")) {
    const std::string published =
        table.String("path", "name a published file, or a folder of them, as path = \"dfe\"");
    if (!published.empty()) configuration.published_paths.push_back(PathUnder(directory, published));
  }
  for (const auto& [id, file] : root.Table("questionnaires").StringMap())
    configuration.questionnaires[id] = PathUnder(directory, file);
  // Published statistics alone make figures too, and so do answers.
  const bool has_others = !configuration.published_paths.empty() || !configuration.questionnaires.empty();
  if (root.Has("source") || !has_others) configuration.sources = ReadSources(root, directory);
  for (SourceConfig& source : configuration.sources) {
    source.store = PathUnder(configuration.state_directory, "extracts.db");
  }
  configuration.pages = ReadPages(root);
  configuration.pages.accounts_path = PathUnder(configuration.state_directory, "accounts.json");
  RETURN_IF_ERROR(root.Finish());
  return configuration;
}

}  // namespace waymark::node
