import { debuglog } from "node:util";
import { describeFailure, isVppError, VppError } from "../provider/errors";
import { ExitError } from "./exit-error";
import { printable } from "./terminal";

const debug = debuglog("pulumi-vpp");

/** An error as one line for people: whose it is, what did not happen, why, with its code, and what to do now. */
export function failureLine(subject: string, operationFailed: string, error: VppError): string {
  return printable(describeFailure(subject, operationFailed, error));
}

/**
 * What a command ends with when it can't go on: exit code 2 whatever happened, since 1 says that the libraries need a person. `failed` is what
 * did not happen.
 */
export function asExit(command: string, failed: string, error: unknown): ExitError {
  if (error instanceof ExitError) return error;
  if (isVppError(error)) return new ExitError(2, failureLine(command, failed, error));
  debug("%O", error);
  const why = `something unexpected happened: ${error instanceof Error ? error.message : String(error)}`;
  const remedy = "Please report this; NODE_DEBUG=pulumi-vpp shows where it happened.";
  return new ExitError(2, failureLine(command, failed, new VppError("VPP_BUG_UNEXPECTED", why, { remedy })));
}
