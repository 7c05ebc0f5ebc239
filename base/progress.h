// How far something is that takes longer than people like to wait, on one line of a terminal.
#ifndef WAYMARK_BASE_PROGRESS_H_
#define WAYMARK_BASE_PROGRESS_H_

#include <cstdint>
#include <cstdio>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"

namespace waymark {

// Says nothing in the first two seconds, then at most five times a second; the line is wiped at the end.
// Thread-safe.
class Progress {
 public:
  // `terminal` may be null: nothing is said then. Both must outlive this.
  Progress(const Clock& clock, std::FILE* terminal);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  // `done` of `total` is done of `what`; a total of 0 is one that nobody knows.
  void Show(absl::string_view what, std::uint64_t done, std::uint64_t total);

  // "reading  [=========>          ]  45%", or "measuring …".
  static std::string Line(absl::string_view what, std::uint64_t done, std::uint64_t total);

 private:
  const Clock& clock_;
  std::FILE* const terminal_;
  absl::Mutex mutex_;
  absl::Time next_ ABSL_GUARDED_BY(mutex_);
  std::size_t shown_ ABSL_GUARDED_BY(mutex_) = 0;  // characters on the line
};

}  // namespace waymark

#endif  // WAYMARK_BASE_PROGRESS_H_
