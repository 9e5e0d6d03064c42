// SPDX-License-Identifier: Apache-2.0
#include "tests/load/load_help.h"

#include "client/help/help_text.h"
#include "client/terminal/word_wrap.h"

namespace provisioning {
namespace {

constexpr char about[] =
    "Puts load on a running provisiond, measures it, and checks every answer. For staging: the "
    "clients that it makes stay.\n\nUsage: provision-load --server HOST:PORT [OPTIONS]\n\n"
    "Each stream is one import with an id of its own: start, rows, end. When its rows are sent and "
    "answered, the next one takes its place. Exactly one answer per row is expected, in order, "
    "with the outcome that the row must have, and a summary that adds up. Ctrl-C ends the streams "
    "in order and reports; again: at once.";

constexpr char examples[] =
    "\nExamples:\n"
    "  As fast as it goes:\n"
    "    provision-load --server localhost:7443 --plaintext --streams 50 --duration 1m\n"
    "  At a rate, of many organizations, judged:\n"
    "    provision-load --server localhost:7443 --plaintext --rate 20000 --arrivals poisson \\\n"
    "      --streams 50 --organizations 10 --duration 10m --html report.html \\\n"
    "      --objective 'p99<500ms' --objective 'errors<0.1%'\n"
    "  Everything that can happen to a row:\n"
    "    provision-load --server localhost:7443 --plaintext --rows 100000 --provided 0.01 \\\n"
    "      --invalid 0.05 --duplicates 0.05 --existing 0.1 --replays 0.2\n";

constexpr char exit_codes[] =
    "\nExit codes:\n"
    "  0    every answer was right, every objective was met\n"
    "  1    an answer was wrong, an objective was missed, or interrupted before it could be\n"
    "       met, or no row was answered; without an objective on errors also: a stream\n"
    "       failed, or a row that was due was never sent\n"
    "  2    usage\n"
    "  3    a report or a certificate cannot be written or read\n"
    "  4    the server cannot be reached at the start\n"
    "  5    not allowed\n"
    "  130  interrupted twice\n";

}  // namespace

std::string LoadHelp(const CLI::App& app, std::size_t columns) {
  return WrapWords(about, columns) + "\n" + FlagsText(app, columns) + examples + exit_codes;
}

}  // namespace provisioning
