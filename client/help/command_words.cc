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

constexpr CommandExample imports_revert_examples[] = {
    {"provision imports revert 01a20d0f-b0a9-7e39-807c-1404efe69764 --organization practice-two "
     "--yes",
     "Without being asked", 0},
};

constexpr CommandExample clients_list_examples[] = {
    {"provision clients list --organization practice-one", "All clients, newest first", 0},
    {"provision clients list --organization practice-one --state pending",
     "Those who have not signed in yet", 0},
    {"provision clients list --organization practice-one --expiring 3d",
     "Those whose temporary password ends within three days, or has ended", 0},
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

constexpr CommandExample clients_create_examples[] = {
    {"provision clients create --organization practice-one --email kofi.mensah@example.com "
     "--first-name Kofi --last-name Mensah --generate-password --results kofi.csv",
     "Let the service make the temporary password, which goes to kofi.csv", 0},
};

constexpr CommandExample clients_activate_examples[] = {
    {"provision clients activate --organization practice-one --email ada.lund@example.com "
     "--passwords-file passwords.txt",
     "passwords.txt has two lines: the temporary password, and the new one", 0},
};

constexpr CommandExample clients_verify_examples[] = {
    {"provision clients verify --organization practice-one --email ada.lund@example.com "
     "--passwords-file password.txt",
     "Exit code 0: this is the password", 0},
    {"echo 'a wrong one' | provision clients verify --organization practice-one --email "
     "ada.lund@example.com --passwords-file -",
     "Exit code 1: it is not", 1},
};

constexpr CommandExample clients_reissue_examples[] = {
    {"provision clients reissue kofi.mensah@example.com --organization practice-one --results "
     "kofi.csv",
     "For a client who has lost the temporary password, or who is locked", 0},
    {"provision clients reissue ada.lund@example.com --organization practice-one --reset-active "
     "--results ada.csv",
     "For one who has forgotten their own", 0},
    {"provision clients reissue --import 01a20d0f-b0a9-7e39-807c-1404efe69764 --organization "
     "practice-one --results again.csv --yes",
     "For all who have not used the password that an import gave them", 0},
};

constexpr CommandExample clients_delete_examples[] = {
    {"provision clients delete ada.lund@example.com --organization practice-one --yes",
     "Without being asked", 0},
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

constexpr std::string_view imports_revert_about =
    "Clients that the import created are erased, but for those whom somebody has used since: who "
    "have set a password or signed in, got another temporary password, or were changed by another "
    "import. They stay, and are listed with the reason. What the import changed of clients who "
    "were there before stays as it is. The import takes no rows any more.\n"
    "With --json each client who stays is a line, and the last line has the counts.";

constexpr std::string_view clients_create_about =
    "One client, by the same rules as a row of an import. Without --generate-password the "
    "temporary password is asked at the terminal, or read from --passwords-file. A generated one "
    "goes to --results or --json and is shown nowhere else.\n"
    "If no answer comes, the same request is made again, which never makes a second client; in the "
    "end the command is printed that goes on with it.";

constexpr std::string_view clients_activate_about =
    "What a client does at the first sign-in: exchanges the temporary password, which is good for "
    "nothing else, for one of their own. Both are asked at the terminal, or read from "
    "--passwords-file. Only the line ends are taken off there; white space is part of a password.";

constexpr std::string_view clients_verify_about =
    "Exit code 0: it is the password of an active client. The answer no counts as a failure; after "
    "ten of them the server takes the next try only after a while, and after a hundred none until "
    "the password is reissued.";

constexpr std::string_view clients_reissue_about =
    "For one client, who is also unlocked by it; the password before is void. The service makes "
    "the new one, which goes to --results or --json and is shown nowhere else, or it is read from "
    "--passwords-file.\n"
    "With --import for all clients who have not used the temporary password that this import, or "
    "an earlier reissue for it, has set: when the results of an import are lost, or have fallen "
    "into the wrong hands. Who got another password since keeps it. If it is broken off, the same "
    "command, with another file, makes all of them anew.";

constexpr std::string_view clients_delete_about =
    "Address, names, birthdate, gender and passwords are erased from the store. The client's id "
    "stays, and names nobody. The address may be used again, by a new client.";

constexpr std::string_view validate_about =
    "Without --organization the file is checked by the rules alone, and no server is needed. With "
    "it the server checks each row as an import would, and writes nothing.";

constexpr std::string_view root_about =
    "Every command explains itself: provision COMMAND --help. Data goes to stdout, messages go to "
    "stderr. Colours are left out when NO_COLOR is set.";

constexpr std::string_view template_about =
    "The file has the columns that people fill in; birthdate and gender may stay empty. Who moves "
    "from another product with the hashes of passwords (argon2id or bcrypt) puts them into a "
    "column password_hash, in place of initial_password or beside it: those clients are active at "
    "once and keep their password.";

constexpr CommandWords all_words[] = {
    {"", root_about, root_examples},
    {"template", template_about, template_examples},
    {"validate", validate_about, validate_examples},
    {"import", import_about, import_examples},
    {"imports", "", {}},
    {"imports list", "", imports_list_examples},
    {"imports show", "", imports_show_examples},
    {"imports revert", imports_revert_about, imports_revert_examples},
    {"clients", "", {}},
    {"clients list", "", clients_list_examples},
    {"clients show", "", clients_show_examples},
    {"clients create", clients_create_about, clients_create_examples},
    {"clients activate", clients_activate_about, clients_activate_examples},
    {"clients verify", clients_verify_about, clients_verify_examples},
    {"clients reissue", clients_reissue_about, clients_reissue_examples},
    {"clients delete", clients_delete_about, clients_delete_examples},
    {"health", "", health_examples},
    {"completion", "", completion_examples},
    {"man", "", man_examples},
    {"version", "", version_examples},
};

constexpr ExitCodeWords exit_codes[] = {
    {0, "every row was accepted, or the answer is yes"},
    {1, "some rows were not accepted, or the answer is no (not found, a wrong password)"},
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
