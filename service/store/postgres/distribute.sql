-- SPDX-License-Identifier: Apache-2.0
-- Cuts the schema over the workers of a Citus cluster, by organization. Once, on
-- the coordinator, after `provisiond migrate` and before there are clients.
-- store_info stays a table of the coordinator, to which all sessions go.
SELECT create_distributed_table('client', 'organization_id');
SELECT create_distributed_table('import', 'organization_id', colocate_with => 'client');
SELECT create_distributed_table('import_effect', 'organization_id', colocate_with => 'client');
SELECT create_distributed_table('failure', 'organization_id', colocate_with => 'client');
SELECT create_distributed_table('audit', 'organization_id', colocate_with => 'client');
