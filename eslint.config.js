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
    ["simulator/kit/**"],
    [["**/apple/**", "**/provider/**", "**/sdk/**", "**/cli/**", "**/test/**"]],
    "The kit serves the stand-in of any service and knows none.",
  ),
  forbid(
    ["provider/http/**", "provider/contentToken/**", "provider/schema/**"],
    [["**/apple/**", "**/plan/**", "**/sdk/**", "**/simulator/**"]],
    "What every back end needs knows none of them.",
  ),
  forbid(
    ["provider/plan/**"],
    [["**/api/**", "**/resources/**", "**/http/**", "**/sdk/**", "**/simulator/**"]],
    "The plan knows what is declared, not how it is done.",
  ),
  forbid(
    ["provider/apple/api/**"],
    [["**/library/**", "**/resources/**", "**/engine/**", "**/sdk/**", "**/simulator/**"]],
    "api may use http only.",
  ),
  forbid(
    ["provider/apple/library/**"],
    [["**/resources/**", "**/engine/**", "**/sdk/**", "**/simulator/**"]],
    "library may use api and http.",
  ),
  forbid(
    ["provider/apple/resources/**"],
    [["**/api/**", "**/http/**", "**/sdk/**", "**/simulator/**"]],
    "resources may use library only.",
  ),
  forbid(
    ["provider/engine/**"],
    [["**/api/**", "**/sdk/**", "**/simulator/**"]],
    "engine may use resources and library.",
  ),
  forbid(
    ["inventory/**"],
    [["**/api/**", "**/sdk/**", "**/cli/**", "**/simulator/**", "@pulumi/**"]],
    "inventory may use library, engine and resources.",
  ),
  forbid(
    ["sdk/**"],
    [
      [
        "**/provider/apple/api/**",
        "**/provider/apple/library/**",
        "**/provider/engine/**",
        "**/provider/http/**",
        "**/simulator/**",
      ],
    ],
    "sdk may use the types of resources and of the plan.",
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
  forbid(["cli/**"], [["**/provider/apple/api/**"]], "cli may use what lies above api."),
  forbid(
    ["bench/floor/**"],
    [["**/sdk/**", "../**/provider/**", "**/simulator/**", "**/test/**", "pulumi-vpp", "pulumi-vpp/**"]],
    "The floor loads nothing of ours.",
  ),
  forbid(["test/engine/**"], [["**/provider/**", "**/sdk/**", "**/simulator/**"]], "The engine knows no provider."),
);
