# SPDX-License-Identifier: Apache-2.0
"""A small broken twin for every check: each must be caught, and what is right must not be."""

import building
import layering
import sizes
import wording

_SPDX = "// SPDX-License-Identifier: Apache-2.0\n"


def _with(text):
    return _SPDX + text


# check -> [(files that it must complain about, files that it must let pass)]
TWINS = {
    layering.include_edges: [
        ({"service/model/a.h": '#include "service/rules/b.h"\n'},
         {"service/rules/b.h": '#include "service/model/a.h"\n'}),
        ({"service/import/a.cc": '#include "service/store/sqlite/b.h"\n'},
         {"service/server/a.cc": '#include "service/store/sqlite/b.h"\n'}),
        ({"service/import/a.cc": '#include "service/rpc/b.h"\n'},
         {"service/rpc/a.cc": '#include "service/import/b.h"\n'}),
        ({"client/csv/a.cc": '#include "service/credential/b.h"\n'},
         {"client/csv/a.cc": '#include "service/rules/b.h"\n#include "client/b.h"\n'}),
        ({"service/rules/a.cc": '#include "service/credential/b.h"\n'},
         {"service/import/a.cc": '#include "service/credential/b.h"\n'}),
        ({"client/a.cc": '#include "tests/support/b.h"\n'}, {}),
        ({"service/sundry/a.cc": "\n#include \"service/sundry/b.h\"\n"}, {}),
    ],
    layering.local_includes_exist: [
        ({"service/model/a.cc": '#include "a.h"\n', "service/model/a.h": ""},
         {"service/model/a.cc": '#include "service/model/a.h"\n', "service/model/a.h": ""}),
    ],
    layering.placed_headers: [
        ({"service/import/a.cc": "#include <grpcpp/grpcpp.h>\n"},
         {"service/rpc/a.cc": "#include <grpcpp/grpcpp.h>\n"}),
        ({"service/import/a.cc": '#include "provisioning/v1/import.pb.h"\n'},
         {"service/rpc/a.cc": '#include "provisioning/v1/import.pb.h"\n'}),
        ({"service/store/a.cc": "#include <sqlite3.h>\n"},
         {"service/store/sqlite/a.cc": "#include <sqlite3.h>\n"}),
        ({"service/rpc/a.cc": "#include <sodium.h>\n"},
         {"service/credential/a.cc": "#include <sodium.h>\n"}),
        ({"service/hash_format/a.cc": "#include <crypt.h>\n"},
         {"service/credential/a.cc": "#include <crypt.h>\n"}),
        ({"service/model/a.h": "#include <gtest/gtest.h>\n"},
         {"tests/unit/model/a.cc": "#include <gtest/gtest.h>\n// #include <x/y.h>\n"}),
    ],
    layering.placed_sql: [
        ({"service/import/a.cc": 'Run("SELECT 1");\n'},
         {"service/store/sqlite/a.cc": 'Run("SELECT 1");\n',
          "service/import/b.cc": '// "SELECT 1"\n'}),
        ({"client/a.cc": 'Run(R"sql(\n  INSERT INTO t VALUES (1))sql");\n'},
         {"client/a.cc": 'Say("Select a file");\n'}),
    ],
    layering.placed_metrics: [
        ({"service/import/a.cc": 'Count("provisioning_rows_total");\n'},
         {"service/signals/metrics.cc": 'Declare("provisioning_rows_total");\n',
          "service/server/a.cc": 'Log("grpc_server of provisioning_x is process_1");\n'}),
        ({"service/signals/b.cc": 'Declare("grpc_server_started_total");\n'}, {}),
    ],
    layering.include_cycles: [
        ({"service/model/a.h": '#include "service/model/b.h"\n',
          "service/model/b.h": '#include "service/model/c.h"\n',
          "service/model/c.h": '#include "service/model/a.h"\n'},
         {"service/model/a.h": '#include "service/model/b.h"\n#include "service/model/c.h"\n',
          "service/model/b.h": '#include "service/model/c.h"\n',
          "service/model/c.h": ""}),
    ],
    wording.licence: [
        ({"service/model/a.h": "#pragma once\n"}, {"service/model/a.h": _SPDX}),
        ({"proto/provisioning/v1/a.proto": 'syntax = "proto3";\n'},
         {"proto/google/rpc/a.proto": "// Copyright of others\n"}),
        ({"tests/a.sh": "#!/bin/sh\nset -e\n"},
         {"tests/a.sh": "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n"}),
    ],
    wording.header_opening: [
        ({"service/model/a.h": _with("namespace provisioning {}\n")},
         {"service/model/a.h": _with("#pragma once\nnamespace provisioning {}\n")}),
        ({"client/a.h": _with("#pragma once\nstruct A {};\n")},
         {"client/a.h": _with("#pragma once\nnamespace provisioning::csv {}\n")}),
    ],
    wording.forbidden_phrases: [
        ({"service/import/a.cc": "absl::MutexLock lock(&mutex_);\n"},
         {"service/import/a.cc": "// absl::Mutex is not used.\nstd::mutex m;\n",
          "service/server/b.cc": "absl::SetMutexDeadlockDetectionMode(x);\n"}),
        ({"service/rpc/a.cc": 'gpr_log(GPR_ERROR, "x");\n'},
         {"service/rpc/a.cc": 'Log("gpr_log");\n'}),
        ({"client/a.cc": 'auto s = std::format("{}", 1);\n'}, {}),
        ({"tests/unit/model/a.cc": "using namespace std;\n"},
         {"tests/unit/model/a.cc": "void F() {\n  using namespace x;\n}\n",
          "client/a.cc": "using namespace std::string_view_literals;\n"}),
        ({"service/import/a.cc": "std::cout << 1;\n"}, {"client/a.cc": "std::cout << 1;\n"}),
        ({"service/rpc/a.cc": 'printf("x");\n'},
         {"service/main.cc": 'printf("x");\n', "service/rpc/a.cc": 'snprintf(b, 1, "x");\n'}),
        ({"tests/unit/import/a.cc": "std::this_thread::sleep_for(x);\n"}, {}),
        ({"service/model/a.cc": "int n = 1'000; int m = atoi(text); int o = 1'000;\n"},
         {"service/model/a.cc": "int n = 1'000'000;\n"}),
    ],
    wording.forbidden_headers: [
        ({"service/rpc/a.cc": "#include <grpcpp/impl/codegen/sync.h>\n"},
         {"service/rpc/a.cc": "#include <grpcpp/server.h>\n"}),
        ({"client/a.cc": "#include <format>\n"}, {"client/a.cc": "// #include <format>\n"}),
    ],
    wording.revealed_secrets: [
        ({"service/import/a.cc": "Log(password.Reveal());\n"},
         {"service/credential/credential_factory.cc": "Hash(password.Reveal());\n",
          "service/import/a.cc": "// Reveal() is not called here.\n"}),
    ],
    wording.banners: [
        ({"service/model/a.cc": "// =======\n// Part 2\n"},
         {"service/model/a.cc": "// -- so --\n"}),
    ],
    wording.names: [
        ({"service/model/string_utils.h": ""}, {"service/model/utilization.h": ""}),
        ({"service/common/a.h": ""}, {"service/model/a.h": ""}),
        ({"client/a.cpp": ""}, {"client/a.cc": ""}),
        ({"client/ImportSession.cc": ""}, {"client/import_session.cc": ""}),
    ],
    wording.top_level: [
        ({"scripts/a.sh": ""}, {"proto/buf.yaml": "", ".ci/run": "", "README.md": ""}),
        ({"NOTES.md": ""}, {"service/README.md": ""}),
    ],
    wording.columns: [
        ({"client/a.cc": "x" * 101 + "\n"}, {"client/a.cc": "ü" * 100 + "\n"}),
        ({"client/a.cc": "int a; \n"}, {"client/a.cc": "int a;\n"}),
    ],
    building.sources_are_built: [
        ({"client/CMakeLists.txt": "add_executable(p main.cc)\n", "client/b.cc": ""},
         {"client/CMakeLists.txt": "add_executable(p main.cc csv/b.cc)\n",
          "client/main.cc": "", "client/csv/b.cc": ""}),
        ({"client/CMakeLists.txt": "add_executable(p table.cc # able.cc\n)\n",
          "client/able.cc": ""}, {}),
    ],
    building.folders_are_added: [
        ({"CMakeLists.txt": "add_subdirectory(client)\n", "service/CMakeLists.txt": "\n"},
         {"CMakeLists.txt": "add_subdirectory(client)\n", "client/CMakeLists.txt": "\n"}),
        ({"CMakeLists.txt": "# add_subdirectory(client)\n", "client/CMakeLists.txt": "\n"}, {}),
    ],
    building.no_globs: [
        ({"client/CMakeLists.txt": "file(GLOB sources *.cc)\n"},
         {"client/CMakeLists.txt": "# No file(GLOB ...) here.\n"}),
    ],
    building.packages_are_installed: [
        ({"service/install-deps.sh": "libabsl-dev\n", "client/a.cc": "#include <sqlite3.h>\n"},
         {"service/install-deps.sh": "libsqlite3-dev\n",
          "client/a.cc": "#include <sqlite3.h>\n#include <vector>\n#include <sys/stat.h>\n"}),
        ({"service/install-deps.sh": "", "client/a.cc": "#include <unheard/of.h>\n"}, {}),
        ({"service/install-deps.sh": "libzxcvbn-dev cmake\n"},
         {"service/install-deps.sh": "cmake\n"}),
    ],
    sizes.large_files: [
        ({"client/a.cc": "int a;\n" * 401}, {"client/a.cc": "int a;\n" * 400}),
    ],
    sizes.large_functions: [
        ({"client/a.cc": "void F() {\n" + "  G();\n" * 69 + "}\n"},
         {"client/a.cc": "namespace p {\nvoid F() {\n" + "  G();\n" * 68 + "}\n}\n"}),
    ],
}  # fmt: skip
