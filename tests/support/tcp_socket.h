// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace provisioning {

// Descriptors of sockets; the caller closes them. Any thread.

// Listens on a free port of 127.0.0.1.
int ListenOnLoopback();
// HOST:PORT that a socket is bound to.
std::string AddressOf(int descriptor);
// The next connection; -1: the listener was shut down.
int AcceptFrom(int listener);
// To an IPv4 HOST:PORT; -1: nobody listens there.
int ConnectTo(const std::string& target);
// The same without waiting: writable once it is connected, or never will be.
int StartConnecting(const std::string& target);
// Waits for room. False: the connection is gone.
bool SendAll(int descriptor, std::string_view bytes);

}  // namespace provisioning
