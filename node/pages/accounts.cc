#include "node/pages/accounts.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/canonical.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/sealing.h"
#include "crypto/secret_file.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostFileBytes = 1 << 20;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kMostNameBytes = 64;
constexpr absl::string_view kFormat = "waymark accounts 1";

bool IsName(absl::string_view name) {
  return !name.empty() && name.size() <= kMostNameBytes && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::StrContains(".-_@", absl::string_view(&c, 1));
  });
}

absl::Status CheckSecret(absl::string_view what, const crypto::SecretBytes& secret) {
  if (secret.size() >= kLeastPasswordBytes && secret.size() <= kMostPasswordBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("a ", what, " has ", kLeastPasswordBytes, " to ",
                                                 kMostPasswordBytes, " characters; take a few words"));
}

// What goes with a sealed key: it opens for this account, and as this key, alone.
std::string SealedWith(absl::string_view name, absl::string_view public_key) {
  CanonicalWriter out("waymark/v1/approver-key");
  out.Text(name);
  out.Text(public_key);
  return std::move(out).bytes();
}

std::string Hex(absl::string_view bytes) {
  return absl::BytesToHexString(bytes);
}

std::string Bytes(const Json& object, const char* name) {
  const std::string hex = object.at(name).get<std::string>();
  const bool is_hex = hex.size() % 2 == 0 && std::all_of(hex.begin(), hex.end(), [](char c) {
                        return absl::ascii_isxdigit(static_cast<unsigned char>(c));
                      });
  return is_hex ? absl::HexStringToBytes(hex) : "";
}

absl::Status Damaged(const std::string& path) {
  return absl::DataLossError(absl::StrCat(
      path, ": is no file of accounts; put a copy back, or remove it and add the accounts again"));
}

}  // namespace

struct Accounts::Entry {
  Account account;
  crypto::ScryptCost cost = {};
  std::string salt = {};
  std::string password = {};  // as scrypt leaves it
  std::string key_salt = {}, sealed_key = {};
};

absl::string_view NameOf(Role role) {
  return role == Role::kApprover ? "approver" : "viewer";
}

std::optional<Role> RoleNamed(absl::string_view name) {
  for (const Role role : {Role::kViewer, Role::kApprover}) {
    if (NameOf(role) == name) return role;
  }
  return std::nullopt;
}

absl::StatusOr<std::vector<Accounts::Entry>> Accounts::Read() const {
  std::vector<Entry> entries;
  if (!FileExists(path_)) return entries;
  ASSIGN_OR_RETURN(const crypto::SecretBytes text, crypto::ReadSecretFile(path_, kMostFileBytes));
  const Json json = Json::parse(text.RevealSecretText(), nullptr, false);
  try {
    if (json.at("format").get<std::string>() != kFormat) return Damaged(path_);
    for (const Json& one : json.at("accounts")) {
      const std::optional<Role> role = RoleNamed(one.at("role").get<std::string>());
      if (!role) return Damaged(path_);
      Entry entry{.account = {.name = one.at("name").get<std::string>(),
                              .role = *role,
                              .public_key = Bytes(one, "public_key")},
                  .cost = {.log_n = one.at("scrypt").at("log_n").get<std::uint32_t>(),
                           .r = one.at("scrypt").at("r").get<std::uint32_t>(),
                           .p = one.at("scrypt").at("p").get<std::uint32_t>()},
                  .salt = Bytes(one, "salt"),
                  .password = Bytes(one, "password"),
                  .key_salt = Bytes(one, "key_salt"),
                  .sealed_key = Bytes(one, "sealed_key")};
      if (!IsName(entry.account.name) || entry.password.size() != kHashBytes) return Damaged(path_);
      entries.push_back(std::move(entry));
    }
  } catch (const Json::exception&) {
    return Damaged(path_);
  }
  return entries;
}

absl::Status Accounts::Write(const std::vector<Entry>& entries) const {
  Json list = Json::array();
  for (const Entry& entry : entries) {
    list.push_back({{"name", entry.account.name},
                    {"role", std::string(NameOf(entry.account.role))},
                    {"scrypt", {{"log_n", entry.cost.log_n}, {"r", entry.cost.r}, {"p", entry.cost.p}}},
                    {"salt", Hex(entry.salt)},
                    {"password", Hex(entry.password)},
                    {"public_key", Hex(entry.account.public_key)},
                    {"key_salt", Hex(entry.key_salt)},
                    {"sealed_key", Hex(entry.sealed_key)}});
  }
  const Json file = {{"format", std::string(kFormat)}, {"accounts", std::move(list)}};
  return WriteFileAtomically(path_, file.dump(1) + "\n", 0600);
}

absl::StatusOr<std::vector<Account>> Accounts::List() const {
  ASSIGN_OR_RETURN(const std::vector<Entry> entries, Read());
  std::vector<Account> accounts;
  for (const Entry& entry : entries) accounts.push_back(entry.account);
  return accounts;
}

absl::StatusOr<std::optional<Account>> Accounts::Find(absl::string_view name) const {
  ASSIGN_OR_RETURN(const std::vector<Account> accounts, List());
  for (const Account& account : accounts) {
    if (account.name == name) return account;
  }
  return std::nullopt;
}

absl::StatusOr<std::string> Accounts::Salt() {
  const absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const crypto::SecretBytes bytes, crypto::SecretBytes::Random(kSaltBytes, random_));
  return std::string(bytes.RevealSecretText());
}

absl::StatusOr<crypto::SecretBytes> Accounts::Stretch(const crypto::SecretBytes& passphrase,
                                                      absl::string_view salt,
                                                      const crypto::ScryptCost& cost) {
  const absl::MutexLock lock(&mutex_);
  return crypto::KeyOfPassphrase(passphrase, salt, cost, kHashBytes);
}

absl::Status Accounts::Add(Entry entry, const crypto::SecretBytes& password) {
  const std::string name = entry.account.name;
  if (!IsName(name)) {
    return absl::InvalidArgumentError(absl::StrCat("account \"", absl::CHexEscape(name),
                                                   "\": a name is letters, digits and .-_@, at most ",
                                                   kMostNameBytes));
  }
  RETURN_IF_ERROR(CheckSecret("password", password));
  entry.cost = cost_;
  ASSIGN_OR_RETURN(entry.salt, Salt());
  ASSIGN_OR_RETURN(const crypto::SecretBytes hash, Stretch(password, entry.salt, cost_));
  entry.password = std::string(hash.RevealSecretText());
  RETURN_IF_ERROR(MakeDirectories(DirectoryOf(path_), 0700));
  ASSIGN_OR_RETURN(const FileLock lock, FileLock::OnFile(path_ + ".lock", FileLock::IfHeld::kWait));
  ASSIGN_OR_RETURN(std::vector<Entry> entries, Read());
  const auto place = std::lower_bound(
      entries.begin(), entries.end(), name,
      [](const Entry& each, const std::string& wanted) { return each.account.name < wanted; });
  if (place != entries.end() && place->account.name == name) {
    return absl::AlreadyExistsError(
        absl::StrCat("account ", name, ": is there already; `waymark-node account remove` takes it away"));
  }
  entries.insert(place, std::move(entry));
  return Write(entries);
}

absl::Status Accounts::AddViewer(const std::string& name, const crypto::SecretBytes& password) {
  return Add({.account = {.name = name, .role = Role::kViewer, .public_key = ""}}, password);
}

absl::Status Accounts::AddApprover(const std::string& name, const crypto::SecretBytes& password,
                                   const crypto::SecretBytes& passphrase, const crypto::SigningKey& key) {
  RETURN_IF_ERROR(CheckSecret("passphrase", passphrase));
  if (crypto::ConstantTimeEqual(password.RevealSecretText(), passphrase.RevealSecretText())) {
    return absl::InvalidArgumentError(
        "the passphrase of the key has to be another than the password: who looks over a shoulder at one "
        "would have both");
  }
  Entry entry{.account = {.name = name, .role = Role::kApprover, .public_key = key.public_key()}};
  ASSIGN_OR_RETURN(entry.key_salt, Salt());
  ASSIGN_OR_RETURN(const crypto::SecretBytes sealing, Stretch(passphrase, entry.key_salt, cost_));
  ASSIGN_OR_RETURN(entry.sealed_key, crypto::Seal(sealing, SealedWith(name, key.public_key()), key.seed()));
  return Add(std::move(entry), password);
}

absl::Status Accounts::Remove(absl::string_view name) {
  ASSIGN_OR_RETURN(const FileLock lock, FileLock::OnFile(path_ + ".lock", FileLock::IfHeld::kWait));
  ASSIGN_OR_RETURN(std::vector<Entry> entries, Read());
  if (std::erase_if(entries, [&](const Entry& each) { return each.account.name == name; }) == 0)
    return absl::NotFoundError(absl::StrCat("there is no account ", absl::CHexEscape(name)));
  return Write(entries);
}

absl::StatusOr<Account> Accounts::CheckPassword(const std::string& name,
                                                const crypto::SecretBytes& password) {
  ASSIGN_OR_RETURN(const std::vector<Entry> entries, Read());
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& each) { return each.account.name == name; });
  // Of a name that nobody has, the same work is done, so that names cannot be told by time.
  const bool is_known = found != entries.end();
  const std::string nobody(kHashBytes, '\0');
  ASSIGN_OR_RETURN(const crypto::SecretBytes hash,
                   Stretch(password, is_known ? found->salt : nobody.substr(0, kSaltBytes),
                           is_known ? found->cost : cost_));
  const bool is_same =
      crypto::ConstantTimeEqual(hash.RevealSecretText(), is_known ? found->password : nobody);
  if (!is_known || !is_same) return absl::UnauthenticatedError("this name and password do not go together");
  return found->account;
}

absl::StatusOr<crypto::SigningKey> Accounts::OpenKey(absl::string_view name,
                                                     const crypto::SecretBytes& passphrase) {
  ASSIGN_OR_RETURN(const std::vector<Entry> entries, Read());
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& each) { return each.account.name == name; });
  if (found == entries.end() || found->account.role != Role::kApprover) {
    return absl::FailedPreconditionError(
        absl::StrCat("the account ", absl::CHexEscape(name),
                     " holds no approval key; `waymark-node account add NAME --role approver` makes one"));
  }
  const Account& account = found->account;
  ASSIGN_OR_RETURN(const crypto::SecretBytes sealing, Stretch(passphrase, found->key_salt, found->cost));
  const auto seed =
      crypto::OpenSealed(sealing, SealedWith(account.name, account.public_key), found->sealed_key);
  if (!seed.ok()) return absl::UnauthenticatedError("this passphrase does not open the approval key");
  ASSIGN_OR_RETURN(crypto::SigningKey key, crypto::SigningKey::FromSeed(*seed));
  if (key.public_key() != account.public_key) return Damaged(path_);
  return key;
}

}  // namespace waymark::node
