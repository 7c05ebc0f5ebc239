#include "coordinator/cli/officer_key.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
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

// Holds back, while it lives, the signals that would end or stop the program; what came meanwhile takes
// effect after.
class HeldSignals {
 public:
  HeldSignals() {
    sigset_t held;
    sigemptyset(&held);
    for (const int each : {SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGTSTP}) sigaddset(&held, each);
    ::pthread_sigmask(SIG_BLOCK, &held, &before_);
    come_ = ::signalfd(-1, &held, SFD_CLOEXEC);
  }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;
  ~HeldSignals() {
    if (come_ >= 0) ::close(come_);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

  // False where a signal came before there was anything to read.
  bool WaitToRead(int file) const {
    std::array<pollfd, 2> either = {{{come_, POLLIN, 0}, {file, POLLIN, 0}}};
    return come_ >= 0 && ::poll(either.data(), either.size(), -1) > 0 && either[0].revents == 0;
  }

 private:
  sigset_t before_{};
  int come_ = -1;
};

// Typed unseen at the terminal, whatever standard input is. The terminal shows what is typed again, whatever
// ends this.
absl::StatusOr<crypto::SecretBytes> PinFromTerminal() {
  const HeldSignals signals;
  const int terminal = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  termios before{};
  if (terminal < 0 || ::tcgetattr(terminal, &before) != 0) {
    if (terminal >= 0) ::close(terminal);
    return absl::FailedPreconditionError(
        "the PKCS#11 token wants a PIN, and there is no terminal to ask for it; give --pin-file FILE");
  }
  const absl::Cleanup restore = [&] {
    ::tcsetattr(terminal, TCSAFLUSH, &before);  // the rest of a line too long is nobody's command
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
  const ssize_t size =
      signals.WaitToRead(terminal) ? ::read(terminal, bytes.data(), bytes.size()) : ssize_t{0};
  if (::write(terminal, "\n", 1) < 0 || size <= 0 || bytes[0] == '\n') {
    return absl::InvalidArgumentError("no PIN was typed");
  }
  const auto last = static_cast<std::size_t>(size) - 1;
  if (bytes[last] != '\n') {
    return absl::InvalidArgumentError(
        absl::StrCat("the PIN has ", kMostPinBytes, " bytes or more, or no Enter after it"));
  }
  return crypto::SecretBytes(typed.RevealSecretText().substr(0, last));
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
