import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "csv-parse/sync";
import * as vpp from "pulumi-vpp";
import { libraries } from "./libraries";

/** What the stack `tokens` exports. */
type Bound = Readonly<Record<string, { readonly libraryId: string; readonly bindingId: string }>>;

/** The stack of one library: gives the devices in its list their apps. */
export function give(key: string) {
  const library = libraries[key];
  if (library === undefined) {
    const names = ["tokens", ...Object.keys(libraries)].join(", ");
    throw new pulumi.RunError(`There is no library for a stack of the name ${key}. The stacks are ${names}.`);
  }
  const tokens = new pulumi.StackReference(`${pulumi.getOrganization()}/${pulumi.getProject()}/tokens`);
  const bound = tokens.requireOutput("libraries").apply((all: Bound) => {
    const found = all[key];
    if (found === undefined)
      throw new pulumi.RunError(`The stack tokens binds no library ${key} yet. Deploy it first.`);
    return found;
  });
  // Only what names the library goes from stack to stack. The content token itself is looked up by its key, here as there.
  const token = { libraryId: bound.libraryId, bindingId: bound.bindingId, contentTokenKey: key };

  const rows: Record<string, string>[] = parse(readFileSync(`devices/${key}.csv`), {
    columns: true,
    bom: true,
    trim: true,
  });
  const devices = new vpp.VppAssignment("devices", {
    token,
    apps: [...library.apps],
    serialNumbers: rows.map((row) => row["Serial Number"] ?? ""),
  });
  return { licencesGiven: devices.assignedCount, licencesMissing: devices.missingCount };
}
