// Whom a certificate or bearer token stands for, of those who are no council. What is not in the book stands
// for nobody.
#ifndef WAYMARK_COORDINATOR_FEDERATION_ACCESS_BOOK_H_
#define WAYMARK_COORDINATOR_FEDERATION_ACCESS_BOOK_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "coordinator/federation/authority.h"
#include "coordinator/federation/role.h"
#include "coordinator/store/store.h"

namespace waymark::coordinator {

// A token is this and 64 hexadecimal digits; the prefix is for those who search files for secrets.
inline constexpr char kTokenPrefix[] = "waymark_";

// The hashes under which entries stand. Of a certificate, its SHA-256 fingerprint; INVALID_ARGUMENT where it
// is none.
std::string AccessTokenHash(absl::string_view token);
absl::StatusOr<std::string> CertificateHash(absl::string_view certificate_pem);

// When a certificate or token ends that is made now, of an access that ends then (0: when it is revoked).
absl::Time EndFrom(absl::Time now, int valid_days, std::int64_t ends_unix_s);

// Thread-safe.
class AccessBook {
 public:
  AccessBook(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  // PERMISSION_DENIED where this certificate is not entered for that role and name, or revoked, or out of
  // date. One of a renewal is the access's only one from here on.
  absl::StatusOr<StoredAccess> OfCertificate(absl::string_view certificate_pem, Role role,
                                             absl::string_view name);

  // Another certificate for who holds this one: for the key of the request, of the same name, role and scope,
  // as long as the first was good and never beyond the access's end. Both are good until it is used once, or
  // the old one ends. The same request again: the same certificate. The errors of OfCertificate;
  // INVALID_ARGUMENT where the request is no good; FAILED_PRECONDITION where the access ends with the
  // certificate that it has.
  absl::StatusOr<std::string> Renew(const Authority& authority, absl::string_view certificate_pem, Role role,
                                    absl::string_view name, const std::string& certificate_request_pem);

  // `address`: the caller's, without the port. UNAUTHENTICATED, always in the same words, where the token is
  // unknown, revoked or out of date: the answer must not tell which. RESOURCE_EXHAUSTED instead where too
  // many from the address were so in this minute; good ones are taken all the same, since others may have
  // that address too.
  absl::StatusOr<StoredAccess> OfToken(absl::string_view token, absl::string_view address);
  // The same by AccessTokenHash, for sessions, which keep no token.
  absl::StatusOr<StoredAccess> OfTokenHash(const std::string& hash, absl::string_view address);

 private:
  absl::Status Use(const StoredAccess& entry);
  bool IsLive(const StoredAccess& entry) const;
  int& FailuresOf(absl::string_view address) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Store& store_;
  const Clock& clock_;
  absl::Mutex mutex_;
  std::int64_t minute_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, int, std::less<>> failures_ ABSL_GUARDED_BY(mutex_);  // of minute_, by address
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_FEDERATION_ACCESS_BOOK_H_
