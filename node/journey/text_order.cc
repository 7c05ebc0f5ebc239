#include "node/journey/text_order.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace waymark::node {

int CompareTexts(const Dictionary& dictionary, Code a, Code b) {
  if (a == b) return 0;
  if (a == kNoCode) return -1;
  if (b == kNoCode) return 1;
  return dictionary.Text(a).compare(dictionary.Text(b));
}

int CompareIds(const Ids& ids, RecordId a, RecordId b) {
  if (a == b) return 0;
  if (a == kNoRecordId) return -1;
  if (b == kNoRecordId) return 1;
  return ids.Text(a).compare(ids.Text(b));
}

std::vector<std::uint32_t> NumbersByText(const Ids& ids) {
  std::vector<std::uint32_t> numbers(ids.size());
  std::iota(numbers.begin(), numbers.end(), 0U);
  std::sort(numbers.begin(), numbers.end(),
            [&ids](std::uint32_t a, std::uint32_t b) { return ids.Text(a) < ids.Text(b); });
  return numbers;
}

}  // namespace waymark::node
