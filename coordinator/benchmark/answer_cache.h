// Answers that were made before, for as long as nothing else was published.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_ANSWER_CACHE_H_
#define WAYMARK_COORDINATOR_BENCHMARK_ANSWER_CACHE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"

namespace waymark::coordinator {

// Thread-safe. Two that ask for the same at once may both make it.
template <typename Answer>
class AnswerCache {
 public:
  // Lets go of everything when it holds more.
  explicit AnswerCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  // The answer to `key` while the store's mark (Store::PublishedMark) is `mark`; made by `make` where it is
  // not there, and kept where that is OK. `size(answer)`: in bytes.
  template <typename Make, typename Size>
  absl::StatusOr<std::shared_ptr<const Answer>> Get(const std::string& mark, const std::string& key,
                                                    Make make, Size size) {
    {
      const absl::MutexLock lock(&mutex_);
      if (mark != mark_) Clear(mark);
      if (const auto found = answers_.find(key); found != answers_.end()) return found->second;
    }
    absl::StatusOr<Answer> made = make();
    if (!made.ok()) return made.status();
    auto answer = std::make_shared<const Answer>(*std::move(made));
    const std::size_t bytes = key.size() + size(*answer);
    const absl::MutexLock lock(&mutex_);
    // What was made for a mark that is gone may be of either.
    if (mark != mark_ || bytes > most_bytes_) return answer;
    if (bytes_ + bytes > most_bytes_) Clear(mark);
    if (answers_.emplace(key, answer).second) bytes_ += bytes;
    return answer;
  }

 private:
  void Clear(const std::string& mark) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    answers_.clear();
    bytes_ = 0;
    mark_ = mark;
  }

  const std::size_t most_bytes_;
  absl::Mutex mutex_;
  std::string mark_ ABSL_GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::shared_ptr<const Answer>> answers_ ABSL_GUARDED_BY(mutex_);
  std::size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_ANSWER_CACHE_H_
