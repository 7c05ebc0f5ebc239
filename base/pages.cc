#include "base/pages.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace waymark {
namespace {

std::uintptr_t PageBytes() {
  static const auto bytes = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  return bytes;
}

}  // namespace

void TakePages(void* begin, std::size_t bytes) {
#ifdef MADV_POPULATE_WRITE
  const auto first = reinterpret_cast<std::uintptr_t>(begin) / PageBytes() * PageBytes();
  const std::uintptr_t end = reinterpret_cast<std::uintptr_t>(begin) + bytes;
  if (first < end) ::madvise(reinterpret_cast<void*>(first), end - first, MADV_POPULATE_WRITE);
#endif
}

void ReleasePages(void* begin, std::size_t bytes) {
  const std::uintptr_t page = PageBytes();
  const auto first = (reinterpret_cast<std::uintptr_t>(begin) + page - 1) / page * page;
  const auto end = (reinterpret_cast<std::uintptr_t>(begin) + bytes) / page * page;
  if (first < end) ::madvise(reinterpret_cast<void*>(first), end - first, MADV_DONTNEED);
}

}  // namespace waymark
