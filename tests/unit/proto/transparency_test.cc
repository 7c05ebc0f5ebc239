#include "proto/contract/transparency.h"

#include <bit>
#include <functional>
#include <set>

#include "crypto/hash.h"
#include "crypto/random.h"
#include "proto/contract/publication.h"
#include "tests/testing/status_matchers.h"

namespace waymark::contract {
namespace {

using ::testing::_;
using ::testing::HasSubstr;
using testing::StatusIs;

crypto::SigningKey Key(char fill) {
  auto key = crypto::SigningKey::FromSeed(crypto::SecretBytes(std::string(32, fill)));
  EXPECT_OK(key);
  return *std::move(key);
}

// Canonical encoding as docs/protocol.md says it, in other words.
std::string Number(std::uint64_t value) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift));
  return bytes;
}
std::string Text(const std::string& text) {
  return Number(text.size()) + text;
}

v1::Publication ExamplePublication() {
  v1::Publication publication;
  publication.set_round_id("autumn");
  publication.set_published_unix_s(1'800'000'000);
  v1::Publication::Item& item = *publication.add_items();
  item.set_metric("contacts");
  item.set_version(1);
  item.set_period("2024-25");
  item.set_mode(v1::MODE_THRESHOLDED);
  item.add_breakdowns("sex");
  item.add_geographies("E12000001");
  item.set_coverage_hash(std::string(32, 'c'));
  item.set_figures(7);
  item.set_figures_root(std::string(32, 'f'));
  return publication;
}

v1::LogEntry Entry(v1::LogKind kind, const LogEntry& entry, const std::string& content) {
  v1::LogEntry message;
  message.set_kind(kind);
  message.set_subject(entry.subject);
  message.set_hash(entry.hash);
  message.set_content(content);
  return message;
}

TEST(LogEntry, IsALeafOfKindSubjectAndHash) {
  const LogEntry entry{.kind = v1::LOG_KIND_ROUND, .subject = "autumn", .hash = std::string(32, 'h')};
  const std::string leaf =
      Text("waymark/v1/log-entry") + Number(3) + Text("autumn") + Text(std::string(32, 'h'));
  EXPECT_EQ(LogLeafHash(entry), crypto::Sha256(std::string(1, '\0') + leaf));
}

TEST(LogEntry, TakesItsContentAlone) {
  const v1::Publication publication = ExamplePublication();
  const v1::LogEntry good =
      Entry(v1::LOG_KIND_PUBLICATION, EntryOf(publication), publication.SerializeAsString());
  const auto read = LogEntryFromProto(good);
  ASSERT_OK(read);
  EXPECT_EQ(read->subject, "autumn");
  EXPECT_EQ(NameOf(*read), "publication of round autumn");
  const std::vector<std::pair<const char*, std::function<void(v1::LogEntry&)>>> wrong = {
      {"content", [](auto& e) { e.mutable_hash()->at(0) ^= 1; }},
      {"content", [](auto& e) { e.set_subject("winter"); }},
      {"no publication", [](auto& e) { e.set_content("\xff\xff"); }},
      {"publication.round_id", [](auto& e) { e.set_content(""); }},
      {"kind", [](auto& e) { e.set_kind(static_cast<v1::LogKind>(99)); }},
      {"of RoundSpec is not known", [](auto& e) { e.set_kind(v1::LOG_KIND_ROUND); }},
      {"entry.subject", [](auto& e) { e.set_subject(std::string(65, 'a')); }},
      {"entry.hash", [](auto& e) { e.set_hash("short"); }},
      {"entry.content", [](auto& e) { e.set_content(std::string(kMaxLogContentBytes + 1, 'x')); }},
  };
  for (const auto& [named, change] : wrong) {
    v1::LogEntry bad = good;
    change(bad);
    EXPECT_THAT(LogEntryFromProto(bad), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(named)));
  }
}

TEST(LogEntry, SaysThatARoundWasWithdrawn_AndWhy) {
  v1::Withdrawal withdrawal;
  withdrawal.set_round_id("autumn");
  withdrawal.set_withdrawn_unix_s(7);
  withdrawal.set_reason("the wrong year");
  EXPECT_EQ(CanonicalBytes(withdrawal),
            Text("waymark/v1/withdrawal") + Text("autumn") + Number(7) + Text("the wrong year"));
  const v1::LogEntry good =
      Entry(v1::LOG_KIND_WITHDRAWAL, EntryOf(withdrawal), withdrawal.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const LogEntry read, LogEntryFromProto(good));
  EXPECT_EQ(NameOf(read), "withdrawal of round autumn");
  v1::LogEntry bad = good;
  withdrawal.set_reason("the right year");
  bad.set_content(withdrawal.SerializeAsString());
  EXPECT_THAT(LogEntryFromProto(bad), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("content")));
  withdrawal.clear_reason();
  bad.set_content(withdrawal.SerializeAsString());
  EXPECT_THAT(LogEntryFromProto(bad), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("reason")));
}

TEST(LogHead, IsSignedByOneKeyForOneSizeRootAndTime) {
  const crypto::SigningKey coordinator = Key('k');
  const LogHead head{.size = 12, .root = std::string(32, 'r'), .time_unix_s = 1'800'000'000};
  const auto made = SignHead(head, coordinator);
  ASSERT_OK(made);
  EXPECT_OK(VerifyHead(*made, coordinator.public_key()));
  const std::string bytes =
      Text("waymark/v1/log-head") + Number(12) + Text(std::string(32, 'r')) + Number(1'800'000'000);
  EXPECT_OK(crypto::VerifySignature(coordinator.public_key(), bytes, made->signature));
  EXPECT_THAT(VerifyHead(*made, Key('o').public_key()), StatusIs(absl::StatusCode::kUnauthenticated, _));
  for (const auto& change : std::vector<std::function<void(LogHead&)>>{
           [](auto& h) { ++h.size; }, [](auto& h) { h.root[31] ^= 1; }, [](auto& h) { --h.time_unix_s; }}) {
    SignedLogHead changed = *made;
    change(changed.head);
    EXPECT_THAT(VerifyHead(changed, coordinator.public_key()),
                StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("pinned")));
  }
  std::string root;
  for (int i = 0; i < 32; ++i) root += "72";
  EXPECT_EQ(Describe(head), "12 entries, root " + root + ", signed 2027-01-15T08:00:00Z");
}

TEST(WitnessedHead, IsOneCouncilsWordOfOneSignedHead) {
  const crypto::SigningKey coordinator = Key('k');
  const crypto::SigningKey council = Key('c');
  const auto head = SignHead({.size = 3, .root = std::string(32, 'r'), .time_unix_s = 5}, coordinator);
  ASSERT_OK(head);
  const auto witnessed = WitnessHead(*head, "E06000001", council);
  ASSERT_OK(witnessed);
  v1::WitnessedHead message;
  WitnessedHeadToProto(*witnessed, message);
  const auto read = WitnessedHeadFromProto(message);
  ASSERT_OK(read);
  EXPECT_EQ(*read, *witnessed);
  EXPECT_OK(VerifyWitness(*read, council.public_key()));
  EXPECT_THAT(VerifyWitness(*read, coordinator.public_key()),
              StatusIs(absl::StatusCode::kUnauthenticated, _));
  for (const auto& change : std::vector<std::function<void(WitnessedHead&)>>{
           [](auto& w) { w.council = "E06000002"; }, [](auto& w) { w.seen.head.size = 4; },
           [](auto& w) { w.seen.head.root[0] ^= 1; }, [](auto& w) { w.seen.signature[0] ^= 1; }}) {
    WitnessedHead changed = *witnessed;
    change(changed);
    EXPECT_THAT(VerifyWitness(changed, council.public_key()),
                StatusIs(absl::StatusCode::kUnauthenticated, _));
  }
  const std::vector<std::pair<const char*, std::function<void(v1::WitnessedHead&)>>> wrong = {
      {"head.size", [](auto& w) { w.mutable_head()->mutable_head()->set_size(kMaxLogSize + 1); }},
      {"head.root", [](auto& w) { w.mutable_head()->mutable_head()->set_root("r"); }},
      {"head.signature", [](auto& w) { w.mutable_head()->set_signature(""); }},
      {"head.council", [](auto& w) { w.set_council("E06"); }},
      {"head.witness", [](auto& w) { w.set_signature(std::string(65, 's')); }},
  };
  for (const auto& [named, change] : wrong) {
    v1::WitnessedHead bad = message;
    change(bad);
    EXPECT_THAT(WitnessedHeadFromProto(bad), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(named)));
  }
}

TEST(LogProof, IsRefused_WhenItIsTooLongOrNoHashes) {
  google::protobuf::RepeatedPtrField<std::string> hashes;
  for (std::size_t i = 0; i < kMaxLogProof; ++i) *hashes.Add() = std::string(32, 'h');
  EXPECT_OK(LogProofFromProto(hashes));
  *hashes.Add() = std::string(32, 'h');
  EXPECT_THAT(LogProofFromProto(hashes), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("proof")));
  hashes.Clear();
  *hashes.Add() = "short";
  EXPECT_THAT(LogProofFromProto(hashes),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("proof.hash")));
}

// Sets one field of `message` by its descriptor, so that a field that is added later is found here.
void SetField(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field) {
  using Field = google::protobuf::FieldDescriptor;
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case Field::CPPTYPE_STRING:
      if (field.is_repeated()) {
        reflection.AddString(&message, &field, "other");
      } else {
        reflection.SetString(&message, &field, reflection.GetString(message, &field) + "x");
      }
      break;
    case Field::CPPTYPE_UINT32:
      reflection.SetUInt32(&message, &field, reflection.GetUInt32(message, &field) + 1);
      break;
    case Field::CPPTYPE_UINT64:
      reflection.SetUInt64(&message, &field, reflection.GetUInt64(message, &field) + 1);
      break;
    case Field::CPPTYPE_INT64:
      reflection.SetInt64(&message, &field, reflection.GetInt64(message, &field) + 1);
      break;
    case Field::CPPTYPE_ENUM:
      if (field.is_repeated()) {
        reflection.AddEnumValue(&message, &field, 1);
      } else {
        reflection.SetEnumValue(&message, &field, 1 + reflection.GetEnumValue(message, &field));
      }
      break;
    case Field::CPPTYPE_BOOL:
      reflection.SetBool(&message, &field, !reflection.GetBool(message, &field));
      break;
    case Field::CPPTYPE_DOUBLE:  // one that is there, and is 0, is another figure than one without
      reflection.SetDouble(&message, &field, 0);
      if (!field.has_presence()) reflection.SetDouble(&message, &field, 1);
      break;
    case Field::CPPTYPE_MESSAGE:
      if (field.is_repeated()) {
        reflection.AddMessage(&message, &field);
      } else {
        reflection.MutableMessage(&message, &field);
      }
      break;
    default:
      FAIL() << field.name();
  }
}

// Every field of `Message` changes what `hash` gives, and no two the same.
template <typename Message, typename Hash>
void ExpectEveryFieldCounts(const Message& message, const Hash& hash) {
  std::set<std::string> seen = {hash(message)};
  const google::protobuf::Descriptor& type = *Message::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    // Worked out of published figures for whoever asks, and never published themselves.
    const std::string& name = type.field(i)->full_name();
    if (name == "waymark.v1.Figure.standing" || name == "waymark.v1.Figure.standardised") continue;
    Message changed = message;
    SetField(changed, *type.field(i));
    EXPECT_TRUE(seen.insert(hash(changed)).second) << type.field(i)->full_name();
  }
}

TEST(Publication, CommitsToEveryFieldOfAFigure) {
  v1::Figure figure;
  figure.set_metric("contacts");
  ExpectEveryFieldCounts(figure, FigureLeafHash);
  figure.set_value(1.5);
  ExpectEveryFieldCounts(figure, FigureLeafHash);
  ExpectEveryFieldCounts(v1::Figure::CouncilBand(), [&](const v1::Figure::CouncilBand& band) {
    v1::Figure with = figure;
    *with.add_council_bands() = band;
    return FigureLeafHash(with);
  });
}

TEST(Publication, CommitsToEveryFieldOfTheCoverageAndOfItself) {
  using Contributor = v1::QueryResponse::Contributor;
  ExpectEveryFieldCounts(Contributor(), [](const Contributor& one) { return CoverageHash({one}); });
  ExpectEveryFieldCounts(v1::ScopeDeclaration(), [](const v1::ScopeDeclaration& scope) {
    Contributor one;
    *one.mutable_scope() = scope;
    return CoverageHash({one});
  });
  EXPECT_NE(CoverageHash({}), CoverageHash({Contributor()}));
  // Of a first edition nothing is said of editions, and what says it is refused (CheckPublication).
  v1::Publication later = ExamplePublication();
  later.set_revises("autumn");
  ExpectEveryFieldCounts(later, [](const v1::Publication& one) { return CanonicalBytes(one); });
  ExpectEveryFieldCounts(ExamplePublication().items(0), [](const v1::Publication::Item& item) {
    v1::Publication one = ExamplePublication();
    *one.mutable_items(0) = item;
    return CanonicalBytes(one);
  });
}

TEST(Publication, IsEncodedAsTheProtocolSays) {
  std::string expected = Text("waymark/v1/publication") + Text("autumn") + Number(1'800'000'000) + Number(1);
  expected += Text("contacts") + Number(1) + Text("2024-25") + Number(1);
  expected += Number(1) + Text("sex") + Number(1) + Text("E12000001");
  expected += Text(std::string(32, 'c')) + Number(7) + Text(std::string(32, 'f'));
  EXPECT_EQ(CanonicalBytes(ExamplePublication()), expected);
  // With what councils gave: whichever edition.
  v1::Publication with = ExamplePublication();
  with.mutable_items(0)->set_councils(3);
  with.mutable_items(0)->set_councils_root(std::string(32, 'g'));
  std::string expected_with =
      Text("waymark/v3/publication") + expected.substr(Text("waymark/v1/publication").size());
  expected_with += Number(3) + Text(std::string(32, 'g')) + Text("") + Number(0) + Number(0);
  EXPECT_EQ(CanonicalBytes(with), expected_with);
  EXPECT_EQ(CheckPublication(with), absl::OkStatus());
  v1::Figure figure;
  figure.set_metric("m");
  figure.set_value(1.5);
  figure.add_dimensions("sex");
  v1::Figure::CouncilBand& band = *figure.add_council_bands();
  band.set_to(1.5);
  std::string leaf = Text("waymark/v1/figure") + Number(1) + Text("m") + Number(9) + Text("sex");
  leaf += Number(16) + Number(0x3ff8000000000000);
  leaf += Number(36) + Number(0) + Number(0x3ff8000000000000) + Number(0);
  EXPECT_EQ(FigureLeafHash(figure), crypto::Sha256(std::string(1, '\0') + leaf));
}

TEST(Publication, HasARootOfCouncilsForEveryItem_OrForNone) {
  v1::Publication publication = ExamplePublication();
  *publication.add_items() = publication.items(0);
  EXPECT_EQ(CheckPublication(publication), absl::OkStatus());
  publication.mutable_items(1)->set_councils_root(std::string(32, 'g'));
  EXPECT_EQ(CheckPublication(publication).code(), absl::StatusCode::kInvalidArgument);
  publication.mutable_items(0)->set_councils_root(std::string(31, 'g'));
  EXPECT_EQ(CheckPublication(publication).code(), absl::StatusCode::kInvalidArgument);
  publication.mutable_items(0)->set_councils_root(std::string(32, 'g'));
  EXPECT_EQ(CheckPublication(publication), absl::OkStatus());
  publication.mutable_items(0)->clear_councils_root();
  publication.mutable_items(1)->clear_councils_root();
  publication.mutable_items(1)->set_councils(2);
  EXPECT_EQ(CheckPublication(publication).code(), absl::StatusCode::kInvalidArgument);
}

TEST(Publication, CommitsToWhatACouncilGave_UnderItsCode) {
  ProtectedTable table;
  table.table.metric = "contacts";
  table.table.rows = {""};
  table.table.columns = {"count"};
  table.table.Resize();
  ProtectedTable other = table;
  other.table.values = {1};
  ProtectedTable stricter = table;
  stricter.protection.suppressed_to = 9;
  std::set<std::string> leaves;
  for (const char* code : {"E06000001", "E06000002"}) {
    for (const std::vector<const ProtectedTable*>& tables : std::vector<std::vector<const ProtectedTable*>>{
             {}, {&table}, {&other}, {&stricter}, {&table, &other}, {&other, &table}}) {
      EXPECT_TRUE(leaves.insert(CouncilLeafHash(code, tables)).second);
    }
  }
}

}  // namespace
}  // namespace waymark::contract
