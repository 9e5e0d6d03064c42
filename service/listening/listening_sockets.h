// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/listening/descriptor.h"

namespace provisioning {

// Of an IPv4 or IPv6 socket; 0: it is not bound, or none.
int LocalPortOf(int descriptor);

// The sockets that listen on HOST:PORT: one for each address of the host, all on
// one port. Nobody else can listen there meanwhile.
class ListeningSockets {
 public:
  struct Options {
    // What its sentences say first.
    std::string flag = "--listen";
    // Refuses a host that has any address but loopback ones, whatever it is called.
    bool loopback_only = false;
    // For connections: what was sent and not acknowledged for so long ends them.
    // Zero: the system's own time, some 15 minutes.
    absl::Duration unacknowledged_max = absl::ZeroDuration();
  };

  // `address`: a name, an IPv4 address or an IPv6 address in brackets, and a port;
  // without a host all addresses of the machine, with port 0 any free port.
  // `[::]` takes IPv4 as well. An address of a name that the machine does not have
  // is left out, as long as there is another one.
  //
  // UNAVAILABLE, with a sentence that names flag and address: the name is not known,
  // the port is taken or not allowed, the machine has no such address, or it is none
  // of loopback. Blocks for as long as the name takes to look up.
  static absl::StatusOr<ListeningSockets> Open(const std::string& address, const Options& options);

  int port() const { return port_; }
  // Non-blocking.
  const std::vector<Descriptor>& sockets() const { return sockets_; }
  // Nobody can connect any more, and who waited to be accepted is refused.
  void Close() { sockets_.clear(); }

 private:
  ListeningSockets() = default;

  std::vector<Descriptor> sockets_;
  int port_ = 0;
};

}  // namespace provisioning
