// SPDX-License-Identifier: Apache-2.0
// Requests of ImportClients, and what to ask of results.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "provisioning/v1/client_provisioning_service.pb.h"

namespace provisioning {

inline constexpr char test_organization[] = "practice";

std::string NewImportId();

// Of test_organization; a new import, with generated passwords.
v1::ImportClientsRequest StartMessage();
v1::ImportClientsRequest StartMessage(const std::string& import_id);
// Rows `first` to `last` about clients of their own.
v1::ImportClientsRequest RowsMessage(std::int64_t first, std::int64_t last);
v1::ImportClientsRequest EndMessage();

// Row `number` about client<number>@practice.example, without a password.
v1::ClientRow MakeMessageRow(std::int64_t number);

std::vector<std::int64_t> NumbersOf(const std::vector<v1::RowResult>& results);
std::vector<v1::RowOutcome> OutcomesOf(const std::vector<v1::RowResult>& results);
std::vector<std::int64_t> Counting(std::int64_t first, std::int64_t last);

}  // namespace provisioning
