// waymark-bench-scan FILE
//
// The least that any reader of a CSV file does: every byte is read and looked at once, on two threads, and
// delimiters, quotes and line ends are counted. What a measurement of reading is held against.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <thread>
#include <vector>

namespace waymark::bench {
namespace {

constexpr int kThreads = 2;
constexpr std::size_t kChunk = std::size_t{1} << 20U;

struct Counts {
  std::uint64_t delimiters = 0;
  std::uint64_t quotes = 0;
  std::uint64_t lines = 0;
  bool failed = false;
};

// Blocks short enough for eight-bit sums, which the compiler turns into vector instructions.
void Count(const unsigned char* bytes, std::size_t size, Counts& counts) {
  for (std::size_t block = 0; block < size; block += 192) {
    const std::size_t end = block + 192 < size ? block + 192 : size;
    std::uint8_t delimiters = 0;
    std::uint8_t quotes = 0;
    std::uint8_t lines = 0;
    for (std::size_t i = block; i < end; ++i) {
      delimiters = static_cast<std::uint8_t>(delimiters + (bytes[i] == ','));
      quotes = static_cast<std::uint8_t>(quotes + (bytes[i] == '"'));
      lines = static_cast<std::uint8_t>(lines + (bytes[i] == '\n'));
    }
    counts.delimiters += delimiters;
    counts.quotes += quotes;
    counts.lines += lines;
  }
}

void Scan(int file, off_t from, off_t to, Counts& counts) {
  std::vector<unsigned char> buffer(kChunk);
  while (from < to) {
    const auto wanted =
        static_cast<std::size_t>(to - from) < kChunk ? static_cast<std::size_t>(to - from) : kChunk;
    const ssize_t got = pread(file, buffer.data(), wanted, from);
    if (got <= 0) {
      counts.failed = true;
      return;
    }
    Count(buffer.data(), static_cast<std::size_t>(got), counts);
    from += got;
  }
}

int Run(const char* path) {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (file < 0 || fstat(file, &status) != 0) {
    std::perror(path);
    return 1;
  }
  std::array<Counts, kThreads> counts;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back(Scan, file, status.st_size / kThreads * i,
                         i + 1 == kThreads ? status.st_size : status.st_size / kThreads * (i + 1),
                         std::ref(counts[static_cast<std::size_t>(i)]));
  }
  for (std::thread& thread : threads) thread.join();
  close(file);
  Counts all;
  for (const Counts& one : counts) {
    all.delimiters += one.delimiters;
    all.quotes += one.quotes;
    all.lines += one.lines;
    all.failed |= one.failed;
  }
  if (all.failed) {
    std::perror(path);
    return 1;
  }
  std::printf("%llu bytes, %llu delimiters, %llu quotes, %llu lines\n",
              static_cast<unsigned long long>(status.st_size),
              static_cast<unsigned long long>(all.delimiters), static_cast<unsigned long long>(all.quotes),
              static_cast<unsigned long long>(all.lines));
  return 0;
}

}  // namespace
}  // namespace waymark::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: waymark-bench-scan FILE\n", stderr);
    return 2;
  }
  return waymark::bench::Run(argv[1]);
}
