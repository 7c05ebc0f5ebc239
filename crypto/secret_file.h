// Files that hold a secret: read without a copy that nobody cleanses, and only where their owner alone can
// read them.
#ifndef WAYMARK_CRYPTO_SECRET_FILE_H_
#define WAYMARK_CRYPTO_SECRET_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "crypto/secret.h"

namespace waymark::crypto {

// The bytes of the regular file `path`. NOT_FOUND where there is none; PERMISSION_DENIED where this user may
// not read it, or where its mode lets group or others read or write it; RESOURCE_EXHAUSTED above `max_bytes`;
// INVALID_ARGUMENT where it is a folder or device. Every message names the path and the fix. Thread-safe.
absl::StatusOr<SecretBytes> ReadSecretFile(const std::string& path, std::size_t max_bytes);

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SECRET_FILE_H_
