// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "provisioning/v1/client_provisioning_service.pb.h"
#include "tests/bench/message_stream.h"
#include "tests/support/server_process.h"

namespace provisioning {

// A folder that goes with the object.
class BenchFolder {
 public:
  BenchFolder();
  ~BenchFolder();
  BenchFolder(const BenchFolder&) = delete;
  BenchFolder& operator=(const BenchFolder&) = delete;

  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// The messages of one import: start, those of `rows`, end. Makes its import_id.
MessageStream::NextMessage ImportOf(v1::ImportStart start, MessageStream::NextMessage rows);

// A provisiond on a store of its own, both gone with the object.
class ServedStore {
 public:
  // The store begins as a copy of `database`; empty: without clients.
  explicit ServedStore(const std::string& database = "");
  // On a store that is there, as --store takes it.
  struct Address {
    std::string store;
  };
  explicit ServedStore(const Address& address);

  // Sends `rows` in one stream of an import (or validation) of `row_count` rows
  // and returns the seconds from the start to the summary. Every row must have
  // its result, in order, with `outcome`. `on_results` sees how many have come.
  double Import(const v1::ImportStart& start, MessageStream::NextMessage rows,
                std::int64_t row_count, v1::RowOutcome outcome,
                const std::function<void(std::int64_t)>& on_results = {});

  const std::string& address() const { return address_; }
  const ServerProcess& server() const { return *server_; }

 private:
  void Serve(const std::string& store);

  const BenchFolder folder_;
  std::unique_ptr<ServerProcess> server_;
  std::string address_;
};

v1::ImportStart BenchStart(bool generate_passwords, const std::string& organization_id = "bench");

}  // namespace provisioning
