#include "crypto/secure_sum/ring_vector.h"

#include <bit>
#include <cstring>
#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace waymark::crypto {
namespace {

static_assert(std::endian::native == std::endian::little, "words lie in memory as they are sent");

// `from` may lie anywhere.
template <typename Word>
void AddWords(absl::Span<Word> into, const char* from) {
  for (std::size_t i = 0; i < into.size(); ++i) {
    Word word;
    std::memcpy(&word, from + i * sizeof(Word), sizeof(Word));
    into[i] += word;
  }
}

}  // namespace

RingVector::RingVector(std::uint32_t word_bits, std::size_t words)
    : word_bits_(word_bits), words_(words), bytes_(words * (word_bits / 8)) {}

absl::Span<std::uint32_t> RingVector::Words32() {
  return {reinterpret_cast<std::uint32_t*>(bytes_.MutableSecret().data()), words_};
}

absl::Span<std::uint64_t> RingVector::Words64() {
  return {reinterpret_cast<std::uint64_t*>(bytes_.MutableSecret().data()), words_};
}

absl::StatusOr<RingVector> RingVector::FromValues(std::uint32_t word_bits,
                                                  absl::Span<const std::int64_t> values) {
  RingVector vector(word_bits, values.size());
  // The position alone is told: the value is a council's own.
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (word_bits == 64) {
      vector.Words64()[i] = static_cast<std::uint64_t>(values[i]);
    } else if (values[i] < std::numeric_limits<std::int32_t>::min() ||
               values[i] > std::numeric_limits<std::int32_t>::max()) {
      return absl::OutOfRangeError(absl::StrCat("cell ", i, " does not fit into 32 bits"));
    } else {
      vector.Words32()[i] = static_cast<std::uint32_t>(values[i]);
    }
  }
  return vector;
}

std::vector<std::int64_t> RingVector::ToValues() const {
  std::vector<std::int64_t> values(words_);
  const std::uint8_t* at = bytes_.RevealSecret().data();
  for (std::size_t i = 0; i < words_; ++i) {
    if (word_bits_ == 64) {
      std::memcpy(&values[i], at + 8 * i, 8);
    } else {
      std::int32_t word = 0;
      std::memcpy(&word, at + 4 * i, 4);
      values[i] = word;
    }
  }
  return values;
}

absl::Status RingVector::Add(const RingVector& other) {
  if (other.word_bits_ != word_bits_ || other.words_ != words_) {
    return absl::InvalidArgumentError(absl::StrCat("a vector of ", other.words_, " words of ",
                                                   other.word_bits_, " bits, expected ", words_, " of ",
                                                   word_bits_));
  }
  return AddBytes(0, other.bytes());
}

absl::Status RingVector::AddBytes(std::size_t from, absl::string_view bytes) {
  const std::size_t word_bytes = word_bits_ / 8;
  if (from % word_bytes != 0 || bytes.size() % word_bytes != 0 || from > bytes_.size() ||
      bytes.size() > bytes_.size() - from) {
    return absl::InvalidArgumentError(absl::StrCat(bytes.size(), " bytes from byte ", from,
                                                   " on are no words of ", word_bytes, " bytes among ",
                                                   words_));
  }
  const std::size_t at = from / word_bytes;
  const std::size_t count = bytes.size() / word_bytes;
  if (word_bits_ == 64) {
    AddWords(Words64().subspan(at, count), bytes.data());
  } else {
    AddWords(Words32().subspan(at, count), bytes.data());
  }
  return absl::OkStatus();
}

absl::Status RingVector::Mask(absl::Span<SignedGenerator> generators) {
  return word_bits_ == 64 ? MaskAll(generators, Words64()) : MaskAll(generators, Words32());
}

absl::StatusOr<std::uint32_t> WordBitsFor(std::uint64_t members, std::uint64_t bound) {
  const auto sum = static_cast<unsigned __int128>(members) * bound;
  if (sum < std::uint64_t{1} << 29) return 32;
  if (sum < std::uint64_t{1} << 61) return 64;
  return absl::InvalidArgumentError(
      absl::StrCat("sums over ", members, " members of values up to ", bound, " do not fit into 64 bits"));
}

}  // namespace waymark::crypto
