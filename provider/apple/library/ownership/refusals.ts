import { VppError } from "../../../errors";
import { redact } from "../../../redact";
import type { MdmInfo } from "../../api/wire";
import { holderName, stackInMark, wayOutOf, wayOutOfStack } from "./ownershipMarker";

/** The error for a library that another service manages, or another stack of this product, with the ways out. */
export function heldByAnother(holder: MdmInfo): VppError {
  const stack = stackInMark(holder);
  if (stack !== undefined) {
    const why = `the library is held by another stack of pulumi-vpp, “${stack}” (id ${redact(holder.id)})`;
    return new VppError("VPP_AUTH_HELD_BY_ANOTHER", why, { remedy: wayOutOfStack(holder) });
  }
  return new VppError("VPP_AUTH_HELD_BY_ANOTHER", `the library is held by another service, ${holderName(holder)}`, {
    remedy: wayOutOf(holder),
  });
}

/** The error for a content token that opens another library than the one that is meant. */
export function opensAnother(seen: string | undefined, wanted: string): VppError {
  const why = `the content token opens library ${redact(String(seen))}, but this stack's resources belong to library ${redact(wanted)}`;
  return new VppError("VPP_AUTH_OTHER_LIBRARY", why, {
    remedy:
      "Put back a content token of the same organizational unit; for another library, declare a new VppToken under another name.",
  });
}
