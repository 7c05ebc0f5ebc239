// Code in a process of its own, which may be killed.
#ifndef WAYMARK_TESTS_ATTACKS_RELEASE_FORKED_H_
#define WAYMARK_TESTS_ATTACKS_RELEASE_FORKED_H_

#include <sys/types.h>

#include <functional>

namespace waymark::testing {

// Begins `body` in a child, which ends with what it returns (0 to 255). Nothing of the child's memory comes
// back. Call only while no other thread runs.
pid_t BeginForked(const std::function<int()>& body);

// Waits for a child; its exit status, or −1 where a signal ended it.
int Finish(pid_t child);

inline int Forked(const std::function<int()>& body) {
  return Finish(BeginForked(body));
}

}  // namespace waymark::testing

#endif  // WAYMARK_TESTS_ATTACKS_RELEASE_FORKED_H_
