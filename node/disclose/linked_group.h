// The linked thresholded items of one round, judged together: what each shows has to leave the others a way
// to be protected, and what all of them tell together is what an attacker has when the round is over. Plain
// data; item_group.cc makes it.
#ifndef WAYMARK_NODE_DISCLOSE_LINKED_GROUP_H_
#define WAYMARK_NODE_DISCLOSE_LINKED_GROUP_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "node/disclose/linked_cells.h"

namespace waymark::node {

struct LinkedGroup {
  struct Member {
    std::string query_hash;
    std::size_t first = 0;  // its tables
    std::size_t tables = 0;
  };
  std::vector<Member> members;      // in the round's order
  std::vector<LinkedTable> tables;  // the members', protected; then what had left before, and is published
  std::vector<bool> too_narrow;     // by table
  std::size_t left_before = 0;      // items
  absl::Status judged;              // FAILED_PRECONDITION: what had left before cannot be judged any more

  const Member* Find(const std::string& query_hash) const {
    for (const Member& member : members) {
      if (member.query_hash == query_hash) return &member;
    }
    return nullptr;
  }
};

// What was worked out of a round so far, and what it has left: of one call of the door, in which neither data
// nor policy change.
struct RoundSoFar {
  std::uint64_t noised_cells_left = 0;
  std::map<std::string, LinkedGroup> groups;  // by linkage group and period
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_LINKED_GROUP_H_
