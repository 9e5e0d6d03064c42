// SPDX-License-Identifier: Apache-2.0
#include "tests/support/import_fixture.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/store/sqlite/sqlite_identity_store.h"

namespace provisioning {

ImportFixture::ImportFixture() {
  // Progress comes when a test asks for it.
  options_.progress_interval = absl::ZeroDuration();
}

ImportFixture::~ImportFixture() { Close(); }

void ImportFixture::WrapStore(
    const std::function<std::unique_ptr<IdentityStore>(IdentityStore&)>& wrap) {
  wrap_ = wrap;
  Close();
}

void ImportFixture::SetOptions(const ImportCoreOptions& options) {
  options_ = options;
  Close();
}

void ImportFixture::SetRules(const RowRules::Options& options) {
  rules_options_ = options;
  Close();
}

void ImportFixture::SetHashCost(const HashCost& cost) {
  hash_cost_ = cost;
  Close();
}

void ImportFixture::Reopen() {
  Close();
  Open();
}

ImportCore& ImportFixture::core() {
  if (!core_) Open();
  return *core_;
}

IdentityStore& ImportFixture::store() {
  if (!core_) Open();
  return *real_store_;
}

HashingPool& ImportFixture::hashing_pool() {
  if (!core_) Open();
  return *hashing_pool_;
}

void ImportFixture::Open() {
  factory_ = std::make_unique<CredentialFactory>(hash_cost_);
  rules_ = std::make_unique<RowRules>(clock_, rules_options_);
  workers_ = std::make_unique<WorkerPool>(4);
  hashing_pool_ = std::make_unique<HashingPool>(2, *factory_);
  SqliteOptions options;
  options.path = database_path();
  auto store = SqliteIdentityStore::Open(options);
  if (!store.ok()) {
    printf("%s\n", std::string(store.status().message()).c_str());
    abort();
  }
  real_store_ = *std::move(store);
  if (wrap_) wrapped_store_ = wrap_(*real_store_);
  IdentityStore& used = wrapped_store_ ? *wrapped_store_ : *real_store_;
  core_ = std::make_unique<ImportCore>(
      ImportCoreDependencies{used, *rules_, *factory_, *hashing_pool_, *workers_, clock_},
      options_);
}

void ImportFixture::Close() {
  core_.reset();
  wrapped_store_.reset();
  real_store_.reset();
  hashing_pool_.reset();
  workers_.reset();
  rules_.reset();
}

StreamStart ImportFixture::NewStart() {
  return {.organization_id = *OrganizationId::Parse("practice"),
          .import_id = Uuid::NewV7(clock_.Now())};
}

StreamStart ImportFixture::GeneratingStart() {
  StreamStart start = NewStart();
  start.options.missing_password = MissingPassword::kGenerate;
  return start;
}

ImportFixture::Answers ImportFixture::Import(const StreamStart& start, std::vector<ClientRow> rows,
                                             std::size_t per_message) {
  StreamCaller caller(core());
  caller.Start(start);
  for (std::size_t begin = 0; begin < rows.size(); begin += per_message) {
    const std::size_t end = std::min(begin + per_message, rows.size());
    caller.SendRows({std::make_move_iterator(rows.begin() + static_cast<std::ptrdiff_t>(begin)),
                     std::make_move_iterator(rows.begin() + static_cast<std::ptrdiff_t>(end))});
  }
  caller.End();
  caller.Close();
  Answers answers;
  answers.status = caller.Wait();
  answers.results = caller.TakeResults();
  answers.summary = caller.summary();
  answers.settled_at_end = caller.settled_at_end();
  return answers;
}

ClientRow MakeRow(std::int64_t number, const std::string& name) {
  return MakeRow(number, name, "");
}

ClientRow MakeRow(std::int64_t number, const std::string& name, std::string_view password) {
  return {.row_number = number,
          .email_address = name + "@practice.example",
          .initial_password = SecretString(password),
          .first_name = "Ada",
          .last_name = "Byron",
          .birthdate = "19151210",
          .gender = "F"};
}

ClientRow MakeRowWithHash(std::int64_t number, const std::string& name,
                          std::string_view password_hash) {
  ClientRow row = MakeRow(number, name);
  row.password_hash = SecretString(password_hash);
  return row;
}

std::vector<ClientRow> MakeRows(std::int64_t first, std::int64_t last) {
  std::vector<ClientRow> rows;
  for (std::int64_t number = first; number <= last; ++number) {
    rows.push_back(MakeRow(number, absl::StrCat("client", number)));
  }
  return rows;
}

std::vector<ClientRow> CloneRows(const std::vector<ClientRow>& rows) {
  std::vector<ClientRow> clones;
  clones.reserve(rows.size());
  for (const ClientRow& row : rows) clones.push_back(row.Clone());
  return clones;
}

}  // namespace provisioning
