// SPDX-License-Identifier: Apache-2.0
// Many streams on one import at once: who holds it, and what each was told.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "service/import/import_core.h"
#include "service/model/row_result.h"
#include "tests/support/watched_store.h"

namespace provisioning {

// NAME of the environment, which is printed.
std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise);

// A stream, from its start to its end, and what it was told.
struct Told {
  std::int64_t epoch = 0;
  std::int64_t answered_before = 0;
  std::int64_t settled_at_start = -1;
  absl::Status status;
  std::vector<RowResult> results;
};

// Streams that begin at random times, each from its first unanswered row, on one
// server or on several of one store.
class OwnershipRace {
 public:
  static constexpr int stream_count = 8;
  static constexpr std::int64_t row_count = 48;
  struct Server {
    ImportCore* core;
    WatchedStore* store;  // What the core works on.
  };

  OwnershipRace(std::vector<Server> servers, std::uint64_t seed)
      : servers_(std::move(servers)), random_(seed) {}

  // A round: that many streams at once; one that comes when they have ended; and
  // one whose answers are partly lost. By epoch. `name` begins all addresses.
  std::vector<Told> Run(const StreamStart& start, const std::string& name);

 private:
  class Journal;
  void RunStream(const Server& server, StreamStart start, const std::string& session,
                 Journal& journal, std::uint64_t seed);
  const Server& AnyServer() { return servers_[random_() % servers_.size()]; }

  const std::vector<Server> servers_;
  std::mt19937_64 random_;
  std::string name_;
};

// One owner at a time, one account a row, and what each stream was told is so.
void ExpectOneOwner(const std::vector<Told>& streams);
// `credential_of`: what the store has for an address.
void ExpectPasswords(
    const std::vector<Told>& streams,
    const std::function<std::string(const std::string& email_address)>& credential_of);

}  // namespace provisioning
