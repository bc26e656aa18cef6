// Writes the pages about providers: `node scripts/provider-pages.ts`. A test compares the committed ones.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./entries.ts";
import { KEYWORDS_PAGE, toKeywordsPage } from "./provider-keywords.ts";
import { SCHEMAS_PAGE, toSchemasPage } from "./provider-schemas.ts";

await writeFile(join(ROOT, KEYWORDS_PAGE), toKeywordsPage());
await writeFile(join(ROOT, SCHEMAS_PAGE), toSchemasPage());
