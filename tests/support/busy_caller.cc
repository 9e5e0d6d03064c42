// SPDX-License-Identifier: Apache-2.0
// busy-caller: a process that keeps streams of one organization busy until it is
// killed. A process of its own, so that who measures others shares no thread
// with it.
//
//   busy-caller HOST:PORT ORGANIZATION STREAMS given|generated ROWS_PER_MESSAGE
//               ROWS_UNANSWERED_MAX [IMPORT_ID]
//
// It says `busy` when every stream has had an answer.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "tests/support/busy_stream.h"

int main(int argc, char** argv) {
  using provisioning::BusyStream;
  if (argc < 7) return 2;
  const auto channel = grpc::CreateChannel(argv[1], grpc::InsecureChannelCredentials());
  std::vector<std::unique_ptr<BusyStream>> streams;
  for (int i = 0; i < std::atoi(argv[3]); ++i) {
    streams.push_back(std::make_unique<BusyStream>(
        channel, BusyStream::Options{.organization_id = argv[2],
                                     .import_id = argc > 7 ? argv[7] : "",
                                     .given_passwords = std::string(argv[4]) == "given",
                                     .rows_per_message = std::atoi(argv[5]),
                                     .rows_unanswered_max = std::atoi(argv[6])}));
  }
  for (const auto& stream : streams) {
    if (!stream->WaitForAnswers(1)) break;
  }
  std::fprintf(stderr, "busy\n");
  // None ends by itself.
  for (const auto& stream : streams) {
    std::fprintf(stderr, "a stream ended: %s\n", stream->Wait().error_message().c_str());
  }
  return 1;
}
