import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "csv-parse/sync";
import * as vpp from "pulumi-vpp";

type Row = Readonly<Record<string, string>>;
const table = (file: string): Row[] => parse(readFileSync(file), { columns: true, bom: true, trim: true });

/** What every device gets. */
const apps = ["361285480", "1510284467"];

// One program for all regions; the name of the stack says which one this is.
const region = pulumi.getStack();
const all = table("locations.csv");
const devices = table("devices.csv");
const locations = all.filter((location) => location.Region === region);
if (locations.length === 0) {
  const regions = [...new Set(all.map((location) => location.Region))];
  throw new pulumi.RunError(`locations.csv has no region ${region}; its regions are ${regions.join(", ")}.`);
}

// A device whose location is spelt wrongly would belong to nobody, and nobody would notice.
const keys = new Set(all.map(({ Key }) => Key));
const lost = devices.filter(({ Key = "" }) => !keys.has(Key));
if (lost.length > 0)
  throw new pulumi.RunError(`devices.csv names locations that locations.csv lacks: ${lost.map(({ Key }) => Key)}.`);

for (const { Key: key = "", Location: displayName = "" } of locations) {
  // The key names the content token as well, which is looked for in VPP_CONTENT_TOKEN_ALDER_FILE and so on.
  const token = new vpp.VppToken(key, { contentTokenKey: key, displayName }, { protect: true });
  new vpp.VppAssignment(`${key}-devices`, {
    token,
    apps,
    serialNumbers: devices.filter(({ Key }) => Key === key).map((device) => device["Serial Number"] ?? ""),
  });
}
