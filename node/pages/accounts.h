// Who may sign in to a council's pages, in a file of mode 0600: names, roles, passwords as scrypt leaves
// them, and of approvers the Ed25519 key that signs approvals, sealed under a passphrase of its own. Who
// steals the file has no password and no key, only the means to try guesses slowly.
#ifndef WAYMARK_NODE_PAGES_ACCOUNTS_H_
#define WAYMARK_NODE_PAGES_ACCOUNTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "crypto/passphrase.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "crypto/signature.h"

namespace waymark::node {

enum class Role { kViewer, kApprover };
absl::string_view NameOf(Role role);  // "viewer", "approver"
std::optional<Role> RoleNamed(absl::string_view name);

struct Account {
  std::string name;
  Role role = Role::kViewer;
  std::string public_key = {};  // an approver's, 32 bytes
};

inline constexpr std::size_t kLeastPasswordBytes = 12;
inline constexpr std::size_t kMostPasswordBytes = 1024;

// Thread-safe; several processes may share the file. Every call reads it, so that who was removed is out at
// once. One scrypt runs at a time: each takes much memory.
class Accounts {
 public:
  // `random` is used here alone, and outlives it.
  Accounts(std::string path, crypto::RandomSource& random, crypto::ScryptCost cost = {})
      : path_(std::move(path)), cost_(cost), random_(random) {}

  // In order of name; none where there is no file. DATA_LOSS where it is damaged; PERMISSION_DENIED where
  // others may read it.
  absl::StatusOr<std::vector<Account>> List() const;
  // Nothing where there is none of the name.
  absl::StatusOr<std::optional<Account>> Find(absl::string_view name) const;

  // INVALID_ARGUMENT on a name that is none (letters, digits, ".-_@", at most 64), a password or passphrase
  // that is too short or too long, or both alike; ALREADY_EXISTS.
  absl::Status AddViewer(const std::string& name, const crypto::SecretBytes& password);
  absl::Status AddApprover(const std::string& name, const crypto::SecretBytes& password,
                           const crypto::SecretBytes& passphrase, const crypto::SigningKey& key);
  // NOT_FOUND.
  absl::Status Remove(absl::string_view name);

  // UNAUTHENTICATED where there is no such account, or the password is another; it takes as long either way.
  absl::StatusOr<Account> CheckPassword(const std::string& name, const crypto::SecretBytes& password);
  // The approver's key, for one signature: it is wiped when it goes out of scope. UNAUTHENTICATED where the
  // passphrase is another; FAILED_PRECONDITION of who is no approver.
  absl::StatusOr<crypto::SigningKey> OpenKey(absl::string_view name, const crypto::SecretBytes& passphrase);

 private:
  struct Entry;
  absl::StatusOr<std::vector<Entry>> Read() const;
  absl::Status Write(const std::vector<Entry>& entries) const;
  absl::Status Add(Entry entry, const crypto::SecretBytes& password);
  absl::StatusOr<std::string> Salt();
  absl::StatusOr<crypto::SecretBytes> Stretch(const crypto::SecretBytes& passphrase, absl::string_view salt,
                                              const crypto::ScryptCost& cost);

  const std::string path_;
  const crypto::ScryptCost cost_;  // of new ones
  absl::Mutex mutex_;
  crypto::RandomSource& random_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_PAGES_ACCOUNTS_H_
