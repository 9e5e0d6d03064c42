// SPDX-License-Identifier: Apache-2.0
#include "service/server/store_address.h"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <fstream>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "service/model/error_text.h"
#include "service/store/postgres/connection_url.h"

namespace provisioning {
namespace {

constexpr char forms[] = "sqlite:PATH or postgresql://USER@HOST/DATABASE";
constexpr std::string_view sqlite_prefix = "sqlite:";
constexpr std::string_view postgres_prefixes[] = {"postgresql://", "postgres://"};

absl::Status Refused(std::string_view flag, std::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(absl::string_view(flag.data(), flag.size()), ": ",
                                                 absl::string_view(why.data(), why.size())));
}

absl::StatusOr<StoreAddress> ParseAddress(std::string_view flag, const std::string& address,
                                          bool may_have_password) {
  if (address.starts_with(sqlite_prefix) && address.size() > sqlite_prefix.size()) {
    return StoreAddress{StoreEngine::kSqlite, address.substr(sqlite_prefix.size())};
  }
  for (const std::string_view prefix : postgres_prefixes) {
    if (!address.starts_with(prefix)) continue;
    // libpq's own words may quote a part of the password.
    if (!IsConnectionUrl(address)) {
      return Refused(flag,
                     "not a URL that libpq understands; in a user or password, characters like "
                     "/ ? # @ % are written as %2F %3F %23 %40 %25");
    }
    if (!may_have_password && HasPassword(address)) {
      return Refused(flag,
                     "a password on the command line is read by every user of this machine: put "
                     "the URL into a file that only this service reads, and give --store-file");
    }
    return StoreAddress{StoreEngine::kPostgres, address};
  }
  return Refused(flag, std::string("must be ") + forms);
}

}  // namespace

void AddStoreFlags(CLI::App& command, StoreFlags& flags) {
  CLI::Option_group* group = command.add_option_group("Store", "Where the accounts are");
  group->add_option("--store", flags.store, forms);
  group->add_option("--store-file", flags.file,
                    "A file with the same in its first line, for a URL with a password");
  group->require_option(1);
}

absl::StatusOr<StoreAddress> ReadStoreAddress(const StoreFlags& flags) {
  if (flags.file.empty()) return ParseAddress("--store", flags.store, false);
  const std::string flag = "--store-file " + flags.file;
  std::ifstream file(flags.file);
  if (!file) return Refused(flag, ErrorText(errno));
  std::string line;
  std::getline(file, line);
  absl::StripAsciiWhitespace(&line);
  if (line.empty()) return Refused(flag, std::string("its first line must be ") + forms);
  return ParseAddress(flag, line, true);
}

}  // namespace provisioning
