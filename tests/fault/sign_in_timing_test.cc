// SPDX-License-Identifier: Apache-2.0
// Whether somebody who measures learns from the time of a wrong password who is a
// client. Welch's t of two classes of samples that come in a random order; a check
// without the dummy hash is caught first.
//
//   SAMPLES=n of each class (default 500; the long version takes 5000); SEED=n

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "service/account/password_check.h"
#include "service/store/failure_key.h"
#include "service/store/sqlite/sqlite_identity_store.h"
#include "tests/store_contract/test_import.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace provisioning {
namespace {

// Far below what is allowed, so that the rest of a call is not lost in it.
constexpr HashCost low_cost{.memory_kib = 1024, .iterations = 1};
constexpr int samples_per_address = 5;  // Fewer than begin to be refused.
constexpr double t_max = 5;

std::int64_t FromEnvironment(const char* name, std::int64_t otherwise) {
  const char* const text = std::getenv(name);
  return text != nullptr ? std::atoll(text) : otherwise;
}

// A class: addresses that have something in common, and what their wrong passwords
// took, in microseconds.
struct AddressClass {
  std::string name;
  std::vector<std::string> addresses;
  std::vector<double> times = {};
};

// Without the slowest tenth of both, which the machine's other work makes.
double WelchT(const AddressClass& a, const AddressClass& b) {
  std::vector<double> all = a.times;
  all.insert(all.end(), b.times.begin(), b.times.end());
  std::ranges::sort(all);
  const double cut = all[all.size() * 9 / 10];
  struct Moments {
    double mean = 0, variance_of_mean = 0;
  };
  const auto moments = [cut](const std::vector<double>& times) {
    double sum = 0, squares = 0, count = 0;
    for (const double time : times) {
      if (time > cut) continue;
      sum += time;
      squares += time * time;
      ++count;
    }
    const double mean = sum / count;
    return Moments{mean, (squares / count - mean * mean) / (count - 1)};
  };
  const Moments x = moments(a.times);
  const Moments y = moments(b.times);
  const double t = (x.mean - y.mean) / std::sqrt(x.variance_of_mean + y.variance_of_mean);
  std::cout << a.name << " " << x.mean << " us, " << b.name << " " << y.mean << " us, t=" << t
            << std::endl;
  return t;
}

class SignInTimingTest : public testing::Test {
 protected:
  using Check = std::function<void(const std::string& email_address, const SecretString&)>;

  SignInTimingTest() {
    std::cout << "SAMPLES=" << samples_ << " SEED=" << seed_ << std::endl;
    store_ = *SqliteIdentityStore::Open(
        {.path = folder_.File("clients.db"), .vfs_name = "", .on_broken = {}});
    const std::int64_t count = (samples_ + samples_per_address - 1) / samples_per_address;
    for (std::int64_t i = 1; i <= count; ++i) {
      // Of the same length, and in no order that the store would notice.
      const std::string tail = std::to_string(1'000'000 + i) + "@practice.example";
      unknown_.addresses.push_back("u" + tail);
      pending_.addresses.push_back("p" + tail);
      active_.addresses.push_back("a" + tail);
    }
    MakeClients();
  }

  void MakeClients() {
    TestImport import(*store_, clock_, organization_);
    import.Claim();
    std::vector<PreparedRow> rows;
    std::int64_t number = 0;
    for (const AddressClass* made : {&pending_, &active_}) {
      for (const std::string& address : made->addresses) {
        const TestRow row{.number = ++number, .email_address = address};
        rows.push_back(Prepare(row, TestCredential::kGenerated));
        if (made == &active_) rows.back().credential = factory_.HashLasting(SecretString("own"));
      }
    }
    const auto answer = import.Commit(import.MakeBatch(std::move(rows)));
    ASSERT_TRUE(answer.ok()) << answer.status();
  }

  // The classes' times, their samples in a random order.
  void Measure(std::array<AddressClass*, 2> classes, const Check& check) {
    std::vector<std::pair<AddressClass*, std::size_t>> order;
    for (AddressClass* one : classes) {
      one->times.clear();
      for (std::int64_t i = 0; i < samples_; ++i) {
        order.emplace_back(one, static_cast<std::size_t>(i) % one->addresses.size());
      }
    }
    std::ranges::shuffle(order, random_);
    const SecretString wrong("no such password");
    for (const auto& [one, index] : order) {
      const auto begin = std::chrono::steady_clock::now();
      check(one->addresses[index], wrong);
      const std::chrono::duration<double, std::micro> time =
          std::chrono::steady_clock::now() - begin;
      one->times.push_back(time.count());
    }
    // So that nobody is locked in the next measurement.
    clock_.Advance(absl::Hours(24));
    for (AddressClass* one : classes) {
      for (const std::string& address : one->addresses) Forget(address);
    }
  }

  void Forget(const std::string& address) {
    const auto account = store_->FindSignInAccount(organization_, address);
    ASSERT_TRUE(account.ok());
    const FailureKey key =
        *account ? FailureKeyOf(organization_, (*account)->client_id, (*account)->credential)
                 : UnknownFailureKey(organization_, address);
    EXPECT_TRUE(store_->ForgetFailures(key).ok());
  }

  const std::int64_t samples_ = FromEnvironment("SAMPLES", 500);
  const std::uint64_t seed_ =
      static_cast<std::uint64_t>(FromEnvironment("SEED", std::random_device()()));
  std::mt19937_64 random_{seed_};
  const OrganizationId organization_ = Organization("practice");
  const TempFolder folder_;
  FakeClock clock_;
  const CredentialFactory factory_{low_cost};
  std::unique_ptr<IdentityStore> store_;
  AddressClass unknown_{"unknown", {}};
  AddressClass pending_{"pending", {}};
  AddressClass active_{"active", {}};
};

TEST_F(SignInTimingTest, AnUnknownAddressTakesAsLongAsAKnownOne) {
  // The twin knows at once that there is nobody.
  const Check twin = [this](const std::string& address, const SecretString& password) {
    const auto account = store_->FindSignInAccount(organization_, address);
    ASSERT_TRUE(account.ok());
    if (!*account) return;
    EXPECT_FALSE(VerifyCredential((*account)->credential, password));
  };
  Measure({&unknown_, &active_}, twin);
  ASSERT_GT(std::abs(WelchT(unknown_, active_)), t_max) << "the test sees nothing";

  const PasswordCheck check(*store_, factory_, clock_, {});
  const Check real = [this, &check](const std::string& address, const SecretString& password) {
    const auto checked = check.Check(organization_, address, password, {"test"});
    ASSERT_TRUE(checked.ok()) << checked.status();
    EXPECT_EQ(checked->verdict, CheckedPassword::Verdict::kWrong);
  };
  Measure({&unknown_, &active_}, real);
  EXPECT_LT(std::abs(WelchT(unknown_, active_)), t_max);
  Measure({&unknown_, &pending_}, real);
  EXPECT_LT(std::abs(WelchT(unknown_, pending_)), t_max);
}

}  // namespace
}  // namespace provisioning
