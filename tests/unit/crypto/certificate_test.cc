#include "crypto/certificate.h"

#include <openssl/err.h>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/crypto/raw_certificates.h"

namespace waymark::crypto {
namespace {

using testing::CertificateText;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MakeRawCertificate;
using testing::MakeRawRequest;
using ::testing::Not;
using testing::Purpose;
using testing::StatusIs;
using testing::VerifyChain;

constexpr char kUri[] = "waymark://demo/council/E06000001";

const absl::Time kStart = absl::FromCivil(absl::CivilDay(2025, 1, 1), absl::UTCTimeZone());
constexpr absl::Duration kYear = absl::Hours(24 * 365);

class CertificateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(authority_, CreateAuthority("Demo federation", {kStart, kStart + 10 * kYear}));
    ASSERT_OK_AND_ASSIGN(request_, CreateRequest());
  }
  // Whatever happened, gRPC must not find old errors in the thread's queue.
  void TearDown() override { EXPECT_EQ(ERR_peek_error(), 0u); }

  absl::StatusOr<std::string> Issue(absl::string_view request_pem, absl::string_view uri = kUri) {
    return IssueClientCertificate(authority_, request_pem, uri, {kStart, kStart + kYear});
  }

  CertificateWithKey authority_;
  RequestWithKey request_;
};

TEST_F(CertificateTest, AClientCertificateVerifies) {
  ASSERT_OK_AND_ASSIGN(const std::string certificate, Issue(request_.request_pem));
  const std::string& ca = authority_.certificate_pem;
  EXPECT_EQ(VerifyChain(certificate, ca, Purpose::kClient, kStart + absl::Hours(1)), "ok");
  EXPECT_EQ(VerifyChain(certificate, ca, Purpose::kClient, kStart - absl::Hours(1)),
            "certificate is not yet valid");
  EXPECT_EQ(VerifyChain(certificate, ca, Purpose::kClient, kStart + kYear + absl::Hours(1)),
            "certificate has expired");
  EXPECT_THAT(VerifyChain(certificate, ca, Purpose::kServer, kStart + absl::Hours(1)), HasSubstr("purpose"));
  ASSERT_OK_AND_ASSIGN(const CertificateWithKey other,
                       CreateAuthority("Demo federation", {kStart, kStart + kYear}));
  EXPECT_NE(VerifyChain(certificate, other.certificate_pem, Purpose::kClient, kStart + absl::Hours(1)), "ok");
}

TEST_F(CertificateTest, AClientCertificateNamesTheUriAndNothingElse) {
  ASSERT_OK_AND_ASSIGN(const std::string certificate, Issue(request_.request_pem));
  const std::string text = CertificateText(certificate);
  EXPECT_THAT(text, HasSubstr("X509v3 Subject Alternative Name: critical\n                URI:" +
                              std::string(kUri) + "\n"));
  EXPECT_THAT(text, HasSubstr("Subject: \n"));
  EXPECT_THAT(text, HasSubstr("CA:FALSE"));
  EXPECT_THAT(text, HasSubstr("TLS Web Client Authentication\n"));
  EXPECT_THAT(text, Not(HasSubstr("TLS Web Server")));
  EXPECT_THAT(text, HasSubstr("Issuer: CN=Demo federation\n"));
  ASSERT_OK_AND_ASSIGN(const CertificateFacts facts, InspectCertificate(certificate));
  EXPECT_THAT(facts.uris, ElementsAre(kUri));
  EXPECT_EQ(facts.not_before, kStart);
  EXPECT_EQ(facts.not_after, kStart + kYear);
  EXPECT_OK(CheckKeyBelongs(certificate, request_.private_key_pem));
}

TEST_F(CertificateTest, TakesNothingFromTheRequestButItsKey) {
  for (const char* algorithm : {"P-256", "ED25519"}) {
    ASSERT_OK_AND_ASSIGN(const std::string certificate, Issue(MakeRawRequest(algorithm, "root of all")));
    const std::string text = CertificateText(certificate);
    EXPECT_THAT(text, Not(HasSubstr("root of all")));
    EXPECT_THAT(text, Not(HasSubstr("CA:TRUE")));
    EXPECT_THAT(text, Not(HasSubstr("example.org")));
    ASSERT_OK_AND_ASSIGN(const CertificateFacts facts, InspectCertificate(certificate));
    EXPECT_THAT(facts.uris, ElementsAre(kUri));
    EXPECT_EQ(VerifyChain(certificate, authority_.certificate_pem, Purpose::kClient, kStart), "ok")
        << algorithm;
  }
}

TEST_F(CertificateTest, RefusesKeysOfOtherKinds) {
  for (const char* algorithm : {"RSA", "P-384", "secp256k1"}) {
    EXPECT_THAT(Issue(MakeRawRequest(algorithm, "x")),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("neither P-256")));
  }
}

// A PEM text with one byte of its DER changed.
std::string Changed(const std::string& pem, std::size_t byte, const std::string& label) {
  const std::string begin = "-----BEGIN " + label + "-----\n";
  const std::string end = "-----END " + label + "-----\n";
  std::string der;
  EXPECT_TRUE(absl::Base64Unescape(pem.substr(begin.size(), pem.size() - begin.size() - end.size()), &der));
  der[byte % der.size()] = static_cast<char>(der[byte % der.size()] ^ 0x01);
  // PEM lines have 64 characters.
  const std::string base64 = absl::Base64Escape(der);
  std::string lines;
  for (std::size_t i = 0; i < base64.size(); i += 64) lines += base64.substr(i, 64) + "\n";
  return begin + lines + end;
}

TEST_F(CertificateTest, RefusesARequestChangedAnywhere) {
  int refused_signature = 0;
  for (std::size_t byte = 0; byte < 250; ++byte) {
    const std::string changed = Changed(request_.request_pem, byte, "CERTIFICATE REQUEST");
    const auto issued = Issue(changed);
    ASSERT_THAT(issued, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("request"))) << byte;
    refused_signature += absl::StrContains(issued.status().message(), "not signed by its own key") ? 1 : 0;
  }
  EXPECT_GT(refused_signature, 50);
}

TEST_F(CertificateTest, RefusesWhatIsNoRequest) {
  for (const std::string& pem :
       {std::string(), std::string("hello"), authority_.certificate_pem, request_.request_pem.substr(0, 200),
        std::string("-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n")}) {
    EXPECT_THAT(Issue(pem), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("PKCS#10")));
  }
  EXPECT_THAT(Issue(std::string(100'000, 'A')),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("65536")));
}

TEST_F(CertificateTest, RefusesAUriThatIsNone) {
  for (const std::string& uri :
       {std::string(), std::string("no-scheme"), std::string(":rest"), std::string("scheme:"),
        std::string("waymark://a b"), std::string("waymark://a\nb"), std::string("waymark://a\0b", 13),
        std::string("waymark://\xC3\xA9"), "waymark://" + std::string(2000, 'a')}) {
    EXPECT_THAT(Issue(request_.request_pem, uri),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("URI")));
  }
  // What would be two names in a configuration file is one here.
  ASSERT_OK_AND_ASSIGN(const std::string certificate,
                       Issue(request_.request_pem, "waymark://a,DNS:evil.example"));
  ASSERT_OK_AND_ASSIGN(const CertificateFacts facts, InspectCertificate(certificate));
  EXPECT_THAT(facts.uris, ElementsAre("waymark://a,DNS:evil.example"));
}

TEST_F(CertificateTest, RefusesBadDates) {
  const auto issue = [&](absl::Time from, absl::Time to) {
    return IssueClientCertificate(authority_, request_.request_pem, kUri, {from, to});
  };
  EXPECT_THAT(issue(kStart, kStart),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("begin before it ends")));
  EXPECT_THAT(issue(kStart + kYear, kStart),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("begin before it ends")));
  EXPECT_THAT(issue(absl::InfinitePast(), kStart + kYear),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("1950")));
  EXPECT_THAT(issue(kStart, absl::InfiniteFuture()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("after its authority")));
  EXPECT_THAT(CreateAuthority("x", {kStart, absl::InfiniteFuture()}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("9999")));
}

TEST_F(CertificateTest, AnAuthorityCannotMakeAuthorities) {
  const std::string text = CertificateText(authority_.certificate_pem);
  EXPECT_THAT(text, HasSubstr("CA:TRUE, pathlen:0"));
  EXPECT_THAT(text, HasSubstr("Certificate Sign, CRL Sign\n"));
  ASSERT_OK_AND_ASSIGN(const std::string certificate, Issue(request_.request_pem));
  const CertificateWithKey pretender{certificate, request_.private_key_pem.Clone()};
  EXPECT_THAT(
      IssueClientCertificate(pretender, request_.request_pem, kUri, {kStart, kStart + absl::Hours(1)}),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("authority")));
}

TEST_F(CertificateTest, RefusesAnAuthorityWithAnotherKey) {
  const CertificateWithKey mixed{authority_.certificate_pem, request_.private_key_pem.Clone()};
  EXPECT_THAT(IssueClientCertificate(mixed, request_.request_pem, kUri, {kStart, kStart + kYear}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("do not belong together")));
  const CertificateWithKey damaged{authority_.certificate_pem, SecretBytes("-----BEGIN PRIVATE KEY-----\n")};
  EXPECT_THAT(IssueServerCertificate(damaged, {"localhost"}, {kStart, kStart + kYear}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("private key")));
}

TEST_F(CertificateTest, RefusesACommonNameThatIsNone) {
  EXPECT_THAT(CreateAuthority("", {kStart, kStart + kYear}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("1 to 64")));
  EXPECT_THAT(CreateAuthority(std::string(65, 'a'), {kStart, kStart + kYear}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("1 to 64")));
  EXPECT_THAT(CreateAuthority("\xFF\xFE", {kStart, kStart + kYear}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("UTF-8")));
}

TEST_F(CertificateTest, AServerCertificateHoldsNamesAndAddresses) {
  ASSERT_OK_AND_ASSIGN(
      const CertificateWithKey server,
      IssueServerCertificate(authority_, {"coordinator.example.org", "*.example.org", "127.0.0.1", "::1"},
                             {kStart, kStart + kYear}));
  EXPECT_EQ(VerifyChain(server.certificate_pem, authority_.certificate_pem, Purpose::kServer, kStart), "ok");
  EXPECT_THAT(VerifyChain(server.certificate_pem, authority_.certificate_pem, Purpose::kClient, kStart),
              HasSubstr("purpose"));
  EXPECT_THAT(CertificateText(server.certificate_pem),
              HasSubstr("DNS:coordinator.example.org, DNS:*.example.org, IP Address:127.0.0.1, IP "
                        "Address:0:0:0:0:0:0:0:1\n"));
  EXPECT_OK(CheckKeyBelongs(server.certificate_pem, server.private_key_pem));
  ASSERT_OK_AND_ASSIGN(const CertificateFacts facts, InspectCertificate(server.certificate_pem));
  EXPECT_THAT(facts.uris, IsEmpty());
}

TEST_F(CertificateTest, RefusesServerNamesThatAreNone) {
  for (const std::string& name :
       {std::string(), std::string("host:8443"), std::string("a..b"), std::string("-a.example"),
        std::string("a.example,DNS:b"), std::string("a b"), std::string("*"), std::string("*.org"),
        std::string("a.*.org"), std::string("a\0b", 3), std::string("127.0.0.1\0x", 11),
        std::string(300, 'a'), std::string(64, 'a')}) {
    EXPECT_THAT(IssueServerCertificate(authority_, {name}, {kStart, kStart + kYear}),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("DNS name")))
        << name;
  }
  EXPECT_THAT(IssueServerCertificate(authority_, {}, {kStart, kStart + kYear}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("1 to 100 names")));
}

TEST_F(CertificateTest, InspectsEveryUriInOrder) {
  const auto two =
      MakeRawCertificate(authority_, {.common_name = "waymark://not/this",
                                      .alternative_names = "URI:waymark://b,DNS:c,URI:waymark://a",
                                      .not_before = kStart,
                                      .not_after = kStart + kYear});
  ASSERT_OK_AND_ASSIGN(const CertificateFacts facts, InspectCertificate(two.certificate_pem));
  EXPECT_THAT(facts.uris, ElementsAre("waymark://b", "waymark://a"));
  const auto none = MakeRawCertificate(
      authority_, {.common_name = "waymark://not/this", .not_before = kStart, .not_after = kStart + kYear});
  ASSERT_OK_AND_ASSIGN(const CertificateFacts no_facts, InspectCertificate(none.certificate_pem));
  EXPECT_THAT(no_facts.uris, IsEmpty());
}

// A certificate made once by `openssl req -x509` on a P-256 key; fingerprint, dates and URI as `openssl x509
// -noout -fingerprint -sha256 -dates -ext subjectAltName` prints them.
TEST_F(CertificateTest, InspectsLikeTheOpensslCommand) {
  constexpr char kPem[] = R"(-----BEGIN CERTIFICATE-----
MIIBszCCAVmgAwIBAgIURF+Vk6KImheNf9/RVdZDweAHI9kwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMd2F5bWFyayB0ZXN0MCAXDTI2MTEyMjA1MDYyN1oYDzIxMjYx
MDI5MDUwNjI3WjAXMRUwEwYDVQQDDAx3YXltYXJrIHRlc3QwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAATNSUbzk89xUa02GcdUqdYZKGe3xtR+JBGCfv34BoCrzOc3
phVudi7Hi1L6xomNd6HhAg/hThMCFYBUFIPZgdfco4GAMH4wHQYDVR0OBBYEFNrU
BSwi8N5ALihYZrY3fZf97F3UMB8GA1UdIwQYMBaAFNrUBSwi8N5ALihYZrY3fZf9
7F3UMA8GA1UdEwEB/wQFMAMBAf8wKwYDVR0RBCQwIoYgd2F5bWFyazovL2RlbW8v
Y291bmNpbC9FMDYwMDAwMDIwCgYIKoZIzj0EAwIDSAAwRQIgIAuIs1lyDTAYi5OS
AqHo/+BiveGSoIzrp81eI2keYbICIQD+OWBGlihgTo5T3rDY3PVy4by6wQnf7K6m
lomxDuCxXw==
-----END CERTIFICATE-----
)";
  ASSERT_OK_AND_ASSIGN(const CertificateFacts facts, InspectCertificate(kPem));
  EXPECT_EQ(absl::BytesToHexString(facts.fingerprint),
            "8719b04065781d93998b8b7786fbb6be7c17f3badfc6b96be345d2dcc558ecb7");
  EXPECT_EQ(absl::FormatTime(facts.not_before, absl::UTCTimeZone()), "2026-11-22T05:06:27+00:00");
  EXPECT_EQ(absl::FormatTime(facts.not_after, absl::UTCTimeZone()), "2126-10-29T05:06:27+00:00");
  EXPECT_THAT(facts.uris, ElementsAre("waymark://demo/council/E06000002"));
}

TEST_F(CertificateTest, InspectsNothingThatIsNoCertificate) {
  for (const std::string& pem : {std::string(), std::string("hello"), request_.request_pem,
                                 authority_.certificate_pem.substr(0, 300), std::string(100'000, 'A')}) {
    EXPECT_THAT(InspectCertificate(pem),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("certificate")));
  }
}

TEST_F(CertificateTest, NoChangedByteCrashesTheInspection) {
  ASSERT_OK_AND_ASSIGN(const std::string certificate, Issue(request_.request_pem));
  ASSERT_OK_AND_ASSIGN(const CertificateFacts good, InspectCertificate(certificate));
  for (std::size_t byte = 0; byte < 500; ++byte) {
    const auto facts = InspectCertificate(Changed(certificate, byte, "CERTIFICATE"));
    if (facts.ok()) {
      EXPECT_NE(facts->fingerprint, good.fingerprint);
    } else {
      EXPECT_EQ(facts.status().code(), absl::StatusCode::kInvalidArgument) << facts.status();
    }
  }
}

TEST_F(CertificateTest, TellsWhichKeyBelongs) {
  ASSERT_OK_AND_ASSIGN(const std::string certificate, Issue(request_.request_pem));
  ASSERT_OK_AND_ASSIGN(const RequestWithKey other, CreateRequest());
  EXPECT_THAT(CheckKeyBelongs(certificate, other.private_key_pem),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("another private key")));
  EXPECT_THAT(CheckKeyBelongs(certificate, SecretBytes("no key")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("private key")));
}

TEST_F(CertificateTest, TellsWhichAuthorityIssued) {
  ASSERT_OK_AND_ASSIGN(const std::string certificate, Issue(request_.request_pem));
  EXPECT_OK(CheckIssuedBy(certificate, authority_.certificate_pem));
  // Of the same name, with another key.
  ASSERT_OK_AND_ASSIGN(const CertificateFacts facts, InspectCertificate(authority_.certificate_pem));
  ASSERT_OK_AND_ASSIGN(const CertificateWithKey other,
                       CreateAuthority("Demo federation", {facts.not_before, facts.not_after}));
  EXPECT_THAT(CheckIssuedBy(certificate, other.certificate_pem),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not issued by this authority")));
  EXPECT_THAT(CheckIssuedBy(certificate, certificate),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not issued by this authority")));
  EXPECT_THAT(CheckIssuedBy("no certificate", authority_.certificate_pem),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("certificate")));
}

TEST_F(CertificateTest, SerialNumbersDiffer) {
  ASSERT_OK_AND_ASSIGN(const std::string one, Issue(request_.request_pem));
  ASSERT_OK_AND_ASSIGN(const std::string two, Issue(request_.request_pem));
  const auto serial = [](const std::string& certificate) {
    const std::string text = CertificateText(certificate);
    const auto at = text.find("Serial Number:");
    return text.substr(at, text.find("Signature Algorithm") - at);
  };
  EXPECT_NE(serial(one), serial(two));
  EXPECT_THAT(serial(one), ContainsRegex("([0-9a-f]{2}:){15}[0-9a-f]{2}"));
}

}  // namespace
}  // namespace waymark::crypto
