const tseslint = require("typescript-eslint");

const forbid = (files, groups, message) => ({
  files,
  rules: {
    "no-restricted-imports": ["error", { patterns: groups.map((group) => ({ group: [group].flat(), message })) }],
  },
});

/** The import directions of the source tree, and the rules that need types. Formatting is biome's. */
module.exports = tseslint.config(
  { ignores: ["dist/**", "coverage/**", "node_modules/**", "examples/**", "**/*.js", "**/*.mjs", "**/*.cjs"] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: __dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_+$", argsIgnorePattern: "^_" }],
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/restrict-template-expressions": "off",
    },
  },
  forbid(
    ["simulator/**"],
    [["**/provider/**", "**/sdk/**", "**/cli/**", "**/test/**"]],
    "The simulator shares nothing with the provider.",
  ),
  forbid(
    ["provider/client/**"],
    [["**/library/**", "**/resources/**", "**/host/**", "**/sdk/**", "**/simulator/**"]],
    "client is the lowest layer.",
  ),
  forbid(
    ["provider/library/**"],
    [["**/resources/**", "**/host/**", "**/sdk/**", "**/simulator/**"]],
    "library may use client only.",
  ),
  forbid(
    ["provider/resources/**"],
    [["**/client/**", "**/host/**", "**/sdk/**", "**/simulator/**"]],
    "resources may use library only.",
  ),
  forbid(
    ["provider/host/**"],
    [["**/client/**", "**/sdk/**", "**/simulator/**"]],
    "host may use resources and library.",
  ),
  forbid(
    ["inventory/**"],
    [["**/client/**", "**/sdk/**", "**/cli/**", "**/simulator/**", "@pulumi/**"]],
    "inventory may use library, host and resources.",
  ),
  forbid(
    ["sdk/**"],
    [["**/provider/client/**", "**/provider/host/**", "**/provider/library/**", "**/simulator/**"]],
    "sdk may use the types of provider/resources.",
  ),
  {
    files: ["sdk/**"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["**/inventory/**"],
              allowTypeImports: true,
              message: "Programs without a look-up must not wait for it: load it with import().",
            },
          ],
        },
      ],
    },
  },
  forbid(
    ["inventory/**"],
    [["**/provider/client/**", "**/cli/**", "**/sdk/**", "**/simulator/**"]],
    "inventory may use what lies above client.",
  ),
  forbid(["cli/**"], [["**/provider/client/**"]], "cli may use what lies above client."),
  forbid(
    ["bench/floor/**"],
    [["**/sdk/**", "../**/provider/**", "**/simulator/**", "**/test/**", "pulumi-vpp", "pulumi-vpp/**"]],
    "The floor loads nothing of ours.",
  ),
  forbid(["test/engine/**"], [["**/provider/**", "**/sdk/**", "**/simulator/**"]], "The engine knows no provider."),
);
