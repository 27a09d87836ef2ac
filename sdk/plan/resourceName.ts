import * as pulumi from "@pulumi/pulumi";
import { holdsContentToken } from "../../provider/redact";

/** Refuses a resource that has a content token's text for its name: Pulumi itself would print the name, and keep it in the state. */
export function refuseSecretName(name: unknown): void {
  if (typeof name !== "string" || !holdsContentToken(name)) return;
  throw new pulumi.RunError(
    "pulumi-vpp: the program was stopped: the name of a resource is a content token's text (VPP_INPUT_INVALID). " +
      "Give the resource a name of your own, and put the token into VPP_CONTENT_TOKEN, never into the program.",
  );
}
