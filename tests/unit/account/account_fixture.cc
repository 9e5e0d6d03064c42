// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/account/account_fixture.h"

#include <utility>
#include <variant>

#include "service/hash_format/imported_hash_reader.h"

namespace provisioning {

std::vector<std::string> RecordingStore::TakeCalls() {
  std::lock_guard lock(mutex_);
  return std::exchange(calls_, {});
}

void RecordingStore::AnswerAttempts(absl::StatusOr<AttemptAnswer> answer) {
  std::lock_guard lock(mutex_);
  answer_ = std::move(answer);
}

void RecordingStore::FailSignIns(absl::Status error) {
  std::lock_guard lock(mutex_);
  sign_in_error_ = std::move(error);
}

void RecordingStore::Note(const char* call) {
  std::lock_guard lock(mutex_);
  calls_.emplace_back(call);
}

absl::StatusOr<std::optional<SignInAccount>> RecordingStore::FindSignInAccount(
    const OrganizationId& organization_id, const std::string& email_address) {
  Note("find");
  return ForwardingStore::FindSignInAccount(organization_id, email_address);
}

absl::StatusOr<AttemptAnswer> RecordingStore::CountAttempt(const FailureKey& key,
                                                           const FailureLimits& limits,
                                                           absl::Time now) {
  Note("count");
  {
    std::lock_guard lock(mutex_);
    if (answer_) return *answer_;
  }
  return ForwardingStore::CountAttempt(key, limits, now);
}

absl::Status RecordingStore::ForgetFailures(const FailureKey& key) {
  Note("forget");
  return ForwardingStore::ForgetFailures(key);
}

void RecordingStore::RecordLocked(const OrganizationId& organization_id, const Uuid& client_id,
                                  const Caller& caller, absl::Time now) {
  Note("locked");
  ForwardingStore::RecordLocked(organization_id, client_id, caller, now);
}

absl::StatusOr<bool> RecordingStore::Activate(const Activation& activation) {
  Note("activate");
  return ForwardingStore::Activate(activation);
}

absl::Status RecordingStore::RecordSignIn(const SignIn& sign_in) {
  Note(sign_in.rehashed ? "signed in, rehashed" : "signed in");
  {
    std::lock_guard lock(mutex_);
    if (!sign_in_error_.ok()) return sign_in_error_;
  }
  return ForwardingStore::RecordSignIn(sign_in);
}

AccountFixture::AccountFixture() { Reopen(); }

void AccountFixture::SetOptions(const AccountOptions& options) {
  options_ = options;
  MakeCore();
}

void AccountFixture::SetHashCost(const HashCost& cost) {
  hash_cost_ = cost;
  MakeCore();
}

void AccountFixture::Reopen() {
  core_.reset();
  store_.reset();
  real_store_.reset();
  SqliteOptions options;
  options.path = folder_.File("clients.db");
  auto store = SqliteIdentityStore::Open(options);
  if (!store.ok()) {
    printf("%s\n", std::string(store.status().message()).c_str());
    abort();
  }
  real_store_ = *std::move(store);
  store_ = std::make_unique<RecordingStore>(*real_store_);
  MakeCore();
}

void AccountFixture::MakeCore() {
  core_.reset();
  factory_ = std::make_unique<CredentialFactory>(hash_cost_);
  core_ = std::make_unique<AccountCore>(*store_, *factory_, clock_, options_);
}

void AccountFixture::Make(const std::string& email_address, Credential credential) {
  TestImport import(*store_, clock_, organization);
  import.Claim();
  std::vector<PreparedRow> rows;
  rows.push_back(Prepare({.number = 5, .email_address = email_address}, TestCredential::kNone));
  rows.front().credential = std::move(credential);
  const auto answer = import.Commit(import.MakeBatch(std::move(rows)));
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_EQ(answer->answers.at(0).outcome, RowOutcome::kCreated);
}

std::string AccountFixture::MakeGenerated(const std::string& email_address) {
  CredentialFactory::Generated generated = factory_->Generate();
  Make(email_address, std::move(generated.credential));
  return std::string(generated.password.Reveal());
}

void AccountFixture::MakeGiven(const std::string& email_address, std::string_view password) {
  Make(email_address, factory_->Hash(SecretString(password)).value());
}

void AccountFixture::MakeActive(const std::string& email_address, std::string_view password) {
  Make(email_address, factory_->HashLasting(SecretString(password)).value());
}

void AccountFixture::MakeWithHash(const std::string& email_address, std::string_view hash) {
  Make(email_address,
       CredentialFactory::Imported(std::get<ImportedHash>(ImportedHashReader::Read(hash))));
}

SignInRequest AccountFixture::Request(const std::string& email_address,
                                      std::string_view password) const {
  return {.organization_id = organization,
          .email_address = email_address,
          .password = SecretString(password),
          .caller = caller};
}

absl::StatusOr<VerifyAnswer> AccountFixture::Verify(const std::string& email_address,
                                                    std::string_view password) {
  return core_->VerifyPassword(Request(email_address, password));
}

absl::StatusOr<ActivateAnswer> AccountFixture::Activate(const std::string& email_address,
                                                        std::string_view password,
                                                        std::string_view new_password) {
  return core_->Activate(Request(email_address, password), SecretString(new_password));
}

VerifyOutcome AccountFixture::Verified(const std::string& email_address,
                                       std::string_view password) {
  const auto answer = Verify(email_address, password);
  EXPECT_TRUE(answer.ok()) << answer.status();
  return answer.value().outcome;
}

ActivateOutcome AccountFixture::Activated(const std::string& email_address,
                                          std::string_view password,
                                          std::string_view new_password) {
  const auto answer = Activate(email_address, password, new_password);
  EXPECT_TRUE(answer.ok()) << answer.status();
  return answer.value().outcome;
}

std::optional<ClientRecord> AccountFixture::Client(const std::string& email_address) {
  return store_->GetClientByEmail(organization, email_address).value();
}

std::string AccountFixture::CredentialOf(const std::string& email_address) {
  const auto account = real_store_->FindSignInAccount(organization, email_address).value();
  return account ? account->credential : "";
}

int AccountFixture::FailuresOf(const std::string& email_address) {
  return Client(email_address)->consecutive_failures;
}

void AccountFixture::Fail(const std::string& email_address, int times) {
  for (int i = 0; i < times; ++i) {
    auto answer = Verify(email_address, wrong_password);
    if (!answer.ok()) {
      clock_.Advance(WaitOf(answer.status()).value());
      answer = Verify(email_address, wrong_password);
    }
    ASSERT_EQ(answer.value().outcome, VerifyOutcome::kWrong);
  }
}

}  // namespace provisioning
