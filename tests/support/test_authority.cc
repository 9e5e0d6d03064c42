// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_authority.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstring>

#include "absl/strings/str_join.h"
#include "service/trust/openssl_pointers.h"
#include "tests/support/require.h"

namespace provisioning {
namespace {

std::string TextOf(const BioPointer& bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string PemOf(X509& certificate) {
  const BioPointer bio(BIO_new(BIO_s_mem()));
  Require(PEM_write_bio_X509(bio.get(), &certificate) == 1, "PEM_write_bio_X509");
  return TextOf(bio);
}

std::string PemOf(EVP_PKEY& key) {
  const BioPointer bio(BIO_new(BIO_s_mem()));
  Require(PEM_write_bio_PrivateKey(bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "PEM_write_bio_PrivateKey");
  return TextOf(bio);
}

void AddExtension(X509& certificate, X509& issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  Require(extension != nullptr && X509_add_ext(&certificate, extension, -1) == 1, value.c_str());
  X509_EXTENSION_free(extension);
}

// Without a signature, issued by itself.
CertificatePointer NewCertificate(const std::string& name, EVP_PKEY& key, absl::Time begin,
                                  absl::Time end) {
  CertificatePointer certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  unsigned char serial[8];
  RAND_bytes(serial, sizeof(serial));
  BIGNUM* number = BN_bin2bn(serial, sizeof(serial), nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.get()));
  BN_free(number);
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), absl::ToTimeT(begin));
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), absl::ToTimeT(end));
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  X509_set_pubkey(certificate.get(), &key);
  return certificate;
}

}  // namespace

struct TestAuthority::Signer {
  KeyPointer key;
  CertificatePointer certificate;
};

TestAuthority::TestAuthority(const std::string& name)
    : signer_(std::make_unique<Signer>(Signer{KeyPointer(EVP_EC_gen("P-256")), nullptr})) {
  EVP_PKEY& key = *signer_->key;
  signer_->certificate =
      NewCertificate(name, key, absl::Now() - absl::Hours(2), absl::Now() + absl::Hours(24));
  X509& own = *signer_->certificate;
  AddExtension(own, own, NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
  AddExtension(own, own, NID_subject_key_identifier, "hash");
  Require(X509_sign(&own, &key, EVP_sha256()) > 0, "X509_sign");
  certificate_ = PemOf(own);
}

TestAuthority::~TestAuthority() = default;

Identity TestAuthority::Issue(const Request& request) const { return Sign(request, signer_.get()); }

Identity TestAuthority::SelfSigned(const Request& request) { return Sign(request, nullptr); }

Identity TestAuthority::Sign(const Request& request, const Signer* signer) {
  const KeyPointer key(EVP_EC_gen("P-256"));
  const CertificatePointer certificate = NewCertificate("leaf", *key, request.begin, request.end);
  X509& issuer = signer == nullptr ? *certificate : *signer->certificate;
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(&issuer));
  AddExtension(*certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(*certificate, issuer, NID_key_usage, "critical,digitalSignature");
  if (!request.extended_key_usage.empty()) {
    AddExtension(*certificate, issuer, NID_ext_key_usage, request.extended_key_usage);
  }
  if (!request.names.empty()) {
    AddExtension(*certificate, issuer, NID_subject_alt_name, absl::StrJoin(request.names, ","));
  }
  EVP_PKEY* const signing = signer == nullptr ? key.get() : signer->key.get();
  Require(X509_sign(certificate.get(), signing, EVP_sha256()) > 0, "X509_sign");
  return {PemOf(*certificate), PemOf(*key)};
}

}  // namespace provisioning
