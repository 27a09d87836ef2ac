import { VppError } from "../provider/errors";

/** A resource of a stack, as an exported state has it. */
export interface StoredResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** A copy that is only waiting to be deleted. */
  readonly delete?: boolean;
}

const secretSignature = "4dabf18193072939515e22adb298388d";
const remedy = "Give the output of `pulumi stack export`, or the name of a stack with --stack.";

/** The resources of an exported state, or of the file that a file backend keeps. `where` names it in errors. */
export function parseDeployment(text: string, where: string): StoredResource[] {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw new VppError("VPP_INPUT_INVALID", `${where} holds no JSON`, { remedy });
  }
  const { deployment, checkpoint } = asRecord(file);
  const resources = asRecord(deployment ?? asRecord(checkpoint).latest).resources ?? [];
  if ((deployment === undefined && checkpoint === undefined) || !Array.isArray(resources))
    throw new VppError("VPP_INPUT_INVALID", `${where} is not the state of a stack`, { remedy });
  return resources.filter(isStored);
}

function isStored(value: unknown): value is StoredResource {
  const { urn, type, delete: isLeftOver } = asRecord(value);
  return typeof urn === "string" && typeof type === "string" && isLeftOver !== true;
}

/** A value of the state in clear; undefined if it is encrypted. Secrets that were exported in clear are taken out of their wrapping. */
export function clear(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clear);
  if (typeof value !== "object" || value === null) return value;
  const record = value as Record<string, unknown>;
  if (secretSignature in record) {
    if (typeof record.plaintext !== "string") return undefined;
    try {
      return JSON.parse(record.plaintext) as unknown;
    } catch {
      return undefined;
    }
  }
  return Object.fromEntries(Object.entries(record).map(([key, each]) => [key, clear(each)]));
}

/** A record of anything; what is none has no fields. */
export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
