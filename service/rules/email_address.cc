// SPDX-License-Identifier: Apache-2.0
#include "service/rules/email_address.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "service/model/limits.h"
#include "service/rules/cell.h"
#include "service/rules/characters.h"
#include "service/rules/code_points.h"
#include "service/rules/email_domain.h"
#include "service/rules/email_domain_typo.h"
#include "service/rules/email_form.h"
#include "service/rules/email_mending.h"
#include "service/rules/row_rules.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

constexpr Column column = Column::kEmailAddress;

std::string Readable(std::string_view text) { return VisibleText(text, limits::email_bytes_max); }

void WarnAboutTypo(std::string_view stored, RowReport& report) {
  const std::size_t at = stored.find('@');
  const std::string intended = IntendedDomain(stored.substr(at + 1));
  if (intended.empty()) return;
  report.Warn(column, FieldIssueCode::kEmailDomainTypo,
              report.Quote(stored) + " looks like a misspelling of an address at " + intended +
                  ": check it.",
              std::string(stored.substr(0, at + 1)) + intended);
}

void RejectAtSign(std::string_view text, RowReport& report) {
  if (IsFormula(text)) {
    ReportFormula(column, text, StoredForm(TextInFormula(text)).value_or(""), report);
    return;
  }
  const bool none = text.find('@') == std::string_view::npos;
  report.Reject(column, FieldIssueCode::kEmailAtSign,
                report.Quote(text) + (none ? " has no @" : " has more than one @") +
                    ": an address has one, between name and domain.",
                MendedAddress(text));
}

// An address with one `@`, in NFC, and what the rules make of its two halves.
class SplitAddress {
 public:
  explicit SplitAddress(std::string text)
      : text_(std::move(text)),
        lower_(LowerCase(text_)),
        at_(lower_.find('@')),
        domain_(DomainInALabels(std::string_view(lower_).substr(at_ + 1))) {}

  void Check(RowReport& report) const;
  std::string Stored() const;

 private:
  std::string_view local_part() const { return std::string_view(lower_).substr(0, at_); }
  bool is_too_long() const;
  void CheckHalves(RowReport& report) const;

  std::string text_;
  std::string lower_;
  std::size_t at_;
  std::optional<std::string> domain_;  // In A-labels.
};

bool SplitAddress::is_too_long() const {
  const std::size_t domain_bytes = domain_ ? domain_->size() : lower_.size() - at_ - 1;
  return at_ > limits::email_local_part_bytes_max ||
         at_ + 1 + domain_bytes > limits::email_bytes_max;
}

void SplitAddress::Check(RowReport& report) const {
  if (IsFormula(text_) && (!domain_ || !IsDotString(local_part()))) {
    ReportFormula(column, text_, StoredForm(TextInFormula(text_)).value_or(""), report);
    return;
  }
  if (is_too_long()) {
    report.Reject(column, FieldIssueCode::kTooLong,
                  report.Quote(text_) +
                      " is too long: an address has at most 254 bytes, 64 of them before the @.");
  }
  if (lower_ != text_) {
    report.Reject(column, FieldIssueCode::kEmailUpperCase,
                  report.Quote(text_) + " has upper-case letters: write it in lower case.", lower_);
  }
  CheckHalves(report);
  if (!domain_) return;
  if (*domain_ != std::string_view(lower_).substr(at_ + 1)) {
    report.Warn(column, FieldIssueCode::kEmailDomainEncoded,
                report.Quote(text_) + " has a domain that is stored in its ASCII form: " +
                    (report.SharesSecretPart(*domain_) ? "" : *domain_) + ".");
  }
  WarnAboutTypo(lower_.substr(0, at_ + 1) + *domain_, report);
}

void SplitAddress::CheckHalves(RowReport& report) const {
  if (!IsDotString(local_part())) {
    report.Reject(column, FieldIssueCode::kEmailLocalPart,
                  report.Quote(text_) +
                      " has characters before the @ that may not stand there: use ASCII letters, "
                      "digits and the usual signs, and single dots between them.",
                  MendedAddress(text_));
  }
  if (!domain_) {
    report.Reject(column, FieldIssueCode::kEmailDomain,
                  report.Quote(text_) +
                      " has no valid domain behind the @: it needs two or more parts, with dots "
                      "between them, of letters, digits and inner hyphens.",
                  MendedAddress(text_));
  }
}

// What was typed in upper case was not accepted, so it stays as it is.
std::string SplitAddress::Stored() const {
  if (lower_ != text_ || !domain_) return Readable(text_);
  return Readable(lower_.substr(0, at_ + 1) + *domain_);
}

}  // namespace

std::string CheckEmailAddress(std::string cell, RowReport& report) {
  if (IsPlainAddress(cell)) {
    WarnAboutTypo(cell, report);
    return cell;
  }
  const std::optional<std::string_view> text = ReadCell(column, cell, report);
  if (!text) return Readable(TrimWhiteSpace(cell));
  if (text->empty()) {
    ReportRequired(column, report);
    return "";
  }
  if (IsPlainAddress(*text)) {
    WarnAboutTypo(*text, report);
    return std::string(*text);
  }
  const BareAddress bare = FindBareAddress(*text);
  if (!bare.is_bare && !IsFormula(*text)) {
    report.Reject(column, FieldIssueCode::kEmailNotBare,
                  report.Quote(*text) +
                      " is more than an address: write one address into the cell and nothing "
                      "around it.",
                  bare.suggestion);
    return Readable(*text);
  }
  if (std::ranges::count(*text, '@') != 1) {
    RejectAtSign(*text, report);
    return Readable(*text);
  }
  const SplitAddress address(CodePoints(*text).ToUtf8());
  address.Check(report);
  return address.Stored();
}

std::optional<std::string> StoredEmailAddress(std::string_view typed) {
  const std::string_view text = TrimWhiteSpace(typed);
  if (text.size() > cell_bytes_max || !IsUtf8(text)) return std::nullopt;
  return StoredForm(text);
}

}  // namespace provisioning
