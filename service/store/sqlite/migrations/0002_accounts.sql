-- SPDX-License-Identifier: Apache-2.0
-- The account after its import, and an erasure that leaves nothing behind.
--
-- When a B-tree's page is rebuilt, SQLite leaves bytes of what stood there in the
-- page's free space, secure_delete or not, and erasing a client later does not
-- find them. So no page that holds personal data is ever rebuilt: rows are only
-- appended, never deleted and never change their size (each column that can
-- change has one size), and erasing overwrites a row where it stands. What stands
-- in indexes names nobody: the key of the address is a part of its SHA-256.
CREATE TABLE new_client (
  organization_id TEXT NOT NULL,
  client_id BLOB NOT NULL,
  email_key BLOB NOT NULL,               -- email_key(email_address); erased: client_id.
  email_address TEXT NOT NULL,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  birthdate INTEGER NOT NULL,            -- YYYYMMDD as a number; 0: not known.
  gender INTEGER NOT NULL,               -- The letter's ASCII code; 0: not known.
  state INTEGER NOT NULL,                -- 2: pending, 3: active, 4: erased.
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  created_import BLOB,                   -- These two never change.
  created_row INTEGER,
  profile_changed INTEGER NOT NULL,      -- 1: since it was made, by anybody.
  used INTEGER NOT NULL,                 -- 1: activated, or signed in to.
  credential TEXT NOT NULL,              -- Padded with spaces to 100 bytes.
  credential_generated INTEGER NOT NULL,
  credential_source BLOB NOT NULL,       -- row_reference of the row that set it; 0s: none.
  credential_expire_time INTEGER NOT NULL  -- Of a pending account's.
) STRICT;
INSERT INTO new_client
SELECT organization_id, client_id, email_key(email_address), email_address, first_name, last_name,
  birthdate, gender, state + 1, create_time, update_time, created_import, created_row,
  profile_changed, state = 2, format('%-100s', credential), credential_generated,
  row_reference(credential_import, credential_row), coalesce(credential_expire_time, create_time)
FROM client ORDER BY rowid;
DROP TABLE client;
ALTER TABLE new_client RENAME TO client;
CREATE UNIQUE INDEX client_by_email ON client (organization_id, email_key);
CREATE UNIQUE INDEX client_by_id ON client (organization_id, client_id);
CREATE UNIQUE INDEX client_by_creation ON client (organization_id, created_import, created_row);

ALTER TABLE import ADD COLUMN single_client INTEGER NOT NULL DEFAULT 0;  -- 1: a CreateClient.
ALTER TABLE import ADD COLUMN revert_state INTEGER NOT NULL DEFAULT 0;   -- 1: begun, 2: ended.
ALTER TABLE import ADD COLUMN reverted_clients INTEGER NOT NULL DEFAULT 0;

-- Names no person. The caller's name is that of a service.
CREATE TABLE audit (
  audit_id INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL,
  organization_id TEXT NOT NULL,
  caller TEXT NOT NULL,
  event INTEGER NOT NULL,                -- As AuditEvent in store/audit_record.h.
  import_id BLOB,
  client_id BLOB,
  clients INTEGER NOT NULL,              -- Of a revert.
  rejected_rows INTEGER NOT NULL,        -- These are of a completed import.
  duplicate_rows INTEGER NOT NULL,
  already_existing_rows INTEGER NOT NULL,
  updated_rows INTEGER NOT NULL,
  reissued_rows INTEGER NOT NULL,
  created_rows INTEGER NOT NULL
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT raise(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT raise(ABORT, 'the audit is append-only'); END;
