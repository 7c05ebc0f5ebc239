#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "base/text_table.h"
#include "node/cli/commands.h"
#include "node/pages/accounts.h"
#include "node/site/site.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

// No echo on the terminal, if it is one, as long as it lives.
class QuietTerminal {
 public:
  QuietTerminal() : is_terminal_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!is_terminal_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  ~QuietTerminal() {
    if (!is_terminal_) return;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::fputs("\n", stderr);
  }
  bool is_terminal() const { return is_terminal_; }

 private:
  termios before_{};
  bool is_terminal_;
};

// A line of standard input, byte by byte: nothing of it stays in a buffer that nobody cleanses.
absl::StatusOr<crypto::SecretBytes> ReadSecretLine(const std::string& prompt) {
  const QuietTerminal terminal;
  if (terminal.is_terminal()) std::fprintf(stderr, "%s: ", prompt.c_str());
  crypto::SecretBytes line(kMostPasswordBytes);
  std::size_t size = 0;
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n') {
    if (size == kMostPasswordBytes) {
      return absl::InvalidArgumentError(
          absl::StrCat(prompt, ": expected at most ", kMostPasswordBytes, " characters"));
    }
    line.MutableSecret()[size++] = static_cast<std::uint8_t>(byte);
  }
  if (size == 0)
    return absl::InvalidArgumentError(absl::StrCat(prompt, ": nothing was given on standard input"));
  return crypto::SecretBytes(line.RevealSecretText().substr(0, size));
}

absl::StatusOr<crypto::SigningKey> KeyFor(const std::string& path, crypto::RandomSource& random) {
  if (path.empty()) return crypto::SigningKey::Generate(random);
  if (!FileExists(path)) return absl::NotFoundError(absl::StrCat(path, ": no such key file"));
  return crypto::SigningKey::LoadOrCreate(path, random);
}

}  // namespace

absl::Status AccountAddCommand(const CommonOptions& common, const AccountOptions& options) {
  const std::optional<Role> role = RoleNamed(options.role);
  if (!role) {
    return absl::InvalidArgumentError(absl::StrCat("--role ", options.role, ": expected viewer or approver"));
  }
  if (*role == Role::kViewer && !options.key.empty())
    return absl::InvalidArgumentError("--key is an approver's: a viewer signs nothing");
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(common.config));
  crypto::SystemRandom random;
  Accounts accounts(configuration.pages.accounts_path, random);
  ASSIGN_OR_RETURN(const crypto::SecretBytes password, ReadSecretLine("password for the pages"));
  if (*role == Role::kViewer) {
    RETURN_IF_ERROR(accounts.AddViewer(options.name, password));
    std::printf("%s may look at the pages.\n", options.name.c_str());
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const crypto::SecretBytes passphrase,
                   ReadSecretLine("passphrase of the approval key, asked for at each approval"));
  ASSIGN_OR_RETURN(const crypto::SigningKey key, KeyFor(options.key, random));
  RETURN_IF_ERROR(accounts.AddApprover(options.name, password, passphrase, key));
  std::printf("public_key = \"%s\"\n", absl::BytesToHexString(key.public_key()).c_str());
  std::fprintf(stderr,
               "%s may look, approve and refuse. The line above goes into an [[approver]] of the policy.\n",
               options.name.c_str());
  return absl::OkStatus();
}

absl::Status AccountRemoveCommand(const CommonOptions& common, const AccountOptions& options) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(common.config));
  crypto::SystemRandom random;
  RETURN_IF_ERROR(Accounts(configuration.pages.accounts_path, random).Remove(options.name));
  std::printf("%s is removed; what was signed with the account's key stays signed.\n", options.name.c_str());
  return absl::OkStatus();
}

absl::Status AccountListCommand(const CommonOptions& common) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(common.config));
  crypto::SystemRandom random;
  const Accounts accounts(configuration.pages.accounts_path, random);
  ASSIGN_OR_RETURN(const std::vector<Account> list, accounts.List());
  TextTable table({"name", "role", "public key"});
  Json array = Json::array();
  for (const Account& account : list) {
    const std::string key = absl::BytesToHexString(account.public_key);
    table.AddRow({account.name, std::string(NameOf(account.role)), key});
    array.push_back(
        {{"name", account.name}, {"role", std::string(NameOf(account.role))}, {"public_key", key}});
  }
  if (common.json) {
    std::printf("%s\n", array.dump(1).c_str());
  } else {
    std::printf("%s", table.empty() ? "There is no account; `waymark-node account add NAME` makes one.\n"
                                    : table.Render().c_str());
  }
  return absl::OkStatus();
}

}  // namespace waymark::node
