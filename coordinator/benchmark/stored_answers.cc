#include "coordinator/benchmark/stored_answers.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/status.h"

namespace waymark::coordinator {

absl::StatusOr<StoredTables> ReadTables(Store& store, const std::string& release_id,
                                        const std::string& council) {
  ASSIGN_OR_RETURN(std::optional<StoredRelease> stored, store.FindRelease(release_id, council));
  if (!stored) return absl::InternalError("a stored release is gone");
  return StoredTables::Scan(*std::move(stored));
}

absl::StatusOr<StoredTables> StoredAnswers::Read(const std::string& council) const {
  return ReadTables(store_, releases_.at(council), council);
}

absl::StatusOr<AnswerHeads> StoredAnswers::Heads(absl::Span<const contract::RoundItem> items,
                                                 const std::vector<std::string>& councils) const {
  AnswerHeads heads{.releases = {}, .most_cells = std::vector<std::size_t>(items.size())};
  for (const std::string& council : councils) {
    ASSIGN_OR_RETURN(const StoredTables stored, Read(council));
    for (std::size_t i = 0; i < items.size(); ++i) {
      heads.most_cells[i] = std::max(heads.most_cells[i], stored.CellsOf(items[i]));
    }
    ASSIGN_OR_RETURN(contract::Release head, stored.With({}));
    heads.releases.push_back(std::move(head));
  }
  return heads;
}

AnswerSource StoredAnswers::source() const {
  return [this](const std::string& council,
                absl::Span<const contract::RoundItem> items) -> absl::StatusOr<contract::Release> {
    ASSIGN_OR_RETURN(const StoredTables stored, Read(council));
    return stored.With(items);
  };
}

}  // namespace waymark::coordinator
