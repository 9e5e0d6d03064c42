// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "service/store/identity_store.h"

namespace provisioning {

// Passes everything on. A double derives from it and changes what it is about.
class ForwardingStore : public IdentityStore {
 public:
  // `store` outlives it.
  explicit ForwardingStore(IdentityStore& store) : store_(store) {}

  absl::StatusOr<ClaimedImport> ClaimImport(const ImportClaim& claim) override {
    return store_.ClaimImport(claim);
  }
  void Commit(std::shared_ptr<const ImportBatch> batch, CommitDone done) override {
    store_.Commit(std::move(batch), std::move(done));
  }
  absl::StatusOr<std::vector<std::optional<AccountFacts>>> FindAccounts(
      const OrganizationId& organization_id, std::span<const std::string> email_addresses,
      const std::optional<Uuid>& import_id) override {
    return store_.FindAccounts(organization_id, email_addresses, import_id);
  }
  absl::StatusOr<std::optional<ImportRecord>> GetImport(const ImportKey& key) override {
    return store_.GetImport(key);
  }
  absl::StatusOr<Page<ImportRecord, ImportPosition>> ListImports(
      const OrganizationId& organization_id, const std::optional<ImportPosition>& after,
      int page_size) override {
    return store_.ListImports(organization_id, after, page_size);
  }
  absl::StatusOr<std::optional<ClientRecord>> GetClient(const OrganizationId& organization_id,
                                                        const Uuid& client_id) override {
    return store_.GetClient(organization_id, client_id);
  }
  absl::StatusOr<std::optional<ClientRecord>> GetClientByEmail(
      const OrganizationId& organization_id, const std::string& email_address) override {
    return store_.GetClientByEmail(organization_id, email_address);
  }
  absl::StatusOr<Page<ClientRecord, Uuid>> ListClients(const OrganizationId& organization_id,
                                                       const ClientFilter& filter,
                                                       const std::optional<Uuid>& after,
                                                       int page_size) override {
    return store_.ListClients(organization_id, filter, after, page_size);
  }
  absl::StatusOr<std::optional<SignInAccount>> FindSignInAccount(
      const OrganizationId& organization_id, const std::string& email_address) override {
    return store_.FindSignInAccount(organization_id, email_address);
  }
  absl::StatusOr<AttemptAnswer> CountAttempt(const FailureKey& key, const FailureLimits& limits,
                                             absl::Time now) override {
    return store_.CountAttempt(key, limits, now);
  }
  absl::Status ForgetFailures(const FailureKey& key) override { return store_.ForgetFailures(key); }
  void RecordLocked(const OrganizationId& organization_id, const Uuid& client_id,
                    const Caller& caller, absl::Time now) override {
    store_.RecordLocked(organization_id, client_id, caller, now);
  }
  absl::StatusOr<bool> Activate(const Activation& activation) override {
    return store_.Activate(activation);
  }
  absl::Status RecordSignIn(const SignIn& sign_in) override { return store_.RecordSignIn(sign_in); }
  absl::StatusOr<ReissueAnswer> ReissuePassword(const Reissue& reissue) override {
    return store_.ReissuePassword(reissue);
  }
  absl::StatusOr<bool> EraseClient(const OrganizationId& organization_id, const Uuid& client_id,
                                   const Caller& caller, absl::Time now) override {
    return store_.EraseClient(organization_id, client_id, caller, now);
  }
  absl::Status BeginRevert(const ImportKey& key, const Caller& caller, absl::Time now) override {
    return store_.BeginRevert(key, caller, now);
  }
  absl::StatusOr<RevertAnswer> RevertClients(const ImportKey& key, std::int64_t after_row,
                                             int clients_max, const Caller& caller,
                                             absl::Time now) override {
    return store_.RevertClients(key, after_row, clients_max, caller, now);
  }
  absl::StatusOr<Page<AuditRecord, std::int64_t>> ListAudit(std::int64_t after,
                                                            int page_size) override {
    return store_.ListAudit(after, page_size);
  }
  absl::Status CheckReady() override { return store_.CheckReady(); }

 protected:
  IdentityStore& store_;
};

}  // namespace provisioning
