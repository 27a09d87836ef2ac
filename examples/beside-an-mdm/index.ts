import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "csv-parse/sync";
import * as vpp from "pulumi-vpp";

const config = new pulumi.Config();

// A library bears the mark of the service that manages it. Here that is the device management, and it is to stay so: with its id in
// `managedBy`, no mark of ours is written, none is released, and if yet another service shows up, everything stops.
// Not known yet? Leave the setting out: the preview is refused and names the id.
const token = new vpp.VppToken(
  "library",
  { displayName: "Contoso HQ", managedBy: config.get("managedBy") },
  { protect: true },
);

const rows: Record<string, string>[] = parse(readFileSync("devices.csv"), { columns: true, bom: true, trim: true });

new vpp.VppAssignment("field-ipads", {
  token,
  apps: ["361285480", "409183694"],
  serialNumbers: rows.map((row) => row["Serial Number"] ?? ""),
  // Whatever leaves the list, and this whole resource when it goes, stays as it is at the service. The device management may want the
  // licence for reasons of its own, and a trial must not cost anybody an app. Take this line out when the trial is over.
  reclaim: false,
});

/** The service that the library belongs to, as its mark says. */
export const managedBy = token.holder.apply((holder) => holder?.name);
