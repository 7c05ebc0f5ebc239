#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "coordinator/store/figure_block.h"
#include "coordinator/store/sql_store.h"

namespace waymark::coordinator {
namespace {

constexpr std::int64_t kRowsAtOnce = 100;  // some megabytes

// Of every row that the query gives (bytes, count).
absl::Status AppendFigures(Query& query, std::vector<std::string>& figures) {
  while (query.Next()) {
    ASSIGN_OR_RETURN(std::vector<std::string> block, UnpackFigures(query.GetString(0), query.GetInt(1)));
    std::move(block.begin(), block.end(), std::back_inserter(figures));
  }
  return absl::OkStatus();
}

const std::string& RoundOf(const PublishedItem& item) {
  return item.revises.empty() ? item.round_id : item.revises;
}

}  // namespace

// Items are appended and never changed; a withdrawal is for ever.
absl::StatusOr<std::string> SqlStore::PublishedMark() {
  return marks_.Get(*database_, "", [&] {
    return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::string> {
      Query query(sql,
                  "SELECT (SELECT coalesce(max(sequence), 0) FROM published_items), "
                  "(SELECT count(*) FROM withdrawals), (SELECT coalesce(max(epoch), 0) FROM rosters)");
      query.Next();
      // A database that lost its last publications in a fail-over, and has others now, counts the same; the
      // log's last entry is another. Of rosters, publications and withdrawals alike.
      Query last(sql, "SELECT entry, hash FROM log ORDER BY entry DESC LIMIT 1");
      const std::string entry =
          last.Next() ? absl::StrCat(last.GetInt(0), "/", absl::BytesToHexString(last.GetString(1))) : "";
      return absl::StrCat(query.GetInt(0), "/", query.GetInt(1), "/", query.GetInt(2), "/", entry);
    });
  });
}

// In the place of its round's first edition stands each later one, so that none hides a newer round.
absl::StatusOr<std::vector<PublishedItem>> SqlStore::PublishedItems() {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<PublishedItem>> {
    Query query(sql,
                "SELECT published_items.round_id, item, metric, version, period, entry, "
                "published_items.published_unix_s, withdrawals.bytes, revises FROM published_items "
                "JOIN rounds ON rounds.round_id = published_items.round_id LEFT JOIN withdrawals ON "
                "withdrawals.round_id = CASE revises WHEN '' THEN rounds.round_id ELSE revises END "
                "ORDER BY published_items.sequence");
    std::vector<PublishedItem> items;
    std::map<std::string, std::size_t> place;  // by round
    while (query.Next()) {
      items.push_back(PublishedItem{.round_id = query.GetString(0),
                                    .item = query.GetInt(1),
                                    .metric = query.GetString(2),
                                    .version = static_cast<std::uint32_t>(query.GetInt(3)),
                                    .period = query.GetString(4),
                                    .entry = query.GetString(5),
                                    .published_unix_s = query.GetInt(6),
                                    .is_withdrawn = !query.IsNull(7),
                                    .revises = query.GetString(8)});
      place.emplace(RoundOf(items.back()), place.size());
    }
    std::stable_sort(items.begin(), items.end(), [&](const PublishedItem& a, const PublishedItem& b) {
      return place.at(RoundOf(a)) < place.at(RoundOf(b));
    });
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

absl::StatusOr<std::vector<StoredSource>> SqlStore::FigureSources(absl::string_view round_id) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<StoredSource>> {
    Query query(sql, "SELECT council, release_id FROM figure_sources WHERE round_id = $1 ORDER BY council");
    query.Text(round_id);
    std::vector<StoredSource> sources;
    while (query.Next()) sources.push_back({.council = query.GetString(0), .release_id = query.GetString(1)});
    return sources;
  });
}

absl::StatusOr<std::vector<std::string>> SqlStore::Figures(absl::string_view round_id, std::int64_t item,
                                                           absl::string_view breakdown,
                                                           const std::vector<std::string>& geographies) {
  return Read([&](SqlTransaction& sql) -> absl::StatusOr<std::vector<std::string>> {
    std::vector<std::string> figures;
    if (geographies.empty()) {
      Query query(sql,
                  "SELECT bytes, count FROM figures WHERE round_id = $1 AND item = $2 AND breakdown = $3 AND "
                  "above_council = 1 ORDER BY sequence");
      query.Text(round_id).Int(item).Text(breakdown);
      RETURN_IF_ERROR(AppendFigures(query, figures));
      return figures;
    }
    Query query(sql,
                "SELECT bytes, count FROM figures WHERE round_id = $1 AND item = $2 AND breakdown = $3 AND "
                "geography = $4 ORDER BY sequence");
    for (const std::string& geography : geographies) {
      query.Again().Text(round_id).Int(item).Text(breakdown).Text(geography);
      RETURN_IF_ERROR(AppendFigures(query, figures));
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
    const std::int64_t last_row = ends.GetInt(1);
    Query query(
        sql,
        "SELECT sequence, item, bytes, count FROM figures WHERE sequence >= $1 AND sequence <= $2 AND "
        "round_id || '' = $3 ORDER BY sequence LIMIT $4");
    std::vector<OrderedFigure> figures;
    std::int64_t row = std::max(ends.GetInt(0), FigurePlace::Of(sequence).row);
    while (figures.size() < most && row <= last_row) {
      query.Again().Int(row).Int(last_row).Text(round_id).Int(kRowsAtOnce);
      while (query.Next()) {
        row = query.GetInt(0);
        ASSIGN_OR_RETURN(std::vector<std::string> block, UnpackFigures(query.GetString(2), query.GetInt(3)));
        FigurePlace place{.row = row++, .index = 0};
        for (std::string& bytes : block) {
          const std::int64_t at = place.sequence();
          ++place.index;
          if (at <= sequence || figures.size() == most) continue;
          figures.push_back({.sequence = at, .item = query.GetInt(1), .bytes = std::move(bytes)});
        }
      }
    }
    return figures;
  });
}

}  // namespace waymark::coordinator
