// SPDX-License-Identifier: Apache-2.0
#include "client/csv/file_kind.h"

#include <algorithm>
#include <cctype>

namespace provisioning {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view excel_advice =
    "In Excel choose File > Save As > \"CSV UTF-8 (Comma delimited)\"; in LibreOffice File > Save "
    "As > \"Text CSV\" with the character set \"Unicode (UTF-8)\".";
constexpr std::string_view numbers_advice =
    "In Numbers choose File > Export To > CSV, with the text encoding \"Unicode (UTF-8)\".";

std::string Sentence(std::string_view what, std::string_view advice = excel_advice) {
  return "this is " + std::string(what) + ", not a CSV file in UTF-8. " + std::string(advice);
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string OfArchive(std::string_view beginning) {
  if (Contains(beginning, "Index/") || Contains(beginning, ".iwa")) {
    return NumbersSentence();
  }
  if (Contains(beginning, "opendocument")) return Sentence("an OpenDocument spreadsheet");
  if (Contains(beginning, "xl/") || Contains(beginning, "[Content_Types].xml")) {
    return Sentence("an Excel workbook (.xlsx)");
  }
  return Sentence("a ZIP archive or a spreadsheet document such as .xlsx");
}

std::string LowerCaseStart(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return "";
  std::string start(text.substr(begin, 14));
  std::ranges::transform(start, start.begin(), [](unsigned char c) { return std::tolower(c); });
  return start;
}

bool StartsLikeHtml(std::string_view start) {
  return start.starts_with("<!doctype html") || start.starts_with("<html") ||
         start.starts_with("<table") || start.starts_with("<?xml");
}

// In text every other byte of a letter is NUL.
std::string OfNulBytes(std::string_view text) {
  std::size_t nul[2] = {0, 0};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == 0) ++nul[i % 2];
  }
  const std::size_t most = text.size() / 4;
  if (nul[1] > most && nul[0] == 0) {
    return Sentence("text in UTF-16 without a byte order mark",
                    "Read it with --encoding utf-16le, or save it as CSV UTF-8.");
  }
  if (nul[0] > most && nul[1] == 0) {
    return Sentence("text in UTF-16 without a byte order mark",
                    "Read it with --encoding utf-16be, or save it as CSV UTF-8.");
  }
  return Sentence("binary data, with NUL bytes at its beginning");
}

}  // namespace

std::string NumbersSentence() { return Sentence("a Numbers document", numbers_advice); }

std::string WhyNotText(std::string_view beginning) {
  if (beginning.starts_with("PK\x03\x04"sv)) return OfArchive(beginning);
  if (beginning.starts_with("\xD0\xCF\x11\xE0"sv)) return Sentence("an old Excel workbook (.xls)");
  if (beginning.starts_with("%PDF"sv)) {
    return Sentence("a PDF document",
                    "Open the spreadsheet that it was made from. "
                    "In Excel choose File > Save As > \"CSV UTF-8\".");
  }
  if (beginning.starts_with("\x1F\x8B"sv)) {
    return Sentence("a gzip archive", "Unpack it first: gunzip FILE");
  }
  if (beginning.starts_with("\xFF\xFE\0\0"sv) || beginning.starts_with("\0\0\xFE\xFF"sv)) {
    return Sentence("text in UTF-32");
  }
  return "";
}

std::string WhyNotCsv(std::string_view text) {
  const std::string start = LowerCaseStart(text);
  if (StartsLikeHtml(start)) return Sentence("an HTML or XML page");
  if (start.starts_with("{\\rtf")) return Sentence("a text document (RTF)");
  if (start.starts_with('{') || start.starts_with("[{")) return Sentence("a JSON text");
  if (start.starts_with("begin:vcard")) {
    return Sentence("a list of contacts (vCard)",
                    "Export them as CSV, or import them into a spreadsheet first.");
  }
  if (Contains(text.substr(0, 64), "\0"sv)) return OfNulBytes(text.substr(0, 64));
  return "";
}

}  // namespace provisioning
