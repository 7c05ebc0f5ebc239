#include "base/progress.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace waymark {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(2);
constexpr absl::Duration kBetween = absl::Milliseconds(200);
constexpr std::uint64_t kWidth = 30;

}  // namespace

Progress::Progress(const Clock& clock, std::FILE* terminal)
    : clock_(clock), terminal_(terminal), next_(clock.Now() + kPatience) {}

Progress::~Progress() {
  if (shown_ == 0) return;
  std::fprintf(terminal_, "\r%s\r", std::string(shown_, ' ').c_str());
  std::fflush(terminal_);
}

void Progress::Show(absl::string_view what, std::uint64_t done, std::uint64_t total) {
  if (terminal_ == nullptr) return;
  absl::MutexLock lock(&mutex_);
  const absl::Time now = clock_.Now();
  if (now < next_) return;
  next_ = now + kBetween;
  std::string line = Line(what, done, total);
  const std::size_t length = line.size();
  // What is left of a longer line before.
  line.resize(std::max(length, shown_), ' ');
  shown_ = length;
  std::fprintf(terminal_, "\r%s", line.c_str());
  std::fflush(terminal_);
}

std::string Progress::Line(absl::string_view what, std::uint64_t done, std::uint64_t total) {
  if (total == 0) return absl::StrCat(what, " ...");
  const double share = static_cast<double>(std::min(done, total)) / static_cast<double>(total);
  std::string bar(static_cast<std::size_t>(share * static_cast<double>(kWidth)), '=');
  bar.resize(kWidth, ' ');
  return absl::StrFormat("%s [%s] %3.0f%%", what, bar, 100 * share);
}

}  // namespace waymark
