#include "node/ingest/csv_places.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <bit>

namespace waymark::node {
namespace {

#if defined(__x86_64__)
#define WAYMARK_AVX512 [[gnu::target("avx512f,avx512bw,avx512vbmi2,popcnt")]]

// Sixteen of `places`, which are bytes, from the kFrom-th on.
template <int kFrom>
WAYMARK_AVX512 void WriteSixteen(__m512i places, std::uint32_t first, std::uint32_t* to) {
  // With masks of all: GCC 12 takes the forms without for reads of what was never written.
  const __m128i sixteen = _mm512_maskz_extracti32x4_epi32(0xF, places, kFrom / 16);
  const __m512i wide = _mm512_maskz_cvtepu8_epi32(0xFFFF, sixteen);
  _mm512_storeu_si512(to + kFrom, _mm512_add_epi32(wide, _mm512_set1_epi32(static_cast<int>(first))));
}

// All marks of the 64 bytes are packed together by one instruction.
WAYMARK_AVX512 std::size_t WritePlacesAvx512(const char* at, char delimiter, std::uint64_t counted,
                                             std::uint32_t first, std::uint32_t* places) {
  alignas(64) static constexpr auto kNumbers = [] {
    struct {
      char bytes[kMarksBytes];
    } numbers{};
    for (std::size_t i = 0; i < kMarksBytes; ++i) numbers.bytes[i] = static_cast<char>(i);
    return numbers;
  }();
  const __m512i bytes = _mm512_loadu_si512(at);
  const std::uint64_t marks = (_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(delimiter)) |
                               _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"')) |
                               _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n'))) &
                              counted;
  const __m512i packed = _mm512_maskz_compress_epi8(marks, _mm512_load_si512(kNumbers.bytes));
  const auto count = static_cast<std::size_t>(_mm_popcnt_u64(marks));
  WriteSixteen<0>(packed, first, places);
  if (count > 16) WriteSixteen<16>(packed, first, places);
  if (count > 32) WriteSixteen<32>(packed, first, places);
  if (count > 48) WriteSixteen<48>(packed, first, places);
  return count;
}
#endif

}  // namespace

// Eight are written at a time, whether or not there are as many, so that no branch hangs on each one.
std::size_t WritePlaces(const char* at, char delimiter, std::uint64_t counted, std::uint32_t first,
                        std::uint32_t* places) {
  constexpr std::uint64_t kLast = std::uint64_t{1} << (kMarksBytes - 1);  // where there is no bit any more
  std::uint64_t mask = Marks(at, delimiter) & counted;
  const auto count = static_cast<std::size_t>(std::popcount(mask));
  for (std::size_t written = 0; written < count; written += 8) {
#pragma GCC unroll 8
    for (std::size_t i = written; i < written + 8; ++i) {
      places[i] = first + static_cast<std::uint32_t>(__builtin_ctzll(mask | kLast));
      mask &= mask - 1;
    }
  }
  return count;
}

PlacesWriter QuickestPlacesWriter() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2")) return WritePlacesAvx512;
#endif
  return WritePlaces;
}

}  // namespace waymark::node
