// What is published: tools with their state, their versions, and apart from them the definitions, which a start does not read.
import type { SchemaMaker } from "../schema-maker.ts";

export interface CatalogTables {
  catalog_tools: {
    name: string;
    revision: number;
    /** JSON. */
    state: string;
    changed_at: number;
    changed_by: string | null;
    reason: string | null;
  };
  catalog_versions: {
    name: string;
    version: string;
    digest: string;
    source: string;
    called_at: number | null;
    published_at: number;
    published_by: string | null;
    reason: string | null;
  };
  catalog_definitions: {
    name: string;
    version: string;
    /** JSON. */
    definition: string;
  };
}

export async function createCatalogTables({ schema, text, integer }: SchemaMaker): Promise<void> {
  await schema
    .createTable("catalog_tools")
    .addColumn("name", text, (column) => column.primaryKey())
    .addColumn("revision", integer, (column) => column.notNull())
    .addColumn("state", text, (column) => column.notNull())
    .addColumn("changed_at", integer, (column) => column.notNull())
    .addColumn("changed_by", text)
    .addColumn("reason", text)
    .execute();
  await schema
    .createTable("catalog_versions")
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("version", text, (column) => column.notNull())
    .addColumn("digest", text, (column) => column.notNull())
    .addColumn("source", text, (column) => column.notNull())
    .addColumn("called_at", integer)
    .addColumn("published_at", integer, (column) => column.notNull())
    .addColumn("published_by", text)
    .addColumn("reason", text)
    .addPrimaryKeyConstraint("catalog_versions_key", ["name", "version"])
    .execute();
  await schema
    .createTable("catalog_definitions")
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("version", text, (column) => column.notNull())
    .addColumn("definition", text, (column) => column.notNull())
    .addPrimaryKeyConstraint("catalog_definitions_key", ["name", "version"])
    .execute();
}

/** The way back. */
export async function dropCatalogTables({ schema }: SchemaMaker): Promise<void> {
  await schema.dropTable("catalog_definitions").execute();
  await schema.dropTable("catalog_versions").execute();
  await schema.dropTable("catalog_tools").execute();
}
