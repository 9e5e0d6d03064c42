// SPDX-License-Identifier: Apache-2.0
#include "service/server/trust_config.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "service/trust/text_file.h"
#include "spdlog/spdlog.h"

namespace provisioning {
namespace {

constexpr std::size_t pem_bytes_max = 4 << 20;

constexpr char certificate_flag[] = "--tls-cert";
constexpr char key_flag[] = "--tls-key";
constexpr char client_ca_flag[] = "--tls-client-ca";
constexpr char policy_flag[] = "--policy";

absl::Status CheckAllGiven(const TrustConfig& config) {
  const std::pair<const char*, const std::string&> files[] = {
      {certificate_flag, config.certificate},
      {key_flag, config.key},
      {client_ca_flag, config.client_ca},
      {policy_flag, config.policy}};
  std::vector<std::string> missing;
  for (const auto& [flag, path] : files) {
    if (path.empty()) missing.emplace_back(flag);
  }
  if (missing.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "TLS needs all of --tls-cert, --tls-key, --tls-client-ca and --policy; missing: ",
      absl::StrJoin(missing, ", ")));
}

std::vector<Validity> ReadValidities(const std::string& path) {
  const auto pem = ReadTextFile(path, pem_bytes_max);
  return pem.ok() ? ValiditiesOf(*pem) : std::vector<Validity>();
}

// Reads PEM files, and keeps what is wrong with them.
class PemFiles {
 public:
  // Nothing: none was given, or it cannot be read.
  std::optional<std::string> Read(const char* flag, const std::string& path) {
    if (path.empty()) return std::nullopt;
    auto pem = ReadTextFile(path, pem_bytes_max);
    if (pem.ok()) return *std::move(pem);
    problems_.push_back(absl::StrCat(flag, " ", pem.status().message()));
    return std::nullopt;
  }
  void Judge(const char* flag, const std::string& path, const absl::Status& status) {
    if (!status.ok()) problems_.push_back(absl::StrCat(flag, " ", path, ": ", status.message()));
  }
  std::vector<std::string> problems() && { return std::move(problems_); }

 private:
  std::vector<std::string> problems_;
};

}  // namespace

void AddTrustFlags(CLI::App& command, TrustConfig& config) {
  const std::string group = "Who may call (all four; each file is read again when it changes)";
  command
      .add_option(certificate_flag, config.certificate,
                  "The certificate to show to callers, with those between it and its CA (PEM)")
      ->type_name("FILE")
      ->group(group);
  command.add_option(key_flag, config.key, "The private key of --tls-cert (PEM)")
      ->type_name("FILE")
      ->group(group);
  command
      .add_option(client_ca_flag, config.client_ca,
                  "Callers must show a certificate that one of these vouches for (PEM)")
      ->type_name("FILE")
      ->group(group);
  command
      .add_option(policy_flag, config.policy,
                  "Which callers may do what, in which organizations (JSON)")
      ->type_name("FILE")
      ->group(group);
}

absl::Status CheckTrustFlags(const TrustConfig& config, bool insecure_loopback) {
  const bool any = !config.certificate.empty() || !config.key.empty() ||
                   !config.client_ca.empty() || !config.policy.empty();
  if (any && insecure_loopback) {
    return absl::InvalidArgumentError(
        "--insecure-loopback is plaintext, and excludes --tls-cert, --tls-key, --tls-client-ca "
        "and --policy");
  }
  if (any) return CheckAllGiven(config);
  if (insecure_loopback) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "without TLS this server speaks plaintext: give --tls-cert, --tls-key, --tls-client-ca and "
      "--policy; or say --insecure-loopback to let it do so on a loopback address, for "
      "development");
}

std::vector<std::string> FindTlsProblems(const TrustConfig& config, absl::Time now) {
  PemFiles files;
  const auto certificate = files.Read(certificate_flag, config.certificate);
  const auto key = files.Read(key_flag, config.key);
  const auto client_ca = files.Read(client_ca_flag, config.client_ca);
  if (certificate) {
    files.Judge(certificate_flag, config.certificate,
                CheckCertificate(*certificate, CertificateUse::kServer, now));
  }
  if (key) files.Judge(key_flag, config.key, CheckKey(*key, certificate.value_or("")));
  if (client_ca) files.Judge(client_ca_flag, config.client_ca, CheckAuthorities(*client_ca, now));
  return std::move(files).problems();
}

std::vector<std::string> FindTrustProblems(const TrustConfig& config, absl::Time now) {
  std::vector<std::string> problems = FindTlsProblems(config, now);
  if (config.policy.empty()) return problems;
  if (const auto policy = ReadPolicyFile(config.policy); !policy.ok()) {
    problems.push_back(absl::StrCat(policy_flag, " ", policy.status().message()));
  }
  return problems;
}

Validity CertificateValidity(const TrustConfig& config) {
  const auto chain = ReadValidities(config.certificate);
  if (chain.empty()) return {.begin = absl::UnixEpoch(), .end = absl::UnixEpoch()};
  return {.begin = std::max(chain.front().begin, absl::UnixEpoch()),
          .end = std::max(chain.front().end, absl::UnixEpoch())};
}

absl::Time ClientCaExpiry(const TrustConfig& config) {
  const auto authorities = ReadValidities(config.client_ca);
  const auto first = std::ranges::min_element(authorities, {}, &Validity::end);
  return first == authorities.end() ? absl::UnixEpoch() : std::max(first->end, absl::UnixEpoch());
}

absl::StatusOr<std::unique_ptr<PolicyFile>> OpenPolicy(const TrustConfig& config,
                                                       AccessControl& access) {
  PolicyFile::Options options;
  options.path = config.policy;
  options.tell = [path = config.policy](const absl::Status& status) {
    if (status.ok()) return spdlog::info("a new policy holds: {}", path);
    spdlog::error("the new policy is not taken, the one before it holds on: {}",
                  std::string(status.message()));
  };
  return PolicyFile::Open(options, access);
}

}  // namespace provisioning
