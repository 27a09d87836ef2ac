import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { VppErrorCode } from "../../provider/errors";

/** A copy of this package on disk. */
export interface PackageCopy {
  readonly folder: string;
  readonly version: string;
}

const packageName = "pulumi-vpp";

/** Why a program is refused. */
export interface CopyFault {
  readonly code: VppErrorCode;
  readonly why: string;
  readonly remedy: string;
}

/**
 * Refuses a program whose provider Pulumi would not find, or would find in another version, or which uses two copies of this package: without
 * this the run would fail in words that nobody understands, or each copy would know its own half of the program only. Asked once for each run.
 */
export function refuseWrongCopy(run: object): void {
  // Programs' unit tests have no provider at all.
  if ("mocks" in run) return;
  const own = ownCopy();
  const fault = twinFault(run, own) ?? hostFault(own);
  if (fault === undefined) return;
  const { code, why, remedy } = fault;
  throw new pulumi.RunError(`pulumi-vpp: nothing was declared: ${why} (${code}). ${remedy}`);
}

/** What is wrong with what Pulumi finds from a program's folder, from which it loads the provider; undefined if nothing is. */
export function faultOfFolder(folder: string, own: PackageCopy | undefined): CopyFault | undefined {
  const found = copyFrom(folder);
  if (found === undefined) {
    const wanted = own === undefined ? packageName : `${packageName}@${own.version}`;
    return {
      code: "VPP_CONFIG_PACKAGE",
      why: `the package ${packageName} is not found from ${folder}, from where Pulumi loads the provider`,
      remedy:
        `Install it there, in the project that holds Pulumi.yaml or the \`main\` that it names: \`npm install ${wanted}\`. ` +
        "To have it in another package of a workspace or in a bundle is not enough.",
    };
  }
  if (own === undefined || found.version === own.version) return undefined;
  return {
    code: "VPP_CONFIG_PACKAGE",
    why: `the program uses ${shown(own)}, and Pulumi loads the provider from ${shown(found)}`,
    remedy: `Install one version for both, for example \`npm install ${packageName}@${own.version}\` in ${folder}.`,
  };
}

/** Which copy of this package each run uses; shared by all copies in the process. */
const registry = Symbol.for("pulumi-vpp.copies");

function twinFault(run: object, own: PackageCopy | undefined): CopyFault | undefined {
  const shared = globalThis as { [registry]?: WeakMap<object, PackageCopy> };
  shared[registry] ??= new WeakMap();
  const copy = own ?? { folder: "a bundle", version: "" };
  const first = shared[registry].get(run) ?? copy;
  shared[registry].set(run, first);
  if (first.folder === copy.folder) return undefined;
  return {
    code: "VPP_CONFIG_PACKAGE",
    why: `it uses two copies of this package, ${shown(first)} and ${shown(copy)}, and each would know only its own half of the program`,
    remedy: `Let both come from one place: install ${packageName} once, beside Pulumi.yaml, and as a peer dependency in the packages that use it.`,
  };
}

const asked = new Map<string, CopyFault | undefined>();

function hostFault(own: PackageCopy | undefined): CopyFault | undefined {
  const folder = programFolder();
  if (folder === undefined) return undefined;
  if (!asked.has(folder)) asked.set(folder, faultOfFolder(folder, own));
  return asked.get(folder);
}

/** Programs may go elsewhere later. */
const startFolder = process.cwd();
const programRunner = /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run(?:[\\/]index)?(?:\.js)?$/;

/**
 * The folder in which Pulumi starts the provider's host, too. Only a program that Pulumi has started knows it: an inline program of the
 * Automation API runs anywhere, and with Plug'n'Play there are no folders to look in.
 */
function programFolder(): string | undefined {
  if (!programRunner.test(process.argv[1] ?? "") || process.versions.pnp !== undefined) return undefined;
  // A program that had left its project before it loaded this package leaves nothing to go by.
  const way = relative(realpathSync(pulumi.getRootDirectory()), startFolder);
  return way.startsWith("..") || isAbsolute(way) ? undefined : startFolder;
}

function copyFrom(folder: string): PackageCopy | undefined {
  try {
    return copyIn(createRequire(join(folder, "program.js")).resolve(`${packageName}/provider`));
  } catch {
    return undefined;
  }
}

/** This very copy; unknown in a bundle, which keeps no folders. */
function ownCopy(): PackageCopy | undefined {
  try {
    return copyIn(__filename);
  } catch {
    return undefined;
  }
}

/** The copy of this package that a file is in. */
function copyIn(file: string): PackageCopy | undefined {
  for (let folder = dirname(realpathSync(file)); ; folder = dirname(folder)) {
    const { name, version } = manifestIn(folder);
    if (name === packageName && version !== undefined) return { folder, version };
    if (folder === dirname(folder)) return undefined;
  }
}

function manifestIn(folder: string): { readonly name?: string; readonly version?: string } {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: string; version?: string };
  } catch {
    return {};
  }
}

function shown({ folder, version }: PackageCopy): string {
  return version === "" ? folder : `version ${version} in ${folder}`;
}
