// Internal to node_steps: what a node's steps hand on. Everything secret is in types that cleanse.
#ifndef WAYMARK_CRYPTO_SECURE_SUM_NODE_STATE_H_
#define WAYMARK_CRYPTO_SECURE_SUM_NODE_STATE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "crypto/key_agreement.h"
#include "crypto/secret.h"
#include "crypto/secure_sum/ledger_head.h"
#include "crypto/secure_sum/node_steps.h"

namespace waymark::crypto {

// This node, or a neighbour that sent keys.
struct NodePeer {
  std::uint32_t member = 0;
  std::string mask_key;
  std::string sealing_key;
  bool has_shared = false;  // in U2
  SecretBytes seed_share;   // held for it; empty where it sent none that opens
  SecretBytes mask_key_share;
  LedgerHead known;  // what it keeps of this node's ledger
};

struct NodeState {
  NodeSeat seat;
  AgreementKey mask_key;
  AgreementKey sealing_key;
  std::vector<NodePeer> peers;              // rising; this node among them
  SecretBytes seed;                         // of the self-mask
  InputMessage input;                       // as this node sent it
  std::vector<std::uint32_t> contributors;  // U3
  ConsistencyMessage consistency;           // as this node signed it

  const Session& session() const { return *seat.session; }
  NodePeer* Find(std::uint32_t member);
};

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SECURE_SUM_NODE_STATE_H_
