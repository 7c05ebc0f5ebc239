#include "proto/contract/catalogue_version.h"

#include <functional>

#include "crypto/hash.h"
#include "proto/contract/transparency.h"
#include "tests/testing/officers.h"
#include "tests/testing/status_matchers.h"

namespace waymark::contract {
namespace {

using ::testing::_;
using ::testing::HasSubstr;
using waymark::testing::Officers;
using waymark::testing::StatusIs;

CatalogueVersion Example() {
  return {.federation = "north",
          .number = 2,
          .previous_hash = std::string(32, '\x55'),
          .definitions = {{.metric = "contacts", .version = 1, .hash = std::string(32, 'a')},
                          {.metric = "contacts", .version = 2, .hash = std::string(32, 'b')},
                          {.metric = "referrals", .version = 1, .hash = std::string(32, 'c')}}};
}

v1::SignedCatalogue Message(const CatalogueVersion& catalogue) {
  v1::SignedCatalogue message;
  SignedCatalogueToProto({.catalogue = catalogue, .signatures = {}}, message);
  return message;
}

TEST(CatalogueVersion, IsEncodedAsTheProtocolSays) {
  const auto number = [](std::uint64_t value) {
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift));
    return bytes;
  };
  const auto text = [&](const std::string& value) { return number(value.size()) + value; };
  std::string expected = text("waymark/v1/catalogue") + text("north") + number(2);
  expected += text(std::string(32, '\x55')) + number(3);
  expected += text("contacts") + number(1) + text(std::string(32, 'a'));
  expected += text("contacts") + number(2) + text(std::string(32, 'b'));
  expected += text("referrals") + number(1) + text(std::string(32, 'c'));
  EXPECT_EQ(CanonicalBytes(Example()), expected);
  EXPECT_EQ(CatalogueHash(Example()), crypto::Sha256(expected));
  const auto entry = EntryOf(v1::LOG_KIND_CATALOGUE, Message(Example()).SerializeAsString());
  ASSERT_OK(entry);
  EXPECT_EQ(*entry,
            (LogEntry{.kind = v1::LOG_KIND_CATALOGUE, .subject = "2", .hash = crypto::Sha256(expected)}));
}

TEST(CatalogueVersion, IsRefused_WhenAFieldIsNoCatalogues) {
  const auto read = SignedCatalogueFromProto(Message(Example()));
  ASSERT_OK(read);
  EXPECT_EQ(read->catalogue, Example());
  using Change = std::function<void(v1::CatalogueVersion&)>;
  const std::vector<std::pair<const char*, Change>> wrong = {
      {"catalogue.federation", [](auto& c) { c.set_federation("North"); }},
      {"catalogue.version", [](auto& c) { c.set_number(0); }},
      {"catalogue.version", [](auto& c) { c.set_number(1'000'000'001); }},
      {"catalogue.previous_hash", [](auto& c) { c.set_previous_hash("x"); }},
      {"catalogue.previous_hash", [](auto& c) { c.set_previous_hash(std::string(32, '\0')); }},
      {"catalogue.definitions", [](auto& c) { c.clear_definitions(); }},
      {"definition.metric", [](auto& c) { c.mutable_definitions(0)->set_metric(""); }},
      {"definition.hash", [](auto& c) { c.mutable_definitions(0)->set_hash("x"); }},
      {"sorted", [](auto& c) { c.mutable_definitions()->SwapElements(0, 2); }},
      {"sorted", [](auto& c) { *c.add_definitions() = c.definitions(2); }},
  };
  for (const auto& [named, change] : wrong) {
    v1::SignedCatalogue message = Message(Example());
    change(*message.mutable_catalogue());
    EXPECT_THAT(SignedCatalogueFromProto(message),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(named)));
  }
}

TEST(CatalogueVersion, CountsOfficersAsARosterDoes) {
  const Officers officers;
  SignedCatalogue made{.catalogue = Example(),
                       .signatures = officers.SignBytes(CanonicalBytes(Example()), 1)};
  EXPECT_THAT(VerifyCatalogue(made, officers.governance()),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("version 2 is signed by 1")));
  made.signatures.push_back(made.signatures[0]);  // once more is still one
  EXPECT_THAT(VerifyCatalogue(made, officers.governance()), StatusIs(absl::StatusCode::kUnauthenticated, _));
  made.signatures = officers.SignBytes(CanonicalBytes(Example()), 2);
  EXPECT_OK(VerifyCatalogue(made, officers.governance()));
  made.catalogue.definitions[0].version = 0;
  EXPECT_THAT(VerifyCatalogue(made, officers.governance()), StatusIs(absl::StatusCode::kUnauthenticated, _));
}

TEST(CatalogueVersion, FollowsTheOneBefore_AndNoOther) {
  CatalogueVersion first = Example();
  first.number = 1;
  first.previous_hash = std::string(32, '\0');
  CatalogueVersion second = Example();
  second.previous_hash = CatalogueHash(first);
  EXPECT_TRUE(Follows(first, std::nullopt).value());
  EXPECT_FALSE(Follows(first, first).value());
  EXPECT_TRUE(Follows(second, first).value());
  EXPECT_THAT(Follows(first, second),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("no way back")));
  EXPECT_THAT(Follows(second, std::nullopt),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("versions 1 to 1 are missing")));
  EXPECT_THAT(Follows(Example(), first),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("does not follow")));
}

TEST(CatalogueVersion, KnowsADefinitionByMetricVersionAndHash) {
  RoundSpec spec;
  spec.round_id = "autumn";
  spec.items.resize(1);
  spec.items[0].metric = "contacts";
  spec.items[0].version = 2;
  spec.items[0].definition_hash = std::string(32, 'b');
  EXPECT_OK(CheckDefinitions(spec, Example()));
  for (const auto& change : std::vector<std::function<void(RoundItem&)>>{
           [](auto& i) { i.metric = "plans"; }, [](auto& i) { i.version = 1; },
           [](auto& i) { i.version = 3; }, [](auto& i) { i.definition_hash[0] ^= 1; }}) {
    RoundSpec changed = spec;
    change(changed.items[0]);
    EXPECT_THAT(CheckDefinitions(changed, Example()),
                StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("did not sign in version 2")));
  }
}

}  // namespace
}  // namespace waymark::contract
