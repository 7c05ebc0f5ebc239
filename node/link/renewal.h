// A node's certificate is renewed while the old one is still good, without anybody doing anything.
#ifndef WAYMARK_NODE_LINK_RENEWAL_H_
#define WAYMARK_NODE_LINK_RENEWAL_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "node/link/coordinator_link.h"

namespace waymark::node {

// Not thread-safe. The references outlive this.
class CertificateRenewal {
 public:
  CertificateRenewal(std::string identity_directory, CoordinatorLink& link, const Clock& clock)
      : directory_(std::move(identity_directory)), link_(link), clock_(clock) {}

  // Call often. Where another certificate is in the folder than the link connects with, connects anew. At
  // most every ten minutes, where less than a third of the certificate's time is left, makes a new key, asks
  // for a certificate for it, checks that, puts both in the place of the old and connects anew.
  // FAILED_PRECONDITION where the coordinator gave what is not this council's certificate: nothing was
  // written over; otherwise errors of the call. What failed is tried again at a later look.
  absl::Status RenewWhenDue();

 private:
  const std::string directory_;
  CoordinatorLink& link_;
  const Clock& clock_;
  absl::Time next_look_ = absl::InfinitePast();
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_LINK_RENEWAL_H_
