import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AdoptedLibrary } from "./model";
import { type Files, writeProgram } from "./program";
import { quoted } from "./source";

/** What a project is called and made of, beside its libraries. */
export interface ProjectSettings {
  readonly project: string;
  /** What `npm install` is to fetch as pulumi-vpp: a version, or whatever else npm takes. */
  readonly package: string;
}

interface PackageFile {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** The folder of the package that this file belongs to, seen from the compiled file. */
const packageFolder = join(__dirname, "../../..");

/** All files of the project but the import file and the README. */
export function projectFiles(libraries: readonly AdoptedLibrary[], settings: ProjectSettings): Files {
  const files: Files = new Map([
    ["Pulumi.yaml", `name: ${settings.project}\nruntime: nodejs\n`],
    [".gitignore", "node_modules/\nimport.json\n*.vpptoken\n"],
    ["tsconfig.json", json(compilerOptions)],
  ]);
  const [only] = libraries;
  if (libraries.length === 1) {
    writeProgram(only!, "index.ts", "lists", files);
  } else {
    for (const library of libraries) writeProgram(library, `${library.slug}.ts`, `lists/${library.slug}`, files);
    files.set("index.ts", libraries.map(({ slug }) => `import ${quoted(`./${slug}`)};\n`).join(""));
  }
  const needsReader = [...files.keys()].some((path) => path.endsWith(".csv"));
  if (needsReader) files.set("lists.ts", readFileSync(join(packageFolder, "cli/adopt/template/lists.ts"), "utf8"));
  files.set("package.json", json(packageOf(settings, needsReader)));
  return files;
}

const compilerOptions = {
  compilerOptions: {
    target: "es2022",
    module: "nodenext",
    moduleResolution: "nodenext",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  },
  files: ["index.ts"],
};

/** The versions are those that this package itself is built and tested with. */
function packageOf(settings: ProjectSettings, needsReader: boolean): object {
  const own = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as PackageFile;
  return {
    name: settings.project.toLowerCase().replace(/^[._-]+/, "") || "apps-and-books",
    private: true,
    dependencies: {
      "@pulumi/pulumi": own.peerDependencies["@pulumi/pulumi"],
      ...(needsReader && { "csv-parse": own.dependencies["csv-parse"] }),
      "pulumi-vpp": settings.package,
    },
    devDependencies: {
      "@types/node": own.devDependencies["@types/node"],
      typescript: own.devDependencies.typescript,
    },
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
