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
    return Sentence("a Numbers document", numbers_advice);
  }
  if (Contains(beginning, "opendocument")) return Sentence("an OpenDocument spreadsheet");
  if (Contains(beginning, "xl/") || Contains(beginning, "[Content_Types].xml")) {
    return Sentence("an Excel workbook (.xlsx)");
  }
  return Sentence("a ZIP archive or a spreadsheet document such as .xlsx");
}

bool LooksLikeHtml(std::string_view beginning) {
  const std::size_t begin = beginning.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return false;
  std::string start(beginning.substr(begin, 14));
  std::ranges::transform(start, start.begin(), [](unsigned char c) { return std::tolower(c); });
  return start.starts_with("<!doctype html") || start.starts_with("<html") ||
         start.starts_with("<table") || start.starts_with("<?xml");
}

}  // namespace

std::string WhyNotCsv(std::string_view beginning) {
  if (beginning.starts_with("PK\x03\x04"sv)) return OfArchive(beginning);
  if (beginning.starts_with("\xD0\xCF\x11\xE0"sv)) return Sentence("an old Excel workbook (.xls)");
  if (beginning.starts_with("%PDF"sv)) {
    return Sentence("a PDF document",
                    "Open the spreadsheet that it was made from. "
                    "In Excel choose File > Save As > \"CSV UTF-8\".");
  }
  if (beginning.starts_with("\xFF\xFE"sv) || beginning.starts_with("\xFE\xFF"sv)) {
    return Sentence("text in UTF-16 (\"Unicode Text\")");
  }
  if (beginning.starts_with("\x1F\x8B"sv)) {
    return Sentence("a gzip archive", "Unpack it first: gunzip FILE");
  }
  std::string_view text = beginning;
  if (text.starts_with("\xEF\xBB\xBF"sv)) text.remove_prefix(3);
  if (LooksLikeHtml(text)) return Sentence("an HTML or XML page");
  // UTF-16 without a mark: every other byte of plain letters is NUL.
  if (Contains(text.substr(0, 64), "\0"sv)) {
    return Sentence("binary data, or text in an encoding such as UTF-16");
  }
  return "";
}

}  // namespace provisioning
