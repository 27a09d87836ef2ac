// Turns the input schemas into plain code, so that no run has to load a schema compiler.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const Ajv = require("ajv").default;
const standaloneCode = require("ajv/dist/standalone").default;
const { schemas: ofResources } = require("../dist/provider/schema/schemas.js");
const { lookUpSchemas } = require("../dist/provider/schema/lookUpSchemas.js");

const schemas = { ...ofResources, ...lookUpSchemas };

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  unicodeRegExp: true,
  strict: true,
  code: { source: true, optimize: 1 },
});
ajv.addKeyword({ keyword: "x-private", schemaType: "boolean" });
for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, name);
const code = standaloneCode(ajv, Object.fromEntries(Object.keys(schemas).map((name) => [name, name])));
writeFileSync(new URL("../dist/provider/schema/validators.generated.js", import.meta.url), code);
