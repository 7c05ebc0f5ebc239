// A node's configuration: one TOML file, checked whole before anything starts. docs/node.md lists every key.
#ifndef WAYMARK_NODE_SITE_CONFIGURATION_H_
#define WAYMARK_NODE_SITE_CONFIGURATION_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/ingest/source.h"
#include "proto/contract/release.h"

namespace waymark::node {

// [pages]: what people of the council look at, and how they sign in.
struct PagesConfiguration {
  std::string listen;              // "127.0.0.1:8090"; "": no pages
  std::vector<std::string> names;  // of the proxy before it, by which browsers ask; beside loopback's
  std::string header;         // sign_in = "proxy-header": who it is, by the proxy's word; "": by accounts
  std::string accounts_path;  // under the state directory
};

struct Configuration {
  std::string path;          // of the file itself
  std::string council_code;  // ONS code
  std::string council_name;
  std::string state_directory;      // keys, certificate, ledger; made with mode 0700
  std::string policy_path;          // "" : no policy, so nothing leaves
  std::string catalogue_directory;  // the installed one where the file names none
  std::string https_proxy;          // "host:port"; "" : none
  contract::ScopeDeclaration scope;
  std::vector<SourceConfig> sources;
  std::map<std::string, std::string> questionnaires;  // id → the file with the council's answers
  std::vector<std::string> published_paths;           // files and folders of published statistics
  PagesConfiguration pages;
};

// INVALID_ARGUMENT with every error of the file, a line each: file, line, what was expected, the fix.
absl::StatusOr<Configuration> LoadConfiguration(const std::string& path);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_CONFIGURATION_H_
