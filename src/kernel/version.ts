/** Version of the package; version.test.ts keeps it that of package.json. */
export const VERSION = "0.1.0";
