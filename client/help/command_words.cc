// SPDX-License-Identifier: Apache-2.0
#include "client/help/command_words.h"

#include <algorithm>

namespace provisioning {
namespace {

constexpr CommandExample root_examples[] = {
    {"provision template clients.csv", "Make a file to fill in", 0},
    {"provision import clients.csv --organization practice-one --generate-passwords",
     "Import it, and let the service make the passwords", 0},
    {"provision clients list --organization practice-one", "See who is there", 0},
};

constexpr CommandExample template_examples[] = {
    {"provision template clients.csv", "Make a file to fill in", 0},
    {"provision template", "Print the header", 0},
};

constexpr CommandExample validate_examples[] = {
    {"provision validate clients.csv", "Check a file by the rules alone, without a server", 0},
    {"provision validate mixed.csv --organization practice-one",
     "Check it on the server, which also finds repeated rows and existing clients", 1},
    {"provision validate mixed.csv --json --quiet > checked.jsonl", "For a program", 1},
};

constexpr CommandExample import_examples[] = {
    {"provision import clients.csv --organization practice-one --generate-passwords",
     "Let the service make a password for every row that has none", 0},
    {"provision import mixed.csv --organization practice-one --skip-rejected",
     "Import the good rows; the others go to mixed.csv.rejects.csv", 1},
    {"provision import clients.csv --organization practice-one --existing update",
     "Bring the names and birthdates of existing clients up to date", 0},
    {"grep -v '@old.example,' clients.csv | provision import - --organization practice-one "
     "--results clients.results.csv",
     "Read what another program writes", 0},
    {"provision import clients.csv --organization practice-one --generate-passwords --resume "
     "--import-id 01a20d0f-b0a9-7e39-807c-1404efe69764",
     "Go on with an import that broke off (the import prints this command)", 0},
};

constexpr CommandExample imports_list_examples[] = {
    {"provision imports list --organization practice-one", "All imports, newest first", 0},
    {"provision imports list --organization practice-one --json", "For a program", 0},
};

constexpr CommandExample imports_show_examples[] = {
    {"provision imports show 01a20d0f-b0a9-7e39-807c-1404efe69764 --organization practice-one",
     "One import", 0},
};

constexpr CommandExample clients_list_examples[] = {
    {"provision clients list --organization practice-one", "All clients, newest first", 0},
    {"provision clients list --organization practice-one --state pending",
     "Those who have not signed in yet", 0},
    {"provision clients list --organization practice-one --json --import "
     "01a20d0f-b0a9-7e39-807c-1404efe69764",
     "Those that one import made, for a program", 0},
};

constexpr CommandExample clients_show_examples[] = {
    {"provision clients show ada.lund@example.com --organization practice-one", "By the address",
     0},
    {"provision clients show --email nobody@example.com --organization practice-one",
     "Exit code 1: there is no such client", 1},
};

constexpr CommandExample health_examples[] = {
    {"provision health", "Exit code 0: it takes requests", 0},
    {"provision health --server 127.0.0.1:1 --timeout 1s", "Exit code 4: nobody answers", 4},
};

constexpr CommandExample completion_examples[] = {
    {"provision completion bash > provision.bash && . ./provision.bash",
     "bash, in this session; for all: put the file into "
     "~/.local/share/bash-completion/completions/provision",
     0},
    {"provision completion zsh > _provision", "zsh; put the file into a folder of $fpath", 0},
    {"provision completion fish > provision.fish",
     "fish; put the file into ~/.config/fish/completions", 0},
};

constexpr CommandExample man_examples[] = {
    {"provision man > provision.1", "Read it with: man -l provision.1", 0},
};

constexpr CommandExample version_examples[] = {{"provision version", "", 0}};

constexpr std::string_view import_about =
    "The whole file is checked on the server first. If a row would be rejected, nothing is "
    "imported, unless --skip-rejected is given. Then the rows are imported; one import has one "
    "id, and a row never takes effect twice.\n"
    "If the connection breaks, the import goes on by itself as soon as it can. If it is broken "
    "off for good, or stopped with Ctrl-C, it prints the command that goes on with it.\n"
    "An organization without clients may be a typing error: a person at a terminal is asked before "
    "it gets its first ones. Without a terminal nothing is asked. With --no-input the import ends "
    "there with exit code 2. --yes answers.\n"
    "Generated passwords are written to the results file alone (and to --json), and are stored "
    "nowhere else. Output files can be read by their owner only, and are never overwritten.";

constexpr std::string_view validate_about =
    "Without --organization the file is checked by the rules alone, and no server is needed. With "
    "it the server checks each row as an import would, and writes nothing.";

constexpr std::string_view root_about =
    "Every command explains itself: provision COMMAND --help. Data goes to stdout, messages go to "
    "stderr. Colours are left out when NO_COLOR is set.";

constexpr CommandWords all_words[] = {
    {"", root_about, root_examples},
    {"template", "", template_examples},
    {"validate", validate_about, validate_examples},
    {"import", import_about, import_examples},
    {"imports", "", {}},
    {"imports list", "", imports_list_examples},
    {"imports show", "", imports_show_examples},
    {"clients", "", {}},
    {"clients list", "", clients_list_examples},
    {"clients show", "", clients_show_examples},
    {"health", "", health_examples},
    {"completion", "", completion_examples},
    {"man", "", man_examples},
    {"version", "", version_examples},
};

constexpr ExitCodeWords exit_codes[] = {
    {0, "every row was accepted, or the answer is yes"},
    {1, "some rows were not accepted, or the answer is no (not found)"},
    {2, "usage, options that differ from the import's, an output file that exists"},
    {3, "the file cannot be read, or is no such CSV"},
    {4, "the server cannot be reached"},
    {5, "not allowed"},
    {6, "broken off; the command that goes on is printed"},
    {130, "interrupted"},
};

}  // namespace

CommandWords WordsOf(std::string_view name) {
  const auto* found = std::ranges::find(all_words, name, &CommandWords::name);
  return found == std::end(all_words) ? CommandWords{name, "", {}} : *found;
}

std::span<const CommandWords> AllCommandWords() { return all_words; }

std::span<const ExitCodeWords> AllExitCodes() { return exit_codes; }

}  // namespace provisioning
