// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "service/credential/credential_factory.h"
#include "service/credential/hashing_pool.h"
#include "service/import/import_core.h"
#include "service/import/worker_pool.h"
#include "service/rules/row_rules.h"
#include "service/store/identity_store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/stream_caller.h"
#include "tests/support/temp_folder.h"

namespace provisioning {

// An import core on a real embedded store in a temp folder, with a clock that
// stands still and the cheapest hash.
class ImportFixture : public testing::Test {
 protected:
  ImportFixture();
  ~ImportFixture() override;

  // Puts a store of the test's own making between the core and the real one.
  void WrapStore(const std::function<std::unique_ptr<IdentityStore>(IdentityStore&)>& wrap);
  void SetOptions(const ImportCoreOptions& options);
  void SetRules(const RowRules::Options& options);
  void SetHashCost(const HashCost& cost);
  // Forgets the core; the next use opens the same database again.
  void Close();
  // Both.
  void Reopen();
  ImportCore& core();
  IdentityStore& store();
  HashingPool& hashing_pool();

  // A new import of the organization "practice".
  StreamStart NewStart();
  // The same, which makes the passwords that rows do not bring.
  StreamStart GeneratingStart();
  // The rows in messages of `per_message`, then end and close; the whole answer.
  struct Answers {
    absl::Status status;
    std::vector<RowResult> results;
    std::optional<StreamSummary> summary;
    std::int64_t settled_at_end = -1;
  };
  Answers Import(const StreamStart& start, std::vector<ClientRow> rows,
                 std::size_t per_message = 256);

  FakeClock clock_;
  TempFolder folder_;
  std::string database_path() const { return folder_.File("clients.db"); }

 private:
  void Open();

  ImportCoreOptions options_;
  RowRules::Options rules_options_;
  std::function<std::unique_ptr<IdentityStore>(IdentityStore&)> wrap_;
  HashCost hash_cost_{.memory_kib = 8, .iterations = 1};
  std::unique_ptr<CredentialFactory> factory_;
  std::unique_ptr<RowRules> rules_;
  std::unique_ptr<WorkerPool> workers_;
  std::unique_ptr<HashingPool> hashing_pool_;
  std::unique_ptr<IdentityStore> real_store_;
  std::unique_ptr<IdentityStore> wrapped_store_;
  std::unique_ptr<ImportCore> core_;
};

// Of "allmine", at the least cost that is taken.
inline constexpr std::string_view bcrypt_of_allmine =
    "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga";

// Row `number` about the client `name`: name@practice.example, without a password.
ClientRow MakeRow(std::int64_t number, const std::string& name);
ClientRow MakeRow(std::int64_t number, const std::string& name, std::string_view password);
// With the hash of a password instead.
ClientRow MakeRowWithHash(std::int64_t number, const std::string& name,
                          std::string_view password_hash = bcrypt_of_allmine);
// Rows `first` to `last` about clients of their own, without passwords.
std::vector<ClientRow> MakeRows(std::int64_t first, std::int64_t last);
std::vector<ClientRow> CloneRows(const std::vector<ClientRow>& rows);

}  // namespace provisioning
