#include <algorithm>

#include "coordinator/store/sql_store.h"

namespace waymark::coordinator {

// Items are appended and never changed; a withdrawal is for ever.
absl::StatusOr<std::string> SqlStore::PublishedMark() {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::string> {
    Query query(sql,
                "SELECT (SELECT coalesce(max(sequence), 0) FROM published_items), "
                "(SELECT count(*) FROM withdrawals)");
    query.Next();
    return absl::StrCat(query.GetInt(0), "/", query.GetInt(1));
  });
}

absl::StatusOr<std::vector<PublishedItem>> SqlStore::PublishedItems() {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<PublishedItem>> {
    Query query(sql,
                "SELECT published_items.round_id, item, metric, version, period, entry, published_unix_s, "
                "withdrawals.bytes FROM published_items LEFT JOIN withdrawals "
                "ON withdrawals.round_id = published_items.round_id ORDER BY sequence");
    std::vector<PublishedItem> items;
    while (query.Next()) {
      items.push_back(PublishedItem{.round_id = query.GetString(0),
                                    .item = query.GetInt(1),
                                    .metric = query.GetString(2),
                                    .version = static_cast<std::uint32_t>(query.GetInt(3)),
                                    .period = query.GetString(4),
                                    .entry = query.GetString(5),
                                    .published_unix_s = query.GetInt(6),
                                    .is_withdrawn = !query.IsNull(7)});
    }
    return items;
  });
}

absl::StatusOr<std::vector<StoredContributor>> SqlStore::Contributors(absl::string_view round_id,
                                                                      std::int64_t item) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<StoredContributor>> {
    Query query(
        sql,
        "SELECT item, council, bytes FROM contributors WHERE round_id = $1 AND item = $2 ORDER BY council");
    query.Text(round_id).Int(item);
    std::vector<StoredContributor> contributors;
    while (query.Next()) {
      contributors.push_back(StoredContributor{
          .item = query.GetInt(0), .council = query.GetString(1), .bytes = query.GetString(2)});
    }
    return contributors;
  });
}

absl::StatusOr<std::vector<std::string>> SqlStore::Figures(absl::string_view round_id, std::int64_t item,
                                                           absl::string_view breakdown,
                                                           const std::vector<std::string>& geographies) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<std::string>> {
    std::vector<std::string> figures;
    if (geographies.empty()) {
      Query query(sql,
                  "SELECT bytes FROM figures WHERE round_id = $1 AND item = $2 AND breakdown = $3 AND "
                  "above_council = 1 "
                  "ORDER BY sequence");
      query.Text(round_id).Int(item).Text(breakdown);
      while (query.Next()) figures.push_back(query.GetString(0));
      return figures;
    }
    Query query(
        sql,
        "SELECT bytes FROM figures WHERE round_id = $1 AND item = $2 AND breakdown = $3 AND geography = $4 "
        "ORDER BY sequence");
    for (const std::string& geography : geographies) {
      query.Again().Text(round_id).Int(item).Text(breakdown).Text(geography);
      while (query.Next()) figures.push_back(query.GetString(0));
    }
    return figures;
  });
}

// A round's figures lie together, but for what another round put in between; so the way along the whole
// table, between the round's first and last, needs no index of its own. What is joined to round_id keeps the
// planner from one that would have to be sorted.
absl::StatusOr<std::vector<OrderedFigure>> SqlStore::FiguresAfter(absl::string_view round_id,
                                                                  std::int64_t sequence, std::size_t most) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<OrderedFigure>> {
    Query ends(
        sql,
        "SELECT coalesce(min(sequence), 0), coalesce(max(sequence), -1) FROM figures WHERE round_id = $1");
    ends.Text(round_id).Next();
    Query query(sql,
                "SELECT sequence, item, bytes FROM figures WHERE sequence >= $1 AND sequence <= $2 AND "
                "round_id || '' = $3 ORDER BY sequence LIMIT $4");
    query.Int(std::max(ends.GetInt(0), sequence + 1)).Int(ends.GetInt(1)).Text(round_id);
    query.Int(static_cast<std::int64_t>(most));
    std::vector<OrderedFigure> figures;
    while (query.Next()) {
      figures.push_back({.sequence = query.GetInt(0), .item = query.GetInt(1), .bytes = query.GetString(2)});
    }
    return figures;
  });
}

}  // namespace waymark::coordinator
