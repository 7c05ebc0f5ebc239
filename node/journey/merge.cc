#include "node/journey/merge.h"

#include <algorithm>
#include <cstdint>
#include <tuple>

#include "node/journey/text_order.h"

namespace waymark::node {
namespace {

constexpr Code Episode::*kFields[] = {&Episode::source, &Episode::end_reason, &Episode::need,  &Episode::area,
                                      &Episode::team,   &Episode::service,    &Episode::worker};

// The order of pieces. Texts are looked at only where person, level and start are equal, which is rare.
class PieceOrder {
 public:
  explicit PieceOrder(const Records& records) : codes_(records.codes), ids_(records.record_ids) {}

  bool operator()(const Episode& a, const Episode& b) const {
    if (a.person != b.person) return a.person < b.person;
    if (a.level != b.level) return a.level < b.level;
    if (a.start != b.start) return a.start < b.start;
    if (const int order = CompareIds(ids_, a.id, b.id); order != 0) return order < 0;
    if (a.end != b.end) return a.end < b.end;
    for (Code Episode::*field : kFields) {
      if (const int order = CompareTexts(codes_, a.*field, b.*field); order != 0) return order < 0;
    }
    return false;
  }

 private:
  const Dictionary& codes_;
  const Ids& ids_;
};

}  // namespace

void SortEpisodes(Records& records) {
  std::sort(records.episodes.begin(), records.episodes.end(), PieceOrder(records));
}

std::size_t MergeEpisodes(absl::Span<const Episode> pieces, Episode* merged) {
  std::size_t count = 0;
  for (const Episode& piece : pieces) {
    if (count > 0) {
      Episode& last = merged[count - 1];
      if (last.level == piece.level && Continues(last.end, piece.start)) {
        if (piece.end >= last.end) {
          last.end = piece.end;
          last.end_reason = piece.end_reason;
        }
        continue;
      }
    }
    merged[count++] = piece;
  }
  return count;
}

void AppendSpells(absl::Span<const Episode> episodes, absl::Span<std::uint32_t> numbers,
                  std::vector<SocialCareSpell>& spells) {
  // A person's merged episodes stand by level, so equal starts fall to the lower level.
  std::sort(numbers.begin(), numbers.end(), [&episodes](std::uint32_t a, std::uint32_t b) {
    return std::tuple(episodes[a].start, a) < std::tuple(episodes[b].start, b);
  });
  const std::size_t first_spell = spells.size();
  for (const std::uint32_t number : numbers) {
    const Episode& episode = episodes[number];
    const auto level = static_cast<std::uint8_t>(1U << static_cast<unsigned>(episode.level));
    if (spells.size() == first_spell || !Continues(spells.back().end, episode.start)) {
      spells.push_back({episode.start, episode.end, number, number, level});
      continue;
    }
    SocialCareSpell& spell = spells.back();
    spell.levels = static_cast<std::uint8_t>(spell.levels | level);
    // Numbers rise with the level, so of episodes that end together the lowest level's stays.
    if (episode.end > spell.end || (episode.end == spell.end && number < spell.last)) {
      spell.end = episode.end;
      spell.last = number;
    }
  }
}

}  // namespace waymark::node
