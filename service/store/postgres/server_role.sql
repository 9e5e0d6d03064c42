-- SPDX-License-Identifier: Apache-2.0
-- What the role of a server needs, and no more: it can add to the audit, and not
-- change it. (Exporting it is the owner's: that locks the table.) Run it as the
-- owner of the tables, after `provisiond migrate`; the role is called provisiond here.
GRANT SELECT ON store_info TO provisiond;
GRANT SELECT, INSERT, UPDATE ON client, import TO provisiond;
GRANT SELECT, INSERT ON import_effect, audit TO provisiond;
GRANT SELECT, INSERT, UPDATE, DELETE ON failure TO provisiond;
