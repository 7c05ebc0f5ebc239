// Where the delimiters, quotes and line feeds are among 64 bytes.
#ifndef WAYMARK_NODE_INGEST_CSV_PLACES_H_
#define WAYMARK_NODE_INGEST_CSV_PLACES_H_

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <cstddef>
#include <cstdint>

namespace waymark::node {

inline constexpr std::size_t kMarksBytes = 64;

// Bit i: byte i is one of them.
#if defined(__SSE2__)
inline std::uint64_t Marks(const char* at, char delimiter) {
  const __m128i wanted = _mm_set1_epi8(delimiter);
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i feed = _mm_set1_epi8('\n');
  std::uint64_t marks = 0;
#pragma GCC unroll 4
  for (std::size_t i = 0; i < kMarksBytes; i += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i));
    const __m128i found =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, wanted), _mm_cmpeq_epi8(bytes, quote)),
                     _mm_cmpeq_epi8(bytes, feed));
    marks |= std::uint64_t{static_cast<std::uint16_t>(_mm_movemask_epi8(found))} << i;
  }
  return marks;
}
#else
inline std::uint64_t Marks(const char* at, char delimiter) {
  std::uint64_t marks = 0;
  for (std::size_t i = 0; i < kMarksBytes; ++i) {
    marks |= std::uint64_t{at[i] == delimiter || at[i] == '"' || at[i] == '\n'} << i;
  }
  return marks;
}
#endif

// Writes the places of the bits of Marks & `counted`, counted from `first`, rising; returns how many there
// are. There is room for kMarksBytes, of which those beyond them may be written too.
using PlacesWriter = std::size_t (*)(const char* at, char delimiter, std::uint64_t counted,
                                     std::uint32_t first, std::uint32_t* places);

// On any processor.
std::size_t WritePlaces(const char* at, char delimiter, std::uint64_t counted, std::uint32_t first,
                        std::uint32_t* places);
// The quickest that this processor can do.
PlacesWriter QuickestPlacesWriter();

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_CSV_PLACES_H_
