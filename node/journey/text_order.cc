#include "node/journey/text_order.h"

#include <algorithm>
#include <string>
#include <utility>

namespace waymark::node {
namespace {

std::size_t CommonPrefix(const Dictionary& dictionary) {
  if (dictionary.size() == 0) return 0;
  const std::string& first = dictionary.Text(0);
  std::size_t length = first.size();
  for (std::uint32_t i = 1; i < dictionary.size() && length > 0; ++i) {
    const std::string& text = dictionary.Text(i);
    length = std::min(length, text.size());
    std::size_t same = 0;
    while (same < length && text[same] == first[same]) ++same;
    length = same;
  }
  return length;
}

// Eight bytes from `from` on, the first the most significant; zeros beyond the end.
std::uint64_t KeyOf(const std::string& text, std::size_t from) {
  std::uint64_t key = 0;
  for (std::size_t i = from; i < from + sizeof(key); ++i) {
    key = key << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
  }
  return key;
}

}  // namespace

int CompareTexts(const Dictionary& dictionary, Code a, Code b) {
  if (a == b) return 0;
  if (a == kNoCode) return -1;
  if (b == kNoCode) return 1;
  return dictionary.Text(a).compare(dictionary.Text(b));
}

std::vector<std::uint32_t> NumbersByText(const Dictionary& dictionary) {
  const std::size_t prefix = CommonPrefix(dictionary);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> keyed;
  keyed.reserve(dictionary.size());
  for (std::uint32_t i = 0; i < dictionary.size(); ++i)
    keyed.emplace_back(KeyOf(dictionary.Text(i), prefix), i);
  std::sort(keyed.begin(), keyed.end(), [&dictionary](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    return dictionary.Text(a.second) < dictionary.Text(b.second);
  });
  std::vector<std::uint32_t> numbers;
  numbers.reserve(keyed.size());
  for (const auto& [key, number] : keyed) numbers.push_back(number);
  return numbers;
}

}  // namespace waymark::node
