import * as vpp from "pulumi-vpp";
import { libraries } from "./libraries";

/** The stack `tokens`: binds every library, and tells the other stacks how to refer to it. */
export function bind() {
  const references = Object.entries(libraries).map(([key, { displayName }]) => {
    const { libraryId, bindingId } = new vpp.VppToken(key, { contentTokenKey: key, displayName }, { protect: true });
    return [key, { libraryId, bindingId }] as const;
  });
  // Nothing else is exported: whatever changes here would show as drift in every stack that refers to it. Until when the tokens are good
  // is in this stack's own state.
  return { libraries: Object.fromEntries(references) };
}
