#include "crypto/secure_sum/messages.h"

#include <functional>

#include "base/canonical.h"
#include "tests/unit/crypto/secure_sum/federation.h"

namespace waymark::crypto {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;
constexpr absl::StatusCode kUnauthenticated = absl::StatusCode::kUnauthenticated;

SharesMessage Shares(std::uint32_t sender, const std::vector<std::uint32_t>& to) {
  SharesMessage message{.sender = sender, .shares = {}};
  for (const std::uint32_t member : to) {
    message.shares.push_back({.member = member, .sealed = std::string(kSealedSharesBytes, 's')});
  }
  return message;
}

std::vector<HeldShare> Held(const std::vector<std::uint32_t>& of) {
  std::vector<HeldShare> held;
  for (const std::uint32_t member : of) {
    held.push_back({.member = member, .share = SecretBytes(std::string(32, 'h'))});
  }
  return held;
}

UnmaskMessage Unmask(std::uint32_t sender, const std::vector<std::uint32_t>& seeds,
                     const std::vector<std::uint32_t>& keys) {
  UnmaskMessage message;
  message.sender = sender;
  message.seed_shares = Held(seeds);
  message.mask_key_shares = Held(keys);
  return message;
}

// One kind of message: a good one of `sender`, and how it is read.
struct Kind {
  const char* name;
  std::function<absl::StatusOr<SignedMessage>(const Session&, std::uint32_t, const SigningKey&)> make;
  std::function<absl::StatusOr<std::uint32_t>(const Session&, const SignedMessage&)> read;  // the sender
};

template <typename Message>
absl::StatusOr<std::uint32_t> SenderOf(const absl::StatusOr<Message>& read) {
  if (!read.ok()) return read.status();
  return read->sender;
}

const std::vector<Kind>& Kinds() {
  static const std::vector<Kind> kinds = {
      {"keys",
       [](const Session& session, std::uint32_t sender, const SigningKey& key) {
         return Sign(session, KeysMessage{sender, Sha256("a"), Sha256("b")}, key);
       },
       [](const Session& session, const SignedMessage& m) { return SenderOf(ReadKeys(session, m)); }},
      {"shares",
       [](const Session& session, std::uint32_t sender, const SigningKey& key) {
         return Sign(session, Shares(sender, {0, 2, 3}), key);
       },
       [](const Session& session, const SignedMessage& m) { return SenderOf(ReadShares(session, m)); }},
      {"input",
       [](const Session& session, std::uint32_t sender, const SigningKey& key) {
         return Sign(session, InputMessage{sender, Sha256("a"), Sha256("b"), Sha256("c")}, key);
       },
       [](const Session& session, const SignedMessage& m) { return SenderOf(ReadInput(session, m)); }},
      {"consistency",
       [](const Session& session, std::uint32_t sender, const SigningKey& key) {
         return Sign(session, ConsistencyMessage{sender, Sha256("a"), Sha256("b")}, key);
       },
       [](const Session& session, const SignedMessage& m) { return SenderOf(ReadConsistency(session, m)); }},
      {"unmask",
       [](const Session& session, std::uint32_t sender, const SigningKey& key) {
         return Sign(session, Unmask(sender, {0, 1}, {3}), key);
       },
       [](const Session& session, const SignedMessage& m) { return SenderOf(ReadUnmask(session, m)); }}};
  return kinds;
}

class MessageFieldsTest : public ::testing::Test {
 protected:
  static SessionParameters Another(SessionParameters p) {
    p.nonce = Sha256("another nonce");
    return p;
  }
  const SigningKey& key(std::uint32_t member) const { return members_[member]->key; }
  // What a dishonest member can do: sign any bytes.
  SignedMessage Signed(std::string body, std::uint32_t by) const {
    std::string signature = *key(by).Sign(body);
    return {.body = std::move(body), .signature = std::move(signature)};
  }

  SystemRandom random_;
  std::vector<std::unique_ptr<TestMember>> members_ = MakeMembers(4, random_);
  Session session_ = *Session::Create(ParametersOf(members_, 5));
  Session another_ = *Session::Create(Another(ParametersOf(members_, 5)));
};

class MessagesTest : public MessageFieldsTest, public ::testing::WithParamInterface<Kind> {
 protected:
  SignedMessage Make(std::uint32_t sender) const { return *GetParam().make(session_, sender, key(sender)); }
  absl::StatusOr<std::uint32_t> Read(const SignedMessage& message) const {
    return GetParam().read(session_, message);
  }
};

INSTANTIATE_TEST_SUITE_P(Kinds, MessagesTest, ::testing::ValuesIn(Kinds()),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_P(MessagesTest, AreRead_WhenGood) {
  for (std::uint32_t sender = 0; sender < 4; ++sender) {
    ASSERT_OK_AND_ASSIGN(const std::uint32_t read, Read(Make(sender)));
    EXPECT_EQ(read, sender);
  }
}

TEST_P(MessagesTest, AreRefused_WhenCutAnywhere) {
  const SignedMessage good = Make(1);
  for (std::size_t size = 0; size < good.body.size(); ++size) {
    const std::string cut = good.body.substr(0, size);
    EXPECT_FALSE(Read({.body = cut, .signature = good.signature}).ok()) << size;
    EXPECT_FALSE(Read(Signed(cut, 1)).ok()) << size;
  }
}

TEST_P(MessagesTest, AreRefused_WhenLongerThanTheyShouldBe) {
  EXPECT_THAT(Read(Signed(Make(1).body + '\0', 1)), StatusIs(kInvalid, HasSubstr("more bytes")));
  EXPECT_THAT(Read(Signed(Make(1).body + std::string(1 << 20, 'x'), 1)),
              StatusIs(kInvalid, HasSubstr("more bytes")));
}

TEST_P(MessagesTest, AreRefused_WhenOneByteIsAnother) {
  const SignedMessage good = Make(1);
  for (std::size_t at = 0; at < good.body.size(); ++at) {
    SignedMessage altered = good;
    altered.body[at] = static_cast<char>(altered.body[at] ^ 1);
    EXPECT_FALSE(Read(altered).ok()) << at;
  }
}

TEST_P(MessagesTest, AreRefused_WhenTheSignatureIsWrong) {
  const SignedMessage good = Make(1);
  SignedMessage wrong = good;
  wrong.signature[10] = static_cast<char>(wrong.signature[10] ^ 1);
  EXPECT_THAT(Read(wrong), StatusIs(kUnauthenticated, HasSubstr("not signed by E00000001")));
  for (const std::string& other : {std::string(), std::string(63, 'x'), good.signature + 'x'}) {
    EXPECT_THAT(Read({.body = good.body, .signature = other}),
                StatusIs(kUnauthenticated, HasSubstr("not signed by E00000001")));
  }
}

TEST_P(MessagesTest, AreRefused_WhenAnotherMemberSignedThem) {
  EXPECT_THAT(Read(*GetParam().make(session_, 1, key(2))),
              StatusIs(kUnauthenticated, HasSubstr("not signed by E00000001")));
}

TEST_P(MessagesTest, AreRefused_WhenOfAnotherStep) {
  for (const Kind& other : Kinds()) {
    if (absl::string_view(other.name) == GetParam().name) continue;
    EXPECT_THAT(Read(*other.make(session_, 1, key(1))), StatusIs(kInvalid, HasSubstr("another session")))
        << other.name;
  }
}

TEST_P(MessagesTest, AreRefused_WhenOfAnotherSession) {
  EXPECT_THAT(GetParam().read(another_, Make(1)), StatusIs(kInvalid, HasSubstr("another session")));
}

TEST_P(MessagesTest, AreRefused_WhenTheyNameNoMember) {
  for (const std::uint32_t nobody : {4u, 20'000u, 20'001u, 0xFFFFFFFFu}) {
    EXPECT_THAT(Read(*GetParam().make(session_, nobody, key(0))), StatusIs(kInvalid, HasSubstr("no member")))
        << nobody;
  }
}

TEST_P(MessagesTest, AreTheSameBytes_WhenSignedAgain) {
  EXPECT_EQ(Make(2), Make(2));
}

TEST_F(MessageFieldsTest, ComeBackAsTheyWere) {
  const auto keys = ReadKeys(session_, *Sign(session_, KeysMessage{1, Sha256("m"), Sha256("s")}, key(1)));
  ASSERT_OK(keys);
  EXPECT_EQ(keys->mask_key, Sha256("m"));
  EXPECT_EQ(keys->sealing_key, Sha256("s"));

  const auto shares = ReadShares(session_, *Sign(session_, Shares(1, {0, 3}), key(1)));
  ASSERT_OK(shares);
  ASSERT_EQ(shares->shares.size(), 2u);
  EXPECT_EQ(shares->shares[1].member, 3u);
  EXPECT_EQ(shares->shares[1].sealed, std::string(kSealedSharesBytes, 's'));

  const InputMessage input{1, Sha256("r"), Sha256("c"), Sha256("p")};
  const auto read = ReadInput(session_, *Sign(session_, input, key(1)));
  ASSERT_OK(read);
  EXPECT_TRUE(*read == input);

  const auto consistency =
      ReadConsistency(session_, *Sign(session_, ConsistencyMessage{1, Sha256("h"), Sha256("r")}, key(1)));
  ASSERT_OK(consistency);
  EXPECT_EQ(consistency->contributors_hash, Sha256("h"));
  EXPECT_EQ(consistency->root, Sha256("r"));

  const auto unmask = ReadUnmask(session_, *Sign(session_, Unmask(1, {0, 1}, {2}), key(1)));
  ASSERT_OK(unmask);
  ASSERT_EQ(unmask->seed_shares.size(), 2u);
  ASSERT_EQ(unmask->mask_key_shares.size(), 1u);
  EXPECT_EQ(unmask->seed_shares[1].member, 1u);
  EXPECT_EQ(unmask->mask_key_shares[0].member, 2u);
  EXPECT_EQ(unmask->mask_key_shares[0].share.RevealSecretText(), std::string(32, 'h'));
}

TEST_F(MessageFieldsTest, AreRefused_WhenOfAnotherLength) {
  for (const std::size_t size : {0u, 31u, 33u}) {
    const std::string field(size, 'x');
    const std::string good(32, 'x');
    EXPECT_FALSE(ReadKeys(session_, *Sign(session_, KeysMessage{1, field, good}, key(1))).ok());
    EXPECT_FALSE(ReadKeys(session_, *Sign(session_, KeysMessage{1, good, field}, key(1))).ok());
    for (const InputMessage& input :
         {InputMessage{1, field, good, good}, {1, good, field, good}, {1, good, good, field}}) {
      EXPECT_FALSE(ReadInput(session_, *Sign(session_, input, key(1))).ok());
    }
    InputMessage input{1, good, good, good};
    EXPECT_OK(ReadInput(session_, *Sign(session_, input, key(1))));
    input.head.hash = field;
    EXPECT_FALSE(ReadInput(session_, *Sign(session_, input, key(1))).ok());
    EXPECT_FALSE(ReadConsistency(session_, *Sign(session_, ConsistencyMessage{1, field, good}, key(1))).ok());
    EXPECT_FALSE(ReadConsistency(session_, *Sign(session_, ConsistencyMessage{1, good, field}, key(1))).ok());
    UnmaskMessage unmask = Unmask(1, {0}, {});
    unmask.seed_shares[0].share = SecretBytes(field);
    EXPECT_FALSE(ReadUnmask(session_, *Sign(session_, unmask, key(1))).ok());
  }
  for (const std::size_t size : {std::size_t{0}, kSealedSharesBytes - 1, kSealedSharesBytes + 1}) {
    SharesMessage shares = Shares(1, {0});
    shares.shares[0].sealed.assign(size, 's');
    EXPECT_FALSE(ReadShares(session_, *Sign(session_, shares, key(1))).ok()) << size;
  }
}

TEST_F(MessageFieldsTest, ListsAreRefused_WhenMembersRepeatFallOrAreNone) {
  const std::vector<std::vector<std::uint32_t>> wrong = {{2, 2}, {3, 2}, {0, 3, 1}, {0, 4}, {0, 1, 2, 3, 3}};
  for (const auto& members : wrong) {
    EXPECT_THAT(ReadShares(session_, *Sign(session_, Shares(1, members), key(1))),
                StatusIs(kInvalid, HasSubstr("")));
    EXPECT_THAT(ReadUnmask(session_, *Sign(session_, Unmask(1, members, {}), key(1))),
                StatusIs(kInvalid, HasSubstr("")));
    EXPECT_THAT(ReadUnmask(session_, *Sign(session_, Unmask(1, {}, members), key(1))),
                StatusIs(kInvalid, HasSubstr("")));
  }
  EXPECT_OK(ReadShares(session_, *Sign(session_, Shares(1, {}), key(1))));
  EXPECT_OK(ReadUnmask(session_, *Sign(session_, Unmask(1, {}, {}), key(1))));
}

// A count is believed only up to the number of members: nothing of its size is allocated before.
TEST_F(MessageFieldsTest, ListsAreRefused_WhenTheirCountIsHuge) {
  for (const std::uint64_t count : {std::uint64_t{5}, std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    for (const char* const label : {"waymark/v1/secure-sum-shares", "waymark/v1/secure-sum-unmask"}) {
      CanonicalWriter out(label);
      out.Text(session_.id()).Unsigned(1).Unsigned(count);
      const SignedMessage message = Signed(out.bytes(), 1);
      EXPECT_THAT(ReadShares(session_, message), StatusIs(kInvalid, HasSubstr("")));
      EXPECT_THAT(ReadUnmask(session_, message), StatusIs(kInvalid, HasSubstr("")));
    }
  }
}

TEST_F(MessageFieldsTest, HashesDependOnTheSessionAndOnEveryMember) {
  EXPECT_EQ(ContributorsHash(session_, {0, 1, 2}).size(), 32u);
  EXPECT_NE(ContributorsHash(session_, {0, 1, 2}), ContributorsHash(another_, {0, 1, 2}));
  EXPECT_NE(ContributorsHash(session_, {0, 1, 2}), ContributorsHash(session_, {0, 1}));
  EXPECT_NE(ContributorsHash(session_, {0, 1, 2}), ContributorsHash(session_, {0, 1, 3}));
  EXPECT_NE(ContributorsHash(session_, {0, 1, 2}), PeersHash(session_, {0, 1, 2}));
  const SecretBytes seed(std::string(32, 'b'));
  EXPECT_NE(SeedCommitment(session_, 0, seed), SeedCommitment(session_, 1, seed));
  EXPECT_NE(SeedCommitment(session_, 0, seed), SeedCommitment(another_, 0, seed));
  EXPECT_NE(SeedCommitment(session_, 0, seed), SeedCommitment(session_, 0, SecretBytes(Sha256("other"))));
  const InputMessage one{0, Sha256("r"), "", ""};
  const InputMessage two{1, Sha256("r"), "", ""};
  EXPECT_NE(InputsRoot(session_, {one, two}), InputsRoot(session_, {one}));
  EXPECT_NE(InputsRoot(session_, {one}), InputsRoot(session_, {two}));
  EXPECT_NE(InputsRoot(session_, {one}), InputsRoot(another_, {one}));
}

}  // namespace
}  // namespace waymark::crypto
