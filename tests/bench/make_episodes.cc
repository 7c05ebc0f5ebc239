// waymark-bench-episodes FOLDER EPISODES SEED [CATALOGUE]
//
// Writes FOLDER/episodes.csv, a made-up event log of EPISODES rows of early help and social care and of the
// referrals beside them, and FOLDER/node.toml, a node's configuration that maps it. The same arguments give
// the same bytes. Rows stand by start date, as a system that numbers its cases exports them, so that one
// person's lie far apart.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/day.h"
#include "tests/bench/episode_model.h"

namespace waymark::bench {
namespace {

using View = absl::string_view;

constexpr View kLevels[] = {"EH", "CIN", "CP", "CLA", ""};
constexpr View kSources[] = {"",   "1A", "1B", "1C", "1D", "2A", "2B", "3A", "3B", "3C", "3D", "3E",
                             "3F", "4",  "5A", "5B", "5C", "5D", "6",  "7",  "8",  "9",  "10"};
constexpr View kEndReasons[] = {"",    "outcomes_met", "step_up",  "declined", "disengaged",
                                "nfa", "moved",        "aged_out", "died",     "unknown",
                                "RC7", "RC5",          "RC2"};
constexpr View kNeeds[] = {"N0", "N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9", ""};
constexpr View kServices[] = {"family", "youth",          "parenting", "school",
                              "health", "domestic abuse", "debt",      ""};
constexpr View kNfas[] = {"", "Y", "N"};
constexpr View kSexes[] = {"F", "M", "U"};
constexpr View kEthnicities[] = {"WBRI", "WOTH", "AIND", "BAFR", "MWBC", "WBRI",
                                 "APKN", "BCRB", "MOTH", "OOTH", "NOBT", ""};
constexpr View kDisabilities[] = {"Y", "N", ""};

constexpr View kHeader =
    "id,person,family,kind,level,start,end,source,end_reason,need,area,team,service,birth,sex,ethnicity,"
    "disability,"
    "nfa\n";

constexpr const char* kConfiguration = R"(# A node on made-up journeys: for the benchmarks.
[council]
code = "E06000999"
name = "Benchmark"

[node]
state = "state"
%s
[[source]]
format = "event-log"
path = "episodes.csv"
covered_from = 2018-04-01
extract_date = 2025-03-31
carries = ["early_help", "social_care"]

[source.mapping]
shape = "episodes"
person = "person"
family = "family"
id = "id"
kind = "kind"
level = "level"
start = "start"
end = "end"
source = "source"
end_reason = "end_reason"
need = "need"
area = "area"
team = "team"
service = "service"
birth = "birth"
sex = "sex"
ethnicity = "ethnicity"
disability = "disability"
nfa = "nfa"
date_format = "%%Y-%%m-%%d"
)";

// Every date that can occur, as text.
class DateTexts {
 public:
  DateTexts() {
    for (Day day = kFrom; day < kTo; ++day) texts_ += FormatDay(day);
  }
  View operator[](Day day) const {
    return day == kNoDay ? View() : View(texts_).substr(static_cast<std::size_t>(day - kFrom) * 10, 10);
  }

 private:
  static constexpr Day kFrom = 10957;  // 2000-01-01
  static constexpr Day kTo = 32874;    // 2060-01-01
  std::string texts_;
};

// A buffer that is written out when it is nearly full. A line must be shorter than kSpare.
class Writer {
 public:
  explicit Writer(std::FILE* file) : file_(file), buffer_(new char[kBytes]) {}

  void Text(View text) {
    std::memcpy(&buffer_[used_], text.data(), text.size());
    used_ += text.size();
  }
  void Field(View text) {
    Text(text);
    buffer_[used_++] = ',';
  }
  // An id: a letter and a number to base 36, so that ids are short and stand in the order of their numbers.
  void Id(char letter, std::uint32_t number, std::size_t digits) {
    buffer_[used_] = letter;
    for (std::size_t at = digits; at > 0; --at, number /= 36) {
      buffer_[used_ + at] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 36];
    }
    used_ += digits + 1;
    buffer_[used_++] = ',';
  }
  void EndLine() {
    buffer_[used_ - 1] = '\n';
    if (used_ > kBytes - kSpare) Flush();
  }
  void Flush() {
    failed_ |= std::fwrite(buffer_.get(), 1, used_, file_) != used_;
    written_ += used_;
    used_ = 0;
  }
  bool failed() const { return failed_; }
  std::uint64_t written() const { return written_; }

 private:
  static constexpr std::size_t kBytes = std::size_t{1} << 20U;
  static constexpr std::size_t kSpare = 1024;
  std::FILE* file_;
  std::unique_ptr<char[]> buffer_;
  std::size_t used_ = 0;
  std::uint64_t written_ = 0;
  bool failed_ = false;
};

void WriteRow(const Row& row, std::uint32_t id, std::uint64_t seed, const DateTexts& dates, Writer& out) {
  const PersonFields person = FieldsOf(seed, row.person);
  out.Id('E', id, 6);
  out.Id('P', row.person, 5);
  if (person.family == 0) {
    out.Field("");
  } else {
    out.Id('F', person.family, 5);
  }
  out.Field(row.level == RowLevel::kReferral ? View("referral") : View("case"));
  out.Field(kLevels[static_cast<std::size_t>(row.level)]);
  out.Field(dates[row.start]);
  out.Field(dates[row.end]);
  out.Field(kSources[row.source]);
  out.Field(kEndReasons[row.end_reason]);
  const bool referral = row.level == RowLevel::kReferral;
  out.Field(referral ? View() : kNeeds[row.need]);
  out.Id('A', row.area, 1);
  out.Id('T', row.team, 2);
  out.Field(referral ? View() : kServices[row.service]);
  out.Field(dates[person.birth]);
  out.Field(kSexes[person.sex]);
  out.Field(kEthnicities[person.ethnicity]);
  out.Field(kDisabilities[person.disability]);
  out.Field(kNfas[row.nfa]);
  out.EndLine();
}

// Whole journeys until there are `episodes` episodes; what the last journey has beyond that is left out.
std::vector<Row> MakeRows(std::uint64_t seed, std::uint64_t episodes, std::uint32_t& persons) {
  std::vector<Row> rows;
  rows.reserve(episodes + episodes / 2);
  std::uint64_t made = 0;
  for (persons = 0; made < episodes; ++persons) {
    const std::size_t first = rows.size();
    AppendJourney(seed, persons, rows);
    std::size_t kept = first;
    for (std::size_t i = first; i < rows.size(); ++i) {
      const bool episode = rows[i].level != RowLevel::kReferral;
      if (episode && made == episodes) continue;
      made += episode ? 1 : 0;
      rows[kept++] = rows[i];
    }
    rows.resize(kept);
  }
  return rows;
}

// The rows' numbers by start date; rows of one day keep their order.
std::vector<std::uint32_t> ByStart(const std::vector<Row>& rows) {
  const auto [least, most] = std::minmax_element(
      rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.start < b.start; });
  const Day first = least->start;
  std::vector<std::uint32_t> begin(static_cast<std::size_t>(most->start - first) + 2);
  for (const Row& row : rows) ++begin[static_cast<std::size_t>(row.start - first) + 1];
  for (std::size_t day = 1; day < begin.size(); ++day) begin[day] += begin[day - 1];
  std::vector<std::uint32_t> order(rows.size());
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    order[begin[static_cast<std::size_t>(rows[i].start - first)]++] = i;
  }
  return order;
}

bool WriteConfiguration(const std::string& folder, const char* catalogue) {
  std::FILE* file = std::fopen((folder + "/node.toml").c_str(), "wb");
  if (file == nullptr) return false;
  const std::string line = catalogue == nullptr ? "" : std::string("catalogue = \"") + catalogue + "\"\n";
  const bool written = std::fprintf(file, kConfiguration, line.c_str()) > 0;
  return std::fclose(file) == 0 && written;
}

int Make(const std::string& folder, std::uint64_t episodes, std::uint64_t seed) {
  std::FILE* file = std::fopen((folder + "/episodes.csv").c_str(), "wb");
  if (file == nullptr) {
    std::perror((folder + "/episodes.csv").c_str());
    return 1;
  }
  std::uint32_t persons = 0;
  const std::vector<Row> rows = MakeRows(seed, episodes, persons);
  const DateTexts dates;
  Writer out(file);
  out.Text(kHeader);
  std::uint32_t id = 0;
  for (const std::uint32_t number : ByStart(rows)) WriteRow(rows[number], ++id, seed, dates, out);
  out.Flush();
  if (std::fclose(file) != 0 || out.failed()) {
    std::perror("episodes.csv");
    return 1;
  }
  std::printf("%s/episodes.csv: %llu episodes, %llu referrals, %u persons, %.0f MB\n", folder.c_str(),
              static_cast<unsigned long long>(episodes),
              static_cast<unsigned long long>(rows.size() - episodes), persons,
              static_cast<double>(out.written()) / 1e6);
  return 0;
}

bool Number(View text, std::uint64_t least, std::uint64_t most, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out >= least && out <= most;
}

}  // namespace
}  // namespace waymark::bench

int main(int argc, char** argv) {
  std::uint64_t episodes = 0;
  std::uint64_t seed = 0;
  const bool good = (argc == 4 || argc == 5) && waymark::bench::Number(argv[2], 1, 50'000'000, episodes) &&
                    waymark::bench::Number(argv[3], 0, ~std::uint64_t{0}, seed);
  if (!good) {
    std::fputs("usage: waymark-bench-episodes FOLDER EPISODES (1 to 50000000) SEED [CATALOGUE]\n", stderr);
    return 2;
  }
  if (!waymark::bench::WriteConfiguration(argv[1], argc == 5 ? argv[4] : nullptr)) {
    std::perror(argv[1]);
    return 1;
  }
  return waymark::bench::Make(argv[1], episodes, seed);
}
