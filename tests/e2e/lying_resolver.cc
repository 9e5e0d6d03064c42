// SPDX-License-Identifier: Apache-2.0
// To be loaded before a program: "localhost" is every address of the machine, as where
// somebody has made it so.
#include <dlfcn.h>
#include <netdb.h>

#include <cstring>

extern "C" int getaddrinfo(const char* host, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  const bool is_localhost = host != nullptr && std::strcmp(host, "localhost") == 0;
  const auto real = reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(is_localhost ? "0.0.0.0" : host, service, hints, found);
}
