// How a cell can be moved while nothing more is hidden, found without a solver: the cell is moved, and then
// one broken sum after the other is mended by another cell, until none is broken. A few microseconds where a
// linear program takes milliseconds, and enough for most cells. Part of suppression.h, as movement.h.
#ifndef WAYMARK_STATISTICS_AUDIT_REPAIR_WALK_H_
#define WAYMARK_STATISTICS_AUDIT_REPAIR_WALK_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "statistics/audit/movement.h"

namespace waymark::statistics {

// A local search (as WalkSAT, Selman, Kautz and Cohen 1994): of the broken sums one is drawn, and of its
// cells that one is moved which leaves the least broken over all; what was moved lately is not moved back.
// Draws come from a fixed sequence, so the same state gives the same move. It can miss a move that is there;
// what it finds has been checked. The state outlives it, and may change between calls. Not thread-safe.
class RepairWalk {
 public:
  explicit RepairWalk(const ReleaseState& state);

  // A move of `cell` that hides nothing. Adds to `work` as MoveSearch does.
  std::optional<Move> Find(std::uint32_t cell, const Wish& wish, std::uint64_t& work);

 private:
  // A cell that only one short sum names (a complement): it takes up what that sum lacks, and is moved last.
  struct Slack {
    std::uint32_t cell = ReleaseCell::kNone;
    std::int32_t factor = 1;
  };
  struct Choice {
    std::uint32_t cell = 0;
    std::int64_t by = 0;
  };

  void Clear();
  bool Walk(const Wish& wish);
  void Change(std::uint32_t cell, std::int64_t by);
  Range Reach(std::uint32_t cell) const;
  Range RoomWithSlack(std::uint32_t relation) const;
  std::int64_t Lacking(std::uint32_t relation, std::int64_t sum) const;
  Choice Choose(std::uint32_t relation, std::int64_t lately);
  Choice ChooseAnywhere();
  std::int64_t BrokenBy(std::uint32_t cell, std::int64_t by) const;
  void MoveSlack();
  std::uint64_t Draw();

  const ReleaseState& state_;
  std::vector<Slack> slack_;  // by relation
  std::uint32_t aimed_ = ReleaseCell::kNone;
  Range aim_;  // by how much that one may change
  std::uint64_t drawn_ = 0;
  std::uint64_t looked_at_ = 0;  // sums, for cells that might have been moved
  std::int64_t step_ = 0;
  std::vector<std::int64_t> by_;    // by cell: how far it has been moved
  std::vector<std::int64_t> when_;  // by cell: the step at which it was moved last
  std::vector<std::uint32_t> moved_;
  std::vector<std::int64_t> sum_;  // by relation: by how much it has changed
  std::vector<std::uint32_t> changed_;
  std::vector<std::uint32_t> broken_;
  std::vector<std::size_t> place_;  // by relation: in `broken_`
};

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_AUDIT_REPAIR_WALK_H_
