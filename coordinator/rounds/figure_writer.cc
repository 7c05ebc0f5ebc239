#include "coordinator/rounds/figure_writer.h"

#include <cstdint>

#include "absl/strings/str_join.h"
#include "base/status.h"

namespace waymark::coordinator {
namespace {

// Some ten megabytes each.
constexpr int kMostWaiting = 10'000;
constexpr std::size_t kMostInTransaction = 20'000;
constexpr std::size_t kMostKept = 4;

}  // namespace

FigureWriter::FigureWriter(Store& store, std::string round_id, PublicationRecord& record)
    : store_(store), round_id_(std::move(round_id)), record_(record), thread_([this] { Run(); }) {}

FigureWriter::~FigureWriter() {
  End(/*discard=*/true);
}

absl::Status FigureWriter::Add(std::size_t item, Figures& figures) {
  absl::MutexLock lock(&mutex_, absl::Condition(this, &FigureWriter::HasRoom));
  RETURN_IF_ERROR(status_);
  figures_waiting_ += figures.size();
  Figures& place = waiting_.emplace_back(item, Figures()).second;
  place.Swap(&figures);
  if (!written_.empty()) {
    figures.Swap(&written_.back());
    written_.pop_back();
  }
  return absl::OkStatus();
}

absl::Status FigureWriter::Finish() {
  End(/*discard=*/false);
  absl::MutexLock lock(&mutex_);
  return status_;
}

void FigureWriter::End(bool discard) {
  {
    absl::MutexLock lock(&mutex_);
    no_more_ = true;
    if (discard) waiting_.clear();
  }
  if (thread_.joinable()) thread_.join();
}

bool FigureWriter::HasRoom() const {
  return figures_waiting_ < kMostWaiting || !status_.ok();
}

bool FigureWriter::HasWork() const {
  return no_more_ || !waiting_.empty();
}

void FigureWriter::Run() {
  absl::Status status;
  while (status.ok()) {
    std::size_t item = 0;
    Figures figures;
    {
      absl::MutexLock lock(&mutex_, absl::Condition(this, &FigureWriter::HasWork));
      if (waiting_.empty()) break;
      item = waiting_.front().first;
      figures.Swap(&waiting_.front().second);
      waiting_.pop_front();
      figures_waiting_ -= figures.size();
    }
    status = Write(item, figures);
    figures.Clear();
    absl::MutexLock lock(&mutex_);
    if (written_.size() < kMostKept) written_.push_back(std::move(figures));
  }
  if (status.ok()) status = Flush();
  absl::MutexLock lock(&mutex_);
  status_ = std::move(status);
}

absl::Status FigureWriter::Write(std::size_t item, const Figures& figures) {
  for (const v1::Figure& figure : figures) {
    record_.AddFigure(item, figure);
    serialized_.push_back(StoredFigure{.item = static_cast<std::int64_t>(item),
                                       .breakdown = absl::StrJoin(figure.dimensions(), "|"),
                                       .geography = figure.geography_code(),
                                       .above_council = figure.level() != v1::GEOGRAPHY_LEVEL_COUNCIL,
                                       .bytes = figure.SerializeAsString()});
    if (serialized_.size() >= kMostInTransaction) RETURN_IF_ERROR(Flush());
  }
  return absl::OkStatus();
}

absl::Status FigureWriter::Flush() {
  RETURN_IF_ERROR(store_.AddFigures(round_id_, serialized_));
  serialized_.clear();
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
