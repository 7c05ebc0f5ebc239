// An Ed25519 key in a PKCS#11 token (an HSM, a smart card), which signs there and never leaves it. Named by a
// URI of RFC 7512, as "pkcs11:token=officers;object=anna?module-path=/usr/lib/softhsm/libsofthsm2.so";
// without a module-path every module is looked at that p11-kit has registered. For the .cc files of this
// folder only.
#ifndef WAYMARK_COORDINATOR_CLI_PKCS11_KEY_H_
#define WAYMARK_COORDINATOR_CLI_PKCS11_KEY_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/secret.h"

namespace waymark::coordinator {

// Asked for once the token is found.
using PinSource = std::function<absl::StatusOr<crypto::SecretBytes>()>;

struct Pkcs11Session;

// Not thread-safe.
class Pkcs11Key {
 public:
  // INVALID_ARGUMENT: no such URI, one with a PIN in it (a command line is no place for one), or one that
  // fits several tokens or keys. NOT_FOUND: no token that fits is there, or it has no such key.
  // UNAUTHENTICATED: the token refused the PIN. FAILED_PRECONDITION: the key is no Ed25519 key, or its public
  // half is not there. UNAVAILABLE: the module cannot be loaded, or the token failed.
  static absl::StatusOr<Pkcs11Key> Open(const std::string& uri, const PinSource& pin);
  // Makes a pair under the URI's object and id in the token; it cannot be read from there again. Without an
  // id the object's name is it. ALREADY_EXISTS where the URI names a key, or one has that id; otherwise the
  // errors of Open.
  static absl::StatusOr<Pkcs11Key> Create(const std::string& uri, const PinSource& pin);
  Pkcs11Key(Pkcs11Key&&) noexcept;
  ~Pkcs11Key();

  const std::string& public_key() const;  // 32 bytes

  // 64 bytes, checked by the public key. UNAVAILABLE where the token fails; FAILED_PRECONDITION where its two
  // halves do not belong together.
  absl::StatusOr<std::string> Sign(absl::string_view message) const;

 private:
  explicit Pkcs11Key(std::unique_ptr<Pkcs11Session> session);
  std::unique_ptr<Pkcs11Session> session_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_PKCS11_KEY_H_
