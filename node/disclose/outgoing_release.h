// A release that may leave. Only the door can make one, and node/link can send nothing else: that nothing
// leaves but by the door is a matter of types.
#ifndef WAYMARK_NODE_DISCLOSE_OUTGOING_RELEASE_H_
#define WAYMARK_NODE_DISCLOSE_OUTGOING_RELEASE_H_

#include <cstdint>
#include <string>
#include <utility>

namespace waymark::node {

// Immutable; thread-safe. It is in the ledger already, byte for byte.
class OutgoingRelease {
 public:
  const std::string& round_id() const { return round_id_; }
  const std::string& council() const { return council_; }
  std::uint64_t ledger_sequence() const { return ledger_sequence_; }
  // SHA-256 of the canonical encoding, 32 bytes: what the coordinator's receipt names.
  const std::string& release_hash() const { return release_hash_; }
  // The serialised v1::Release, exactly as stored.
  const std::string& bytes() const { return bytes_; }

 private:
  friend class Door;
  OutgoingRelease() = default;

  std::string round_id_;
  std::string council_;
  std::uint64_t ledger_sequence_ = 0;
  std::string release_hash_;
  std::string bytes_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_OUTGOING_RELEASE_H_
