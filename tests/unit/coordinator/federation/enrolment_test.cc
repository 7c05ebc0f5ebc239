#include "coordinator/federation/enrolment.h"

#include "coordinator/federation/join_token.h"
#include "crypto/certificate.h"
#include "tests/testing/officers.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kCouncils;
using testing::Scene;
using waymark::testing::StatusIs;

class EnrolmentTest : public ::testing::Test {
 protected:
  EnrolmentTest()
      : authority(
            "north",
            crypto::CreateAuthority("Test", ValidFrom(scene.clock().Now(), kAuthorityValidity)).value()),
        enrolment(scene.store(), authority, scene.clock()) {}

  EnrolmentRequest Request(const std::string& council, const std::string& token) {
    return {.council = council,
            .token = token,
            .certificate_request_pem = crypto::CreateRequest().value().request_pem,
            .signing_key = std::string(32, 'k')};
  }
  std::string Token(const std::string& council) {
    return IssueToken(scene.store(), council, scene.clock().Now() + absl::Hours(1), random).value();
  }

  Scene scene;
  crypto::SystemRandom random;
  Authority authority;
  Enrolment enrolment;
};

TEST_F(EnrolmentTest, GivesACertificateWhoseOneNameIsTheCouncilsUri) {
  ASSERT_OK_AND_ASSIGN(const std::string pem, enrolment.Enrol(Request(kCouncils[0], Token(kCouncils[0]))));
  ASSERT_OK_AND_ASSIGN(const crypto::CertificateFacts facts, crypto::InspectCertificate(pem));
  EXPECT_THAT(facts.uris, ElementsAre("waymark://north/council/" + kCouncils[0]));
  EXPECT_EQ(facts.not_after, scene.clock().Now() + kMemberValidity);
  ASSERT_OK_AND_ASSIGN(const auto member, scene.store().FindMember(kCouncils[0]));
  EXPECT_EQ(member->certificate_pem, pem);
  EXPECT_EQ(member->signing_key, std::string(32, 'k'));
}

// The join file is of before the roster.
TEST_F(EnrolmentTest, DeniesACouncilThatEnded) {
  const EnrolmentRequest request = Request(kCouncils[0], Token(kCouncils[0]));
  contract::RosterEpoch roster =
      waymark::testing::NextRoster(std::nullopt, kCouncils[1], std::string(32, 'r'), scene.clock().Now());
  roster.successions = {{.day = 19'000, .before = {kCouncils[0]}, .after = {"E06000099"}}};
  v1::SignedRoster message;
  contract::SignedRosterToProto({.roster = roster, .signatures = {}}, message);
  ASSERT_OK(scene.store().AddRoster(
      {.epoch = 1, .hash = std::string(32, 'h'), .bytes = message.SerializeAsString()}));
  EXPECT_THAT(enrolment.Enrol(request),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("make a join file for E06000099")));
}

TEST_F(EnrolmentTest, GivesTheSameCertificateAgain_EvenWhenTheTokenHasExpired) {
  const EnrolmentRequest request = Request(kCouncils[0], Token(kCouncils[0]));
  ASSERT_OK_AND_ASSIGN(const std::string first, enrolment.Enrol(request));
  scene.clock().Advance(absl::Hours(2));
  ASSERT_OK_AND_ASSIGN(const std::string again, enrolment.Enrol(request));
  EXPECT_EQ(first, again);
}

TEST_F(EnrolmentTest, DeniesInOneSentence_WhateverIsWrongWithTheToken) {
  const EnrolmentRequest used = Request(kCouncils[0], Token(kCouncils[0]));
  ASSERT_OK(enrolment.Enrol(used));
  EnrolmentRequest other_key = used;
  other_key.signing_key = std::string(32, 'x');
  EnrolmentRequest other_request = Request(kCouncils[0], used.token);
  other_request.signing_key = used.signing_key;
  const EnrolmentRequest unknown = Request(kCouncils[1], std::string(64, '0'));
  const EnrolmentRequest anothers = Request(kCouncils[1], Token(kCouncils[2]));
  const EnrolmentRequest expired = Request(kCouncils[1], Token(kCouncils[1]));
  scene.clock().Advance(absl::Hours(1));
  std::set<std::string> messages;
  for (const EnrolmentRequest& request : {other_key, other_request, unknown, anothers, expired}) {
    const absl::Status status = enrolment.Enrol(request).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
    messages.insert(std::string(status.message()));
  }
  EXPECT_EQ(messages.size(), 1u);
  EXPECT_EQ(scene.store().Members().value().size(), 1u);
}

TEST_F(EnrolmentTest, LeavesTheTokenGood_WhenTheCertificateRequestIsNot) {
  const std::string token = Token(kCouncils[0]);
  EnrolmentRequest bad = Request(kCouncils[0], token);
  bad.certificate_request_pem =
      "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n";
  EXPECT_THAT(enrolment.Enrol(bad), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("")));
  EXPECT_OK(enrolment.Enrol(Request(kCouncils[0], token)));
}

TEST_F(EnrolmentTest, ANewTokenPutsNewKeysInThePlaceOfLostOnes) {
  ASSERT_OK(enrolment.Enrol(Request(kCouncils[0], Token(kCouncils[0]))));
  EnrolmentRequest again = Request(kCouncils[0], Token(kCouncils[0]));
  again.signing_key = std::string(32, 'n');
  ASSERT_OK(enrolment.Enrol(again));
  EXPECT_EQ(scene.store().FindMember(kCouncils[0]).value()->signing_key, std::string(32, 'n'));
}

TEST_F(EnrolmentTest, StoresNoToken) {
  const std::string token = Token(kCouncils[0]);
  EXPECT_EQ(token.size(), 64u);
  ASSERT_OK_AND_ASSIGN(const auto tokens, scene.store().TokensOf(kCouncils[0]));
  ASSERT_EQ(tokens.size(), 1u);
  EXPECT_NE(tokens[0].hash, token);
  EXPECT_EQ(tokens[0].hash, TokenHash(token));
}

TEST(EnrolmentRequest, ChecksEveryBound) {
  v1::EnrolRequest good;
  good.set_council("E06000001");
  good.set_token("t");
  good.set_certificate_request_pem("pem");
  good.set_signing_key(std::string(32, 'k'));
  EXPECT_OK(EnrolmentRequestFromProto(good));
  const auto wrong = [&](auto change) {
    v1::EnrolRequest message = good;
    change(message);
    return EnrolmentRequestFromProto(message).status();
  };
  EXPECT_THAT(wrong([](auto& m) { m.set_council("Hartlepool"); }),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("council")));
  EXPECT_THAT(wrong([](auto& m) { m.set_token(std::string(129, 't')); }),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("token")));
  EXPECT_THAT(wrong([](auto& m) { m.set_token(""); }),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("token")));
  EXPECT_THAT(wrong([](auto& m) { m.set_certificate_request_pem(std::string(8193, 'p')); }),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("certificate_request_pem")));
  EXPECT_THAT(wrong([](auto& m) { m.set_signing_key("short"); }),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("signing_key")));
}

}  // namespace
}  // namespace waymark::coordinator
