// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/support/byte_buffer.h"
#include "provisioning/v1/client_provisioning_service.pb.h"
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

// A provisiond on a store of its own, both gone with the object.
class ServedStore {
 public:
  ServedStore();

  // Sends `messages` in one stream of an import (or validation) of `rows` rows
  // and returns rows per second, from the start to the summary. Every row must
  // have its result, in order, with `outcome`.
  double Import(v1::ImportStart start, const std::vector<grpc::ByteBuffer>& messages,
                std::int64_t rows, v1::RowOutcome outcome);

 private:
  const BenchFolder folder_;
  std::unique_ptr<ServerProcess> server_;
  std::string address_;
};

v1::ImportStart BenchStart(bool generate_passwords);

}  // namespace provisioning
