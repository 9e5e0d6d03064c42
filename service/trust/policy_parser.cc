// SPDX-License-Identifier: Apache-2.0
#include "service/trust/policy_parser.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "service/model/organization_id.h"
#include "service/trust/caller_name.h"

namespace provisioning {
namespace {

using nlohmann::json;

constexpr std::size_t faults_told_max = 5;
constexpr std::size_t quoted_bytes_max = 80;

// As it stands in the file, in printable ASCII.
std::string Quoted(const std::string& text) {
  std::string quoted = json(text).dump(-1, ' ', /*ensure_ascii=*/true);
  if (quoted.size() > quoted_bytes_max) quoted = quoted.substr(0, quoted_bytes_max) + "...\"";
  return quoted;
}

// "parse error at line 3, column 5: ..." without the library's own number.
absl::Status NotJson(const std::string& what) {
  const std::size_t end_of_number = what.find("] ");
  return absl::InvalidArgumentError(
      end_of_number == std::string::npos ? what : what.substr(end_of_number + 2));
}

// Finds keys that come twice in one object, of which the library would drop one.
class RepeatedKeys {
 public:
  bool operator()(int depth, json::parse_event_t event, const json& parsed) {
    if (event != json::parse_event_t::key) {
      if (event == json::parse_event_t::object_start) keys_.emplace_back();
      if (event == json::parse_event_t::object_end) keys_.pop_back();
      return true;
    }
    const std::string key = parsed.get<std::string>();
    path_.resize(static_cast<std::size_t>(depth - 1), "[]");
    if (!keys_.back().insert(key).second) {
      place_ = absl::StrCat(absl::StrJoin(path_, "."), path_.empty() ? "" : ": ", Quoted(key));
    }
    path_.push_back(Quoted(key));
    return true;
  }
  const std::optional<std::string>& place() const { return place_; }

 private:
  std::vector<std::set<std::string>> keys_;  // Of the objects around the place.
  std::vector<std::string> path_;
  std::optional<std::string> place_;
};

// Reads what the document says, and gathers what is wrong with it.
class Reader {
 public:
  absl::StatusOr<Policy> Read(const json& document) {
    Policy policy;
    if (IsObject("the file", document)) {
      CheckKeys("", document, {"callers", "$schema"});
      const auto schema = document.find("$schema");
      if (schema != document.end() && !schema->is_string()) Fault("$schema", "must be a text");
      const auto callers = document.find("callers");
      if (callers == document.end()) {
        Fault("callers", "is missing");
      } else if (IsObject("callers", *callers)) {
        for (const auto& [name, rights] : callers->items()) {
          policy.emplace(name, ReadCaller(name, rights));
        }
      }
    }
    if (faults_.empty()) return policy;
    return absl::InvalidArgumentError(absl::StrJoin(faults_, "; "));
  }

 private:
  void Fault(const std::string& place, const std::string& what) {
    if (faults_.size() == faults_told_max) faults_.emplace_back("and more");
    if (faults_.size() < faults_told_max) faults_.push_back(absl::StrCat(place, ": ", what));
  }

  bool IsObject(const std::string& place, const json& value) {
    if (!value.is_object()) Fault(place, "must be an object");
    return value.is_object();
  }

  void CheckKeys(const std::string& place, const json& object,
                 std::initializer_list<std::string_view> known) {
    for (const auto& [key, value] : object.items()) {
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        Fault(place + Quoted(key), "is no key of this file");
      }
    }
  }

  CallerRights ReadCaller(const std::string& name, const json& value) {
    const std::string place = absl::StrCat("callers[", Quoted(name), "]");
    CallerRights rights;
    if (!IsSpiffeId(name) && !IsDnsName(name)) {
      Fault(place, "a caller is a SPIFFE id (spiffe://...) or a DNS name in lower case");
    }
    if (!IsObject(place, value)) return rights;
    CheckKeys(place + ".", value, {"organizations", "verbs", "streams_max"});
    ReadOrganizations(place + ".organizations", value, rights);
    ReadTexts(
        place + ".verbs", value, "verbs", [&](const std::string& at, const std::string& verb) {
          const auto known = ParseVerb(verb);
          if (!known) {
            return Fault(at, absl::StrCat(Quoted(verb),
                                          " is no verb (import, validate, read, create, activate, "
                                          "verify, reissue, delete, revert)"));
          }
          if (rights.verbs.Has(*known)) Fault(at, absl::StrCat(Quoted(verb), " comes twice"));
          rights.verbs.Add(*known);
        });
    ReadStreamsMax(place + ".streams_max", value, rights);
    return rights;
  }

  void ReadOrganizations(const std::string& place, const json& caller, CallerRights& rights) {
    const auto value = caller.find("organizations");
    if (value != caller.end() && value->is_string()) {
      rights.every_organization = *value == "*";
      if (!rights.every_organization) Fault(place, R"(must be a list of organizations, or "*")");
      return;
    }
    ReadTexts(place, caller, "organizations", [&](const std::string& at, const std::string& id) {
      if (id == "*") {
        Fault(at, R"(for every organization write "organizations": "*", without a list)");
      } else if (!OrganizationId::Parse(id)) {
        Fault(at, absl::StrCat(Quoted(id), " must match [a-z0-9][a-z0-9._-]{0,63}"));
      } else if (!rights.organizations.insert(id).second) {
        Fault(at, absl::StrCat(Quoted(id), " comes twice"));
      }
    });
  }

  // The texts of a list that must be there, and not be empty.
  void ReadTexts(const std::string& place, const json& object, const char* key,
                 const std::function<void(const std::string&, const std::string&)>& take) {
    const auto list = object.find(key);
    if (list == object.end()) return Fault(place, "is missing");
    if (!list->is_array() || list->empty()) return Fault(place, "must be a list, and not empty");
    for (std::size_t i = 0; i < list->size(); ++i) {
      const std::string at = absl::StrCat(place, "[", i, "]");
      const json& text = (*list)[i];
      if (text.is_string()) {
        take(at, text.get<std::string>());
      } else {
        Fault(at, "must be a text");
      }
    }
  }

  void ReadStreamsMax(const std::string& place, const json& caller, CallerRights& rights) {
    const auto value = caller.find("streams_max");
    if (value == caller.end()) return;
    // As double: 5.0 is a whole number to JSON Schema, and what does not fit an integer
    // is none that may stand here.
    const double number = value->is_number() ? value->get<double>() : 0;
    if (number < 1 || number > streams_max_most || number != std::floor(number)) {
      return Fault(place, absl::StrCat("must be a whole number from 1 to ", streams_max_most));
    }
    rights.streams_max = static_cast<int>(number);
  }

  std::vector<std::string> faults_;
};

}  // namespace

absl::StatusOr<Policy> ParsePolicy(std::string_view text) {
  if (text.size() > policy_bytes_max) {
    return absl::InvalidArgumentError(
        absl::StrCat("the file has more than ", policy_bytes_max, " bytes"));
  }
  RepeatedKeys repeated;
  try {
    const json document = json::parse(text, std::ref(repeated));
    if (repeated.place()) {
      return absl::InvalidArgumentError(absl::StrCat(*repeated.place(), " comes twice"));
    }
    return Reader().Read(document);
  } catch (const json::exception& error) {  // Of its syntax, or a number out of range.
    return NotJson(error.what());
  }
}

}  // namespace provisioning
