// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"

namespace CLI {
class App;
}

namespace provisioning {

// Names one client: by ID, which may also be an address, or by --email.
class WhichClient {
 public:
  void AddTo(CLI::App& app);

  // FAILED_PRECONDITION: it names none, or two.
  absl::Status Check() const;
  bool given() const { return !id_.empty() || !email_.empty(); }
  // As it was given.
  std::string text() const { return email_ + id_; }

  // After Check: into a request that names a client.
  template <typename Request>
  void Fill(Request& request) const {
    if (by_address()) {
      request.set_email_address(text());
    } else {
      request.set_client_id(id_);
    }
  }

 private:
  bool by_address() const { return !email_.empty() || id_.find('@') != std::string::npos; }

  std::string id_;
  std::string email_;
};

}  // namespace provisioning
