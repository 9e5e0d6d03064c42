// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/unit/client/fake_provisioning_server.h"
#include "tests/unit/client/temp_folder.h"

namespace provisioning {

inline constexpr char required_columns[] = "email_address,initial_password,first_name,last_name\n";
inline constexpr char good_rows[] =
    "email_address,initial_password,first_name,last_name\n"
    "a@x.example,correct horse 1,Ann,Ng\n"
    "b@x.example,correct horse 2,Ben,Ode\n";
inline constexpr char some_import_id[] = "0190a0a0-0000-7000-8000-000000000001";

// The program as a script runs it, in a folder of its own, against a server that
// can be made to fail.
class ProvisionProgram : public testing::Test {
 protected:
  struct Ran {
    int exit_code;
    std::string out;
    std::string err;
  };

  // `arguments` as a shell takes them.
  Ran Run(const std::string& arguments, const std::string& environment = "",
          const std::string& input = "/dev/null") {
    const std::string command = "cd '" + folder_.Path("") + "' && env -u PROVISION_SERVER " +
                                environment + " " + PROVISION_PROGRAM + " " + arguments + " >'" +
                                folder_.Path("out") + "' 2>'" + folder_.Path("err") + "' <'" +
                                input + "'";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, ReadText(folder_.Path("out")),
            ReadText(folder_.Path("err"))};
  }
  std::string Connection() const { return "--plaintext --server " + server_.address(); }
  Ran Import(const std::string& more = "") {
    return Run("import f.csv --organization acme " + Connection() + " " + more);
  }
  bool Exists(const std::string& name) const { return std::filesystem::exists(folder_.Path(name)); }

  FakeProvisioningServer server_;
  const TempFolder folder_;
};

}  // namespace provisioning
