// SPDX-License-Identifier: Apache-2.0
// The service's values as the messages of the contract.
#pragma once

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "provisioning/v1/audit.pb.h"
#include "provisioning/v1/client.pb.h"
#include "provisioning/v1/client_provisioning_service.pb.h"
#include "provisioning/v1/import.pb.h"
#include "service/import/import_sink.h"
#include "service/model/row_result.h"
#include "service/store/identity_store.h"

namespace provisioning {

void ToMessage(absl::Time time, google::protobuf::Timestamp& message);
void ToMessage(const OutcomeCounts& counts, v1::OutcomeCounts& message);
void ToMessage(const StreamProgress& progress, v1::ImportProgress& message);
void ToMessage(const StreamSummary& summary, v1::ImportSummary& message);
void ToMessage(const ImportRecord& record, v1::Import& message);
void ToMessage(const ClientRecord& record, v1::Client& message);
void ToMessage(const FieldIssue& issue, v1::FieldIssue& message);
void ToMessage(const RowResult& result, v1::RowResult& message);
void ToMessage(const KeptClient& kept, v1::KeptClient& message);
void ToMessage(const AuditRecord& record, v1::AuditRecord& message);
// The limits of this server.
v1::ImportLimits LimitsMessage(double hashes_per_second);
v1::GetImportSchemaResponse SchemaMessage(double hashes_per_second);

}  // namespace provisioning
