-- SPDX-License-Identifier: Apache-2.0
-- Every key starts with organization_id: no client is reached through another
-- organization, and the schema can be cut by organization. Times are in
-- microseconds since 1970. The table keeps its rowid: rows are appended in the
-- order in which they are made, and the one key that grows at random places,
-- that of the address, stays as small as it can be.
CREATE TABLE client (
  organization_id TEXT NOT NULL,
  client_id BLOB NOT NULL,
  email_address TEXT NOT NULL,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  birthdate INTEGER NOT NULL,            -- YYYYMMDD as a number; 0: not known.
  gender INTEGER NOT NULL,               -- The letter's ASCII code; 0: not known.
  state INTEGER NOT NULL,                -- 1: pending, 2: active.
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  created_import BLOB,                   -- These two never change.
  created_row INTEGER,
  profile_changed INTEGER NOT NULL,      -- 1: since it was made, by anybody.
  credential TEXT NOT NULL,              -- A PHC string.
  credential_generated INTEGER NOT NULL,
  credential_import BLOB,                -- The row that set the credential.
  credential_row INTEGER,
  credential_expire_time INTEGER         -- NULL: it does not expire.
) STRICT;
CREATE UNIQUE INDEX client_by_email ON client (organization_id, email_address);
CREATE UNIQUE INDEX client_by_id ON client (organization_id, client_id);
CREATE UNIQUE INDEX client_by_creation ON client (organization_id, created_import, created_row);

-- What a row changed of an account that existed. A row that made its account is
-- in the account itself; rows that did neither leave nothing.
CREATE TABLE import_effect (
  organization_id TEXT NOT NULL,
  import_id BLOB NOT NULL,
  row_number INTEGER NOT NULL,
  client_id BLOB NOT NULL,
  outcome INTEGER NOT NULL,              -- As provisioning.v1.RowOutcome.
  PRIMARY KEY (organization_id, import_id, row_number)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_effect_by_client ON import_effect (organization_id, import_id, client_id);

CREATE TABLE import (
  organization_id TEXT NOT NULL,
  import_id BLOB NOT NULL,
  complete INTEGER NOT NULL,
  settled_through_row INTEGER NOT NULL,
  epoch INTEGER NOT NULL,                -- Also the number of streams so far.
  session_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  missing_password INTEGER NOT NULL,     -- 1: reject, 2: generate.
  existing_account INTEGER NOT NULL,     -- 1: report, 2: update, 3: reissue.
  temporary_password_ttl INTEGER NOT NULL,
  source_name TEXT NOT NULL,
  source_sha256 TEXT NOT NULL,
  rejected_rows INTEGER NOT NULL,
  duplicate_rows INTEGER NOT NULL,
  already_existing_rows INTEGER NOT NULL,
  updated_rows INTEGER NOT NULL,
  reissued_rows INTEGER NOT NULL,
  created_rows INTEGER NOT NULL,
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  PRIMARY KEY (organization_id, import_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_by_time ON import (organization_id, create_time, import_id);
