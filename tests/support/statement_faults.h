// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace provisioning {

// What goes wrong with one statement on its way to a database.
struct StatementFault {
  enum class Kind {
    kCutBeforeForwarding,  // It never arrives, and the connection is gone.
    kCutAfterForwarding,   // It is carried out, then the connection is gone.
    kCutWithoutWaiting,    // It arrives, and the connection is gone at once.
    kError,                // The answer is `sqlstate`.
  };
  Kind kind;
  std::string sqlstate = "";
};

// Which of the statements that come to mind are hit.
struct FaultTimes {
  static constexpr int always = std::numeric_limits<int>::max();

  int skip = 0;            // The first ones are let be.
  int times = 1;           // Then as many are hit.
  double probability = 1;  // Each with this one; who is spared does not count.
};

// What is planned to go wrong. One thread at a time.
class StatementFaults {
 public:
  explicit StatementFaults(std::uint64_t seed) : random_(seed) {}

  // For statements that contain this word (or words), as ContainsWord has it.
  void Add(StatementFault fault, std::string word, FaultTimes times);
  void Clear() { plans_.clear(); }
  // What happens to the next statement; nothing, as a rule. If several are
  // planned for it, the oldest.
  std::optional<StatementFault> Next(std::string_view sql);

 private:
  struct Plan {
    StatementFault fault;
    std::string word;
    FaultTimes left;
  };

  std::vector<Plan> plans_;
  std::mt19937_64 random_;
};

// In upper or lower case, and not as a part of a longer word or name.
bool ContainsWord(std::string_view sql, std::string_view word);
// Whether it ends a transaction, so that the session is in none even if it fails.
bool IsCommit(std::string_view sql);

}  // namespace provisioning
