#include "coordinator/cli/pkcs11_key.h"

#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "base/status.h"
#include "crypto/signature.h"

namespace waymark::coordinator {
namespace {

constexpr CK_ULONG kMostSlots = 256;
// What a token gives as an Ed25519 public key is these 32 bytes, as most give them in an OCTET STRING.
constexpr std::array<unsigned char, 2> kOctetString = {0x04, 0x20};
// OBJECT IDENTIFIER 1.3.101.112, and the PrintableString that PKCS#11 3.0 has for it: tokens take one or
// both.
constexpr std::array<unsigned char, 5> kEd25519Oid = {0x06, 0x03, 0x2b, 0x65, 0x70};
constexpr absl::string_view kEd25519Name =
    "\x13\x0c"
    "edwards25519";

struct FreeUri {
  void operator()(P11KitUri* uri) const { p11_kit_uri_free(uri); }
};
using Uri = std::unique_ptr<P11KitUri, FreeUri>;

absl::Status Failed(absl::string_view what, CK_RV code) {
  return absl::UnavailableError(
      absl::StrCat("the PKCS#11 token failed to ", what, ": ", p11_kit_strerror(code)));
}

absl::StatusOr<Uri> Parse(const std::string& text) {
  Uri uri(p11_kit_uri_new());
  const int code = p11_kit_uri_parse(text.c_str(), P11_KIT_URI_FOR_ANY, uri.get());
  if (code != P11_KIT_URI_OK || p11_kit_uri_any_unrecognized(uri.get()) != 0) {
    return absl::InvalidArgumentError(
        "the PKCS#11 URI cannot be read; expected one as "
        "\"pkcs11:token=NAME;object=KEY?module-path=/usr/lib/softhsm/libsofthsm2.so\"");
  }
  if (p11_kit_uri_get_pin_value(uri.get()) != nullptr || p11_kit_uri_get_pin_source(uri.get()) != nullptr) {
    return absl::InvalidArgumentError(
        "the PKCS#11 URI says the PIN, or where it is: a command line is read by others. Leave it out; the "
        "PIN "
        "is asked for, or give --pin-file");
  }
  if (p11_kit_uri_get_attribute(uri.get(), CKA_LABEL) == nullptr &&
      p11_kit_uri_get_attribute(uri.get(), CKA_ID) == nullptr) {
    return absl::InvalidArgumentError("the PKCS#11 URI names no key; add object=NAME or id=%01");
  }
  return uri;
}

// The modules that are loaded, and let go with it.
class Modules {
 public:
  static absl::StatusOr<Modules> Load(const char* path) {
    Modules modules;
    if (path == nullptr) {
      modules.registered_ = p11_kit_modules_load_and_initialize(0);
      for (CK_FUNCTION_LIST** each = modules.registered_; each != nullptr && *each != nullptr; ++each) {
        modules.list_.push_back(*each);
      }
      return modules;
    }
    CK_FUNCTION_LIST* const module = p11_kit_module_load(path, P11_KIT_MODULE_CRITICAL);
    if (module == nullptr) {
      return absl::UnavailableError(absl::StrCat("the PKCS#11 module ", path, " cannot be loaded: ",
                                                 p11_kit_message() == nullptr ? "" : p11_kit_message()));
    }
    modules.named_ = module;
    if (const CK_RV code = p11_kit_module_initialize(module); code != CKR_OK) {
      return Failed("start", code);
    }
    modules.named_runs_ = true;
    modules.list_.push_back(module);
    return modules;
  }

  Modules(Modules&& other) noexcept
      : registered_(std::exchange(other.registered_, nullptr)),
        named_(std::exchange(other.named_, nullptr)),
        named_runs_(other.named_runs_),
        list_(std::move(other.list_)) {}
  ~Modules() {
    if (registered_ != nullptr) p11_kit_modules_finalize_and_release(registered_);
    if (named_ == nullptr) return;
    if (named_runs_) p11_kit_module_finalize(named_);
    p11_kit_module_release(named_);
  }

  const std::vector<CK_FUNCTION_LIST*>& list() const { return list_; }

 private:
  Modules() = default;
  CK_FUNCTION_LIST** registered_ = nullptr;
  CK_FUNCTION_LIST* named_ = nullptr;
  bool named_runs_ = false;
  std::vector<CK_FUNCTION_LIST*> list_;
};

struct Slot {
  CK_FUNCTION_LIST* module = nullptr;
  CK_SLOT_ID id = 0;
};

std::string LabelOf(const CK_TOKEN_INFO& info) {
  const std::string padded(reinterpret_cast<const char*>(info.label), sizeof info.label);
  return padded.substr(0, padded.find_last_not_of(' ') + 1);
}

absl::StatusOr<Slot> FindSlot(const Modules& modules, P11KitUri* uri) {
  std::vector<Slot> fitting;
  std::vector<std::string> present;
  for (CK_FUNCTION_LIST* const module : modules.list()) {
    std::array<CK_SLOT_ID, kMostSlots> ids{};
    CK_ULONG count = ids.size();
    if (module->C_GetSlotList(CK_TRUE, ids.data(), &count) != CKR_OK) continue;
    for (const CK_SLOT_ID id : absl::MakeSpan(ids).first(count)) {
      CK_TOKEN_INFO info{};
      if (module->C_GetTokenInfo(id, &info) != CKR_OK || (info.flags & CKF_TOKEN_INITIALIZED) == 0) continue;
      present.push_back(absl::StrCat("\"", LabelOf(info), "\""));
      if (p11_kit_uri_match_token_info(uri, &info) == 1) fitting.push_back({.module = module, .id = id});
    }
  }
  if (fitting.size() == 1) return fitting[0];
  std::sort(present.begin(), present.end());
  const std::string there =
      present.empty() ? "there is none at all" : absl::StrCat("there are ", absl::StrJoin(present, ", "));
  if (fitting.empty()) {
    return absl::NotFoundError(absl::StrCat("no PKCS#11 token fits the URI; ", there,
                                            ". Plug it in, and check token= and module-path="));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      fitting.size(), " PKCS#11 tokens fit the URI; name one by token= or serial= (", there, ")"));
}

absl::Status LogIn(CK_FUNCTION_LIST* module, CK_SESSION_HANDLE session, const crypto::SecretBytes& pin) {
  const absl::Span<const std::uint8_t> bytes = pin.RevealSecret();
  const CK_RV code =
      module->C_Login(session, CKU_USER, const_cast<unsigned char*>(bytes.data()), bytes.size());
  switch (code) {
    case CKR_OK:
    case CKR_USER_ALREADY_LOGGED_IN:
      return absl::OkStatus();
    case CKR_PIN_INCORRECT:
    case CKR_PIN_INVALID:
    case CKR_PIN_LEN_RANGE:
      return absl::UnauthenticatedError(
          "the PKCS#11 token refused the PIN; after a few wrong ones it locks itself");
    case CKR_PIN_LOCKED:
      return absl::UnauthenticatedError(
          "the PKCS#11 token has locked itself after wrong PINs; its security officer can unlock it");
    default:
      return Failed("log in", code);
  }
}

using Attributes = std::vector<CK_ATTRIBUTE>;

// What the URI says of the object, and of which class it is to be; `object_class` must outlive it.
Attributes NamedBy(P11KitUri* uri, CK_OBJECT_CLASS& object_class) {
  Attributes wanted = {{CKA_CLASS, &object_class, sizeof object_class}};
  for (const CK_ATTRIBUTE_TYPE type : {CKA_LABEL, CKA_ID}) {
    if (CK_ATTRIBUTE* const found = p11_kit_uri_get_attribute(uri, type)) wanted.push_back(*found);
  }
  return wanted;
}

}  // namespace

// One that is logged in, and the pair of keys that was found with it.
struct Pkcs11Session {
  explicit Pkcs11Session(Modules loaded) : modules(std::move(loaded)) {}
  Pkcs11Session(const Pkcs11Session&) = delete;
  Pkcs11Session& operator=(const Pkcs11Session&) = delete;
  ~Pkcs11Session() {
    if (handle == CK_INVALID_HANDLE) return;
    slot.module->C_Logout(handle);
    slot.module->C_CloseSession(handle);
  }

  absl::StatusOr<std::vector<CK_OBJECT_HANDLE>> Find(Attributes wanted) const {
    std::array<CK_OBJECT_HANDLE, 2> found{};
    CK_ULONG count = 0;
    CK_RV code = slot.module->C_FindObjectsInit(handle, wanted.data(), wanted.size());
    if (code == CKR_OK) {
      code = slot.module->C_FindObjects(handle, found.data(), found.size(), &count);
      slot.module->C_FindObjectsFinal(handle);
    }
    if (code != CKR_OK) return Failed("look for the key", code);
    return std::vector<CK_OBJECT_HANDLE>(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count));
  }

  // "" where it has no such attribute.
  std::string Attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
    std::string bytes(256, '\0');
    CK_ATTRIBUTE attribute = {type, bytes.data(), bytes.size()};
    const CK_RV code = slot.module->C_GetAttributeValue(handle, object, &attribute, 1);
    bytes.resize(code == CKR_OK && attribute.ulValueLen <= bytes.size() ? attribute.ulValueLen : 0);
    return bytes;
  }

  Modules modules;
  Slot slot;
  CK_SESSION_HANDLE handle = CK_INVALID_HANDLE;
  CK_OBJECT_HANDLE private_key = CK_INVALID_HANDLE;
  std::string public_key;
};

namespace {

using SessionPtr = std::unique_ptr<Pkcs11Session>;

absl::StatusOr<SessionPtr> Connect(P11KitUri* uri, const PinSource& pin, CK_FLAGS flags) {
  ASSIGN_OR_RETURN(Modules modules, Modules::Load(p11_kit_uri_get_module_path(uri)));
  auto session = std::make_unique<Pkcs11Session>(std::move(modules));
  ASSIGN_OR_RETURN(session->slot, FindSlot(session->modules, uri));
  ASSIGN_OR_RETURN(const crypto::SecretBytes secret, pin());
  CK_FUNCTION_LIST* const module = session->slot.module;
  const CK_RV code =
      module->C_OpenSession(session->slot.id, CKF_SERIAL_SESSION | flags, nullptr, nullptr, &session->handle);
  if (code != CKR_OK) return Failed("open a session", code);
  RETURN_IF_ERROR(LogIn(module, session->handle, secret));
  return session;
}

// The public key that stands under the private one's id, or where that has none under the URI's names.
absl::Status TakePublicKey(Pkcs11Session& session, P11KitUri* uri) {
  CK_OBJECT_CLASS object_class = CKO_PUBLIC_KEY;
  Attributes wanted = NamedBy(uri, object_class);
  std::string id = session.Attribute(session.private_key, CKA_ID);
  if (!id.empty()) wanted = {wanted.front(), {CKA_ID, id.data(), id.size()}};
  ASSIGN_OR_RETURN(const auto found, session.Find(wanted));
  if (found.size() == 1) {
    std::string point = session.Attribute(found[0], CKA_EC_POINT);
    if (point.size() == kOctetString.size() + crypto::kEd25519PublicKeyBytes &&
        std::equal(kOctetString.begin(), kOctetString.end(), point.begin(),
                   [](unsigned char a, char b) { return a == static_cast<unsigned char>(b); })) {
      point.erase(0, kOctetString.size());
    }
    if (point.size() == crypto::kEd25519PublicKeyBytes) {
      session.public_key = point;  // no move: GCC 12 then warns of what it inlines (array-bounds)
      return absl::OkStatus();
    }
  }
  return absl::FailedPreconditionError(
      "the PKCS#11 token has no public key beside the private one; put it there under the same id");
}

// Finds the pair, of a session that has none yet.
absl::Status TakeKey(Pkcs11Session& session, P11KitUri* uri) {
  CK_OBJECT_CLASS object_class = CKO_PRIVATE_KEY;
  ASSIGN_OR_RETURN(const auto found, session.Find(NamedBy(uri, object_class)));
  if (found.empty()) {
    return absl::NotFoundError(
        "the PKCS#11 token has no private key under the URI's object or id; check both, or make one with "
        "`waymark-coordinator roster new-key --pkcs11`");
  }
  if (found.size() > 1) {
    return absl::InvalidArgumentError(
        "several private keys of the PKCS#11 token fit the URI; name one by id=");
  }
  const std::string type = session.Attribute(found[0], CKA_KEY_TYPE);
  CK_KEY_TYPE key_type = 0;
  if (type.size() == sizeof key_type)
    std::copy_n(type.begin(), type.size(), reinterpret_cast<char*>(&key_type));
  if (key_type != CKK_EC_EDWARDS) {
    return absl::FailedPreconditionError(
        "the PKCS#11 token's key under the URI is of another kind; officers sign with Ed25519 keys");
  }
  session.private_key = found[0];
  return TakePublicKey(session, uri);
}

// What a pair made under the URI is to be called, its id last: the URI's, or else the name itself, since the
// two halves are one by their id.
Attributes NamesOf(P11KitUri* uri) {
  CK_OBJECT_CLASS unused = 0;
  Attributes all = NamedBy(uri, unused);
  all.erase(all.begin());
  if (p11_kit_uri_get_attribute(uri, CKA_ID) == nullptr) {
    all.push_back(all.front());
    all.back().type = CKA_ID;
  }
  return all;
}

// ALREADY_EXISTS where a key of the token has the URI's names, or the id that a new pair would get: half of
// another pair is enough for nobody to tell the two apart.
absl::Status CheckNoneThere(const Pkcs11Session& session, P11KitUri* uri) {
  for (CK_OBJECT_CLASS object_class : {CKO_PRIVATE_KEY, CKO_PUBLIC_KEY}) {
    const Attributes named = NamedBy(uri, object_class);
    for (const Attributes& wanted : {named, Attributes{named.front(), NamesOf(uri).back()}}) {
      ASSIGN_OR_RETURN(const auto found, session.Find(wanted));
      if (found.empty()) continue;
      return absl::AlreadyExistsError(
          "the PKCS#11 token has a key under the URI's object or id already (without an id= a new key's is "
          "its object's name); give another name");
    }
  }
  return absl::OkStatus();
}

CK_RV Generate(const Pkcs11Session& session, P11KitUri* uri, absl::string_view curve) {
  const Attributes named = NamesOf(uri);
  CK_BBOOL yes = CK_TRUE;
  CK_BBOOL no = CK_FALSE;
  std::string parameters(curve);
  Attributes open = {{CKA_EC_PARAMS, parameters.data(), parameters.size()},
                     {CKA_TOKEN, &yes, sizeof yes},
                     {CKA_VERIFY, &yes, sizeof yes}};
  Attributes secret = {{CKA_TOKEN, &yes, sizeof yes},
                       {CKA_PRIVATE, &yes, sizeof yes},
                       {CKA_SENSITIVE, &yes, sizeof yes},
                       {CKA_EXTRACTABLE, &no, sizeof no},
                       {CKA_SIGN, &yes, sizeof yes}};
  open.insert(open.end(), named.begin(), named.end());
  secret.insert(secret.end(), named.begin(), named.end());
  CK_MECHANISM mechanism = {CKM_EC_EDWARDS_KEY_PAIR_GEN, nullptr, 0};
  CK_OBJECT_HANDLE made_open = CK_INVALID_HANDLE;
  CK_OBJECT_HANDLE made_secret = CK_INVALID_HANDLE;
  return session.slot.module->C_GenerateKeyPair(session.handle, &mechanism, open.data(), open.size(),
                                                secret.data(), secret.size(), &made_open, &made_secret);
}

}  // namespace

Pkcs11Key::Pkcs11Key(std::unique_ptr<Pkcs11Session> session) : session_(std::move(session)) {}
Pkcs11Key::Pkcs11Key(Pkcs11Key&&) noexcept = default;
Pkcs11Key::~Pkcs11Key() = default;

const std::string& Pkcs11Key::public_key() const {
  return session_->public_key;
}

absl::StatusOr<Pkcs11Key> Pkcs11Key::Open(const std::string& text, const PinSource& pin) {
  ASSIGN_OR_RETURN(const Uri uri, Parse(text));
  ASSIGN_OR_RETURN(SessionPtr session, Connect(uri.get(), pin, 0));
  RETURN_IF_ERROR(TakeKey(*session, uri.get()));
  return Pkcs11Key(std::move(session));
}

absl::StatusOr<Pkcs11Key> Pkcs11Key::Create(const std::string& text, const PinSource& pin) {
  ASSIGN_OR_RETURN(const Uri uri, Parse(text));
  ASSIGN_OR_RETURN(SessionPtr session, Connect(uri.get(), pin, CKF_RW_SESSION));
  RETURN_IF_ERROR(CheckNoneThere(*session, uri.get()));
  CK_RV code = Generate(*session, uri.get(), kEd25519Name);
  if (code != CKR_OK) {
    code = Generate(*session, uri.get(),
                    {reinterpret_cast<const char*>(kEd25519Oid.data()), kEd25519Oid.size()});
  }
  if (code != CKR_OK) return Failed("make an Ed25519 key", code);
  RETURN_IF_ERROR(TakeKey(*session, uri.get()));
  return Pkcs11Key(std::move(session));
}

absl::StatusOr<std::string> Pkcs11Key::Sign(absl::string_view message) const {
  CK_FUNCTION_LIST* const module = session_->slot.module;
  CK_MECHANISM mechanism = {CKM_EDDSA, nullptr, 0};
  std::string bytes(message);  // the interface takes no constant
  std::string signature(crypto::kEd25519SignatureBytes, '\0');
  CK_ULONG size = signature.size();
  CK_RV code = module->C_SignInit(session_->handle, &mechanism, session_->private_key);
  if (code == CKR_OK) {
    code = module->C_Sign(session_->handle, reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(),
                          reinterpret_cast<unsigned char*>(signature.data()), &size);
  }
  if (code != CKR_OK) return Failed("sign", code);
  if (size != signature.size() || !crypto::VerifySignature(public_key(), message, signature).ok()) {
    return absl::FailedPreconditionError(
        "what the PKCS#11 token signed is not by the public key that it has under the same id");
  }
  return signature;
}

}  // namespace waymark::coordinator
