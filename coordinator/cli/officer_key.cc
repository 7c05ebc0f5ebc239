#include "coordinator/cli/officer_key.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/file.h"
#include "base/status.h"
#include "coordinator/cli/pkcs11_key.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "crypto/secret_file.h"
#include "crypto/signature.h"
#include "proto/contract/release.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kMostPinBytes = 256;

absl::StatusOr<crypto::SecretBytes> PinInFile(const std::string& path) {
  ASSIGN_OR_RETURN(const crypto::SecretBytes file, crypto::ReadSecretFile(path, kMostPinBytes));
  absl::string_view pin = file.RevealSecretText();
  if (!absl::ConsumeSuffix(&pin, "\r\n")) absl::ConsumeSuffix(&pin, "\n");
  if (pin.empty()) return absl::InvalidArgumentError(absl::StrCat(path, ": there is no PIN in it"));
  return crypto::SecretBytes(pin);
}

// Typed unseen at the terminal, whatever standard input is.
absl::StatusOr<crypto::SecretBytes> PinFromTerminal() {
  const int terminal = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  termios before{};
  if (terminal < 0 || ::tcgetattr(terminal, &before) != 0) {
    if (terminal >= 0) ::close(terminal);
    return absl::FailedPreconditionError(
        "the PKCS#11 token wants a PIN, and there is no terminal to ask for it; give --pin-file FILE");
  }
  const absl::Cleanup restore = [&] {
    ::tcsetattr(terminal, TCSANOW, &before);
    ::close(terminal);
  };
  termios unseen = before;
  unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  constexpr absl::string_view kAsk = "PIN of the PKCS#11 token: ";
  crypto::SecretBytes typed(kMostPinBytes);
  const absl::Span<std::uint8_t> bytes = typed.MutableSecret();
  if (::tcsetattr(terminal, TCSAFLUSH, &unseen) != 0 || ::write(terminal, kAsk.data(), kAsk.size()) < 0) {
    return absl::UnavailableError(
        "the PIN cannot be asked for unseen at this terminal; give --pin-file FILE");
  }
  const ssize_t size = ::read(terminal, bytes.data(), bytes.size());
  if (::write(terminal, "\n", 1) < 0 || size <= 1) return absl::InvalidArgumentError("no PIN was typed");
  return crypto::SecretBytes(typed.RevealSecretText().substr(0, static_cast<std::size_t>(size) - 1));
}

PinSource PinOf(const OfficerKey& key) {
  return [&key] { return key.pin_file.empty() ? PinFromTerminal() : PinInFile(key.pin_file); };
}

absl::Status CheckOne(const OfficerKey& key) {
  if (key.file.empty() == key.pkcs11.empty()) {
    return absl::InvalidArgumentError("give --key FILE or --pkcs11 URI, one of them");
  }
  if (key.pkcs11.empty() && !key.pin_file.empty()) {
    return absl::InvalidArgumentError("--pin-file is of --pkcs11; a key file has no PIN");
  }
  return absl::OkStatus();
}

absl::StatusOr<contract::OfficerSignature> Sign(absl::string_view bytes, const OfficerKey& key) {
  if (key.pkcs11.empty()) {
    if (!FileExists(key.file)) return absl::NotFoundError(absl::StrCat(key.file, ": no such key file"));
    crypto::SystemRandom random;
    ASSIGN_OR_RETURN(const crypto::SigningKey officer, crypto::SigningKey::LoadOrCreate(key.file, random));
    return contract::SignAsOfficer(bytes, officer);
  }
  ASSIGN_OR_RETURN(const Pkcs11Key officer, Pkcs11Key::Open(key.pkcs11, PinOf(key)));
  ASSIGN_OR_RETURN(std::string signature, officer.Sign(bytes));
  return contract::OfficerSignature{.officer = officer.public_key(), .signature = std::move(signature)};
}

}  // namespace

absl::StatusOr<std::string> MakeOfficerKey(const OfficerKey& key) {
  RETURN_IF_ERROR(CheckOne(key));
  if (!key.pkcs11.empty()) {
    ASSIGN_OR_RETURN(const Pkcs11Key made, Pkcs11Key::Create(key.pkcs11, PinOf(key)));
    return made.public_key();
  }
  if (FileExists(key.file)) {
    return absl::AlreadyExistsError(absl::StrCat(key.file, ": is there already; give another name"));
  }
  crypto::SystemRandom random;
  ASSIGN_OR_RETURN(const crypto::SigningKey made, crypto::SigningKey::LoadOrCreate(key.file, random));
  return made.public_key();
}

absl::Status AddOfficerSignature(absl::string_view bytes, const OfficerKey& key,
                                 std::vector<contract::OfficerSignature>& signatures) {
  RETURN_IF_ERROR(CheckOne(key));
  ASSIGN_OR_RETURN(contract::OfficerSignature signature, Sign(bytes, key));
  std::erase_if(signatures,
                [&](const contract::OfficerSignature& each) { return each.officer == signature.officer; });
  signatures.push_back(std::move(signature));
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
