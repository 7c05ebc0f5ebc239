// Work on several cores.
#ifndef WAYMARK_BASE_THREADS_H_
#define WAYMARK_BASE_THREADS_H_

#include <cstddef>
#include <functional>

namespace waymark {

// What a thread writes all the time should lie so many bytes from what others use, and begin at a multiple of
// it (alignas): a line of memory that several write wanders between the cores, some 150 cycles each time, and
// processors take lines by twos.
inline constexpr std::size_t kApart = 128;

// How many threads are worth having on this machine: its cores, at most four, since each takes memory of its
// own.
std::size_t WorthwhileThreads();

// Calls `work(0)` to `work(threads - 1)` at the same time, the first in this thread; returns when all have.
// An exception of one (memory that is not there) is thrown on.
void InParallel(std::size_t threads, const std::function<void(std::size_t)>& work);

// Calls `work` with each number below `count`, once, in as many threads as are worth having: whoever is free
// takes the next. Returns and throws as InParallel.
void ForEachInParallel(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace waymark

#endif  // WAYMARK_BASE_THREADS_H_
