// SPDX-License-Identifier: Apache-2.0
#include "service/trust/pem_check.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/trust/openssl_pointers.h"

namespace provisioning {
namespace {

BioPointer ReaderOf(const std::string& pem) {
  return BioPointer(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// As many as can be read, up to the first that cannot.
std::vector<CertificatePointer> ReadCertificates(const std::string& pem) {
  std::vector<CertificatePointer> certificates;
  const BioPointer bio = ReaderOf(pem);
  while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    certificates.emplace_back(next);
  }
  return certificates;
}

// OpenSSL's next error, if the last one was more than the end of the file.
bool EndedWell() {
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  return error == 0 ||
         (ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE);
}

// InfinitePast: it is none.
absl::Time TimeOf(const ASN1_TIME* time) {
  std::tm fields{};
  if (ASN1_TIME_to_tm(time, &fields) != 1) return absl::InfinitePast();
  return absl::FromTM(fields, absl::UTCTimeZone());
}

std::string DateOf(const ASN1_TIME* time) {
  return absl::FormatTime("%Y-%m-%d %H:%M UTC", TimeOf(time), absl::UTCTimeZone());
}

absl::Status CheckDates(const X509& certificate, absl::Time now) {
  std::time_t seconds = absl::ToTimeT(now);
  const ASN1_TIME* const begin = X509_get0_notBefore(&certificate);
  const ASN1_TIME* const end = X509_get0_notAfter(&certificate);
  if (X509_cmp_time(begin, &seconds) >= 0) {
    return absl::InvalidArgumentError(absl::StrCat("is not valid before ", DateOf(begin)));
  }
  if (X509_cmp_time(end, &seconds) <= 0) {
    return absl::InvalidArgumentError(absl::StrCat("expired at ", DateOf(end)));
  }
  return absl::OkStatus();
}

// Nobody is there to be asked for one.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*writes*/, void* /*unused*/) { return 0; }

}  // namespace

absl::Status CheckCertificate(const std::string& pem, CertificateUse use, absl::Time now) {
  ERR_clear_error();
  const std::vector<CertificatePointer> chain = ReadCertificates(pem);
  if (!EndedWell() || chain.empty()) {
    return absl::InvalidArgumentError("has no certificate in PEM form, or a broken one");
  }
  X509* const own = chain.front().get();
  if (absl::Status status = CheckDates(*own, now); !status.ok()) return status;
  const bool server = use == CertificateUse::kServer;
  if (X509_check_purpose(own, server ? X509_PURPOSE_SSL_SERVER : X509_PURPOSE_SSL_CLIENT, 0) != 1) {
    return absl::InvalidArgumentError(absl::StrCat("is made for another use: its extended key ",
                                                   "usage must have ",
                                                   server ? "serverAuth" : "clientAuth"));
  }
  return absl::OkStatus();
}

absl::Status CheckKey(const std::string& pem, const std::string& certificate_pem) {
  ERR_clear_error();
  const KeyPointer key(
      PEM_read_bio_PrivateKey(ReaderOf(pem).get(), nullptr, NoPassphrase, nullptr));
  const std::vector<CertificatePointer> chain = ReadCertificates(certificate_pem);
  absl::Status status;
  if (!key) {
    status = absl::InvalidArgumentError("has no private key in PEM form without a passphrase");
  } else if (!chain.empty() && X509_check_private_key(chain.front().get(), key.get()) != 1) {
    status = absl::InvalidArgumentError("is not the key of the certificate");
  }
  ERR_clear_error();
  return status;
}

absl::Status CheckAuthorities(const std::string& pem, absl::Time now) {
  ERR_clear_error();
  const std::vector<CertificatePointer> authorities = ReadCertificates(pem);
  if (!EndedWell() || authorities.empty()) {
    return absl::InvalidArgumentError("has no certificates in PEM form, or a broken one");
  }
  absl::Status last;
  for (const CertificatePointer& authority : authorities) {
    last = CheckDates(*authority, now);
    if (last.ok() && X509_check_ca(authority.get()) == 0) {
      last = absl::InvalidArgumentError("is no authority: its basic constraints lack CA:TRUE");
    }
    if (last.ok()) return last;
  }
  return absl::InvalidArgumentError(absl::StrCat("has no valid authority; one ", last.message()));
}

std::vector<Validity> ValiditiesOf(const std::string& pem) {
  std::vector<Validity> validities;
  for (const CertificatePointer& certificate : ReadCertificates(pem)) {
    validities.push_back({TimeOf(X509_get0_notBefore(certificate.get())),
                          TimeOf(X509_get0_notAfter(certificate.get()))});
  }
  ERR_clear_error();
  return validities;
}

}  // namespace provisioning
