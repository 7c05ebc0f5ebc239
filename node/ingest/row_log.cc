#include "node/ingest/row_log.h"

#include <algorithm>
#include <cstring>

#include "base/pages.h"

namespace waymark::node {
namespace {

constexpr std::size_t kFirstBlock = 256;
constexpr std::size_t kGrowths = 4;  // each to four times the size
constexpr std::size_t kManyPages = std::size_t{16} << 10;
// More than any entry takes beside its id, and eight bytes that are read or written with it: three heads, two
// texts of nine bytes, seven numbers of five, seven codes of two, a hash.
constexpr std::size_t kMostBytes = 96;
// 2020-01-01: days near it take two bytes.
constexpr Day kNearDay = 18262;

// The first byte: a RowType in bits 0 to 2, or
constexpr unsigned kType = 7;
constexpr unsigned kFacts = 4;
constexpr unsigned kSamePerson = 1U << 5U;  // as of the entry before
// Of a record: its part in bits 3 and 4, and
constexpr unsigned kPartShift = 3;
constexpr unsigned kHasId = 1U << 6U;
constexpr unsigned kMore = 1U << 7U;  // a second byte, of what is rare:
constexpr unsigned kCountsNot = 1U << 0U;
constexpr unsigned kNewFile = 1U << 1U;
constexpr unsigned kHasReferral = 1U << 2U;
constexpr unsigned kWideCodes = 1U << 3U;  // in two bytes each
// Of facts:
constexpr unsigned kHasBirth = 1U << 3U;
constexpr unsigned kHasDeath = 1U << 4U;
constexpr unsigned kHasFamily = 1U << 6U;
constexpr unsigned kListed = 1U << 7U;
// and, beside how many bytes the days take, in a second byte:
constexpr unsigned kDeathShift = 2;
constexpr unsigned kWideFacts = 1U << 4U;  // codes in two bytes each

// By RowType: how many codes it has.
constexpr std::size_t kCodes[] = {kRowCodes, 5, 3, 3};
inline std::size_t CodesOf(RowType type) {
  return kCodes[static_cast<std::size_t>(type)];
}

// Seven bits a byte, the lowest first; the high bit says that there is more.
inline void Write(std::uint32_t number, char*& at) {
  while (number >= 0x80) {
    *at++ = static_cast<char>(number | 0x80U);
    number >>= 7U;
  }
  *at++ = static_cast<char>(number);
}

inline std::uint32_t Read(const char*& at) {
  std::uint32_t number = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    number |= std::uint32_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return number;
  }
}

// A number in the one to four bytes that it needs, without a branch. Four are written, and read. Returns how
// many bytes count, less one.
inline unsigned WriteBytes(std::uint32_t number, char*& at) {
  const unsigned more = unsigned{number > 0xFF} + unsigned{number > 0xFFFF} + unsigned{number > 0xFFFFFF};
  std::memcpy(at, &number, sizeof number);
  at += more + 1;
  return more;
}

inline std::uint32_t ReadBytes(unsigned more, const char*& at) {
  std::uint32_t number = 0;
  std::memcpy(&number, at, sizeof number);
  at += more + 1;
  return number & 0xFFFFFFFFU >> (8 * (3 - more));
}

// Small numbers of either sign to small numbers.
inline std::uint32_t Folded(std::int64_t number) {
  const auto bits = static_cast<std::uint32_t>(number);
  return bits << 1U ^ (number < 0 ? 0xFFFFFFFFU : 0U);
}

inline std::int32_t Unfolded(std::uint32_t number) {
  return static_cast<std::int32_t>(number >> 1U ^ (0U - (number & 1U)));
}

// A text as the bytes that count, and how many they are. Eight bytes are written, and read.
inline void WriteText(ShortText text, char*& at) {
  const std::size_t size = ShortText::BytesOf(text.word());
  const std::uint64_t bytes = __builtin_bswap64(text.word());
  *at++ = static_cast<char>(size);
  std::memcpy(at, &bytes, sizeof bytes);
  at += size;
}

inline ShortText ReadText(const char*& at) {
  const auto size = static_cast<std::size_t>(*at++);
  if (size == 0) return {};
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  at += size;
  return ShortText::OfWord(__builtin_bswap64(bytes) & ~std::uint64_t{0} << (64 - 8 * size));
}

// A code and one more: kNoCode is 0.
std::uint16_t Shifted(Code code) {
  return static_cast<std::uint16_t>(code + 1);
}

template <typename Number>
inline void WriteCode(Code code, char*& at) {
  const auto number = static_cast<Number>(Shifted(code));
  std::memcpy(at, &number, sizeof number);
  at += sizeof number;
}

template <typename Number>
inline Code ReadCode(const char*& at) {
  Number number = 0;
  std::memcpy(&number, at, sizeof number);
  at += sizeof number;
  return static_cast<Code>(number - 1);
}

// All are written, so that no branch hangs on how many the type has.
template <typename Number>
inline void WriteCodes(const LoggedRow& row, char*& at) {
  char* next = at;
#pragma GCC unroll 7
  for (std::size_t i = 0; i < kRowCodes; ++i) WriteCode<Number>(row.codes[i], next);
  at += sizeof(Number) * CodesOf(row.type);
}

template <typename Number>
inline void ReadCodes(const char*& at, LoggedRow& row) {
  const std::size_t codes = CodesOf(row.type);
  for (std::size_t i = 0; i < codes; ++i) row.codes[i] = ReadCode<Number>(at);
}

// Whether some code takes two bytes.
inline bool AnyIsWide(const LoggedRow& row) {
  unsigned all = 0;
#pragma GCC unroll 7
  for (std::size_t i = 0; i < kRowCodes; ++i) all |= Shifted(row.codes[i]);
  return all > 0xFF;
}

inline bool AnyIsWide(const PersonFacts& facts) {
  return (unsigned{Shifted(facts.sex)} | Shifted(facts.ethnicity) | Shifted(facts.disability)) > 0xFF;
}

template <typename Number>
inline void WriteCodes(const PersonFacts& facts, char*& at) {
  for (const Code code : {facts.sex, facts.ethnicity, facts.disability}) WriteCode<Number>(code, at);
}

template <typename Number>
inline void ReadCodes(const char*& at, PersonFacts& facts) {
  for (Code* const code : {&facts.sex, &facts.ethnicity, &facts.disability}) *code = ReadCode<Number>(at);
}

}  // namespace

char* RowLog::Room(std::size_t more) {
  const std::size_t most = kMostBytes + more;
  if (static_cast<std::size_t>(end_ - next_) < most) {
    // Logs of few rows are to be small, those of many to ask seldom.
    const std::size_t steps = std::min<std::size_t>(blocks_.size(), kGrowths);
    const std::size_t size = std::max(kFirstBlock << (2 * steps), most);
    EndBlock();
    next_ = blocks_.emplace_back(std::make_unique_for_overwrite<char[]>(size)).bytes.get();
    end_ = next_ + size;
    if (size >= kManyPages) TakePages(next_, size);
  }
  return next_;
}

void RowLog::EndBlock() {
  if (!blocks_.empty()) blocks_.back().end = next_;
}

bool RowLog::WritePerson(ShortText person, char*& at) {
  if (person.word() == last_.person.word()) return true;
  last_.person = person;
  told_.reset();
  WriteText(person, at);
  return false;
}

void RowLog::Add(ShortText person, const PersonFacts& facts) {
  if (person.word() == last_.person.word() && told_ == facts) return;
  char* const begin = Room(0);
  char* at = begin + 1;
  unsigned head = kFacts;
  if (WritePerson(person, at)) head |= kSamePerson;
  if (facts.listed) head |= kListed;
  char& sizes = *at++;
  unsigned more = 0;
  if (!facts.family.empty()) {
    head |= kHasFamily;
    WriteText(facts.family, at);
  }
  if (facts.birth != kNoDay) {
    head |= kHasBirth;
    more |= WriteBytes(Folded(std::int64_t{facts.birth} - kNearDay), at);
  }
  if (facts.death != kNoDay) {
    head |= kHasDeath;
    more |= WriteBytes(Folded(std::int64_t{facts.death} - kNearDay), at) << kDeathShift;
  }
  if (AnyIsWide(facts)) {
    more |= kWideFacts;
    WriteCodes<std::uint16_t>(facts, at);
  } else {
    WriteCodes<std::uint8_t>(facts, at);
  }
  sizes = static_cast<char>(more);
  *begin = static_cast<char>(head);
  told_ = facts;
  next_ = at;
}

void RowLog::Add(ShortText person, const LoggedRow& row) {
  ++counts_[static_cast<std::size_t>(row.type)];
  char* const begin = Room(row.id.size());
  char* at = begin + 1;
  unsigned head = static_cast<unsigned>(row.type) | static_cast<unsigned>(row.part) << kPartShift;
  unsigned more = 0;
  if (!row.counts) more |= kCountsNot;
  if (row.file != last_.file) more |= kNewFile;
  if (row.referral != kNoDay) more |= kHasReferral;
  if (AnyIsWide(row)) more |= kWideCodes;
  if (more != 0) {
    head |= kMore;
    *at++ = static_cast<char>(more);
  }
  if (WritePerson(person, at)) head |= kSamePerson;
  if ((more & kNewFile) != 0) {
    Write(row.file, at);
    last_.file = row.file;
  }
  // Lines rise but for events, which come person by person; a difference may wrap around, and back.
  char& sizes = *at++;
  const unsigned line = WriteBytes(Folded(static_cast<std::int32_t>(row.line - last_.line)), at);
  last_.line = row.line;
  const unsigned start = WriteBytes(Folded(std::int64_t{row.start} - kNearDay), at);
  const std::uint32_t days = row.end == kNoDay ? 0 : static_cast<std::uint32_t>(row.end - row.start) + 1;
  sizes = static_cast<char>(line | start << 2U | WriteBytes(days, at) << 4U);
  if ((more & kHasReferral) != 0) Write(Folded(std::int64_t{row.referral} - row.start), at);
  if ((more & kWideCodes) != 0) {
    WriteCodes<std::uint16_t>(row, at);
  } else {
    WriteCodes<std::uint8_t>(row, at);
  }
  if (row.id.empty()) {
    std::memcpy(at, &row.hash, sizeof row.hash);
    at += sizeof row.hash;
  } else {
    head |= kHasId;
    Write(static_cast<std::uint32_t>(row.id.size()), at);
    std::memcpy(at, row.id.data(), row.id.size());
    at += row.id.size();
  }
  *begin = static_cast<char>(head);
  next_ = at;
}

bool RowLog::IsFacts(char head) {
  return (static_cast<unsigned char>(head) & kType) == kFacts;
}

const char* RowLog::Read(const char* at, Place& last, PersonFacts& facts) {
  const auto head = static_cast<unsigned char>(*at++);
  if ((head & kSamePerson) == 0) last.person = ReadText(at);
  facts.listed = (head & kListed) != 0;
  const auto sizes = static_cast<unsigned char>(*at++);
  if ((head & kHasFamily) != 0) facts.family = ReadText(at);
  if ((head & kHasBirth) != 0) facts.birth = Unfolded(ReadBytes(sizes & 3U, at)) + kNearDay;
  if ((head & kHasDeath) != 0) facts.death = Unfolded(ReadBytes(sizes >> kDeathShift & 3U, at)) + kNearDay;
  if ((sizes & kWideFacts) != 0) {
    ReadCodes<std::uint16_t>(at, facts);
  } else {
    ReadCodes<std::uint8_t>(at, facts);
  }
  return at;
}

const char* RowLog::Read(const char* at, Place& last, LoggedRow& row) {
  const auto head = static_cast<unsigned char>(*at++);
  row.type = static_cast<RowType>(head & kType);
  row.part = static_cast<std::uint8_t>(head >> kPartShift & 3U);
  const unsigned more = (head & kMore) != 0 ? static_cast<unsigned char>(*at++) : 0U;
  row.counts = (more & kCountsNot) == 0;
  if ((head & kSamePerson) == 0) last.person = ReadText(at);
  if ((more & kNewFile) != 0) last.file = static_cast<std::uint16_t>(node::Read(at));
  row.file = last.file;
  const auto sizes = static_cast<unsigned char>(*at++);
  last.line += static_cast<std::uint32_t>(Unfolded(ReadBytes(sizes & 3U, at)));
  row.line = last.line;
  row.start = Unfolded(ReadBytes(sizes >> 2U & 3U, at)) + kNearDay;
  const std::uint32_t days = ReadBytes(sizes >> 4U & 3U, at);
  row.end = days == 0 ? kNoDay : row.start + static_cast<Day>(days - 1);
  if ((more & kHasReferral) != 0) row.referral = row.start + Unfolded(node::Read(at));
  if ((more & kWideCodes) != 0) {
    ReadCodes<std::uint16_t>(at, row);
  } else {
    ReadCodes<std::uint8_t>(at, row);
  }
  if ((head & kHasId) != 0) {
    const std::uint32_t size = node::Read(at);
    row.id = {at, size};
    at += size;
  } else {
    std::memcpy(&row.hash, at, sizeof row.hash);
    at += sizeof row.hash;
  }
  return at;
}

}  // namespace waymark::node
