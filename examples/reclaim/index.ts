import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "csv-parse/sync";
import * as vpp from "pulumi-vpp";

const config = new pulumi.Config();

/** The serial numbers in a list whose first row names the columns. */
function serialsIn(file: string): string[] {
  const rows: Record<string, string>[] = parse(readFileSync(file), { columns: true, bom: true, trim: true });
  // The brake is about lists that come in half. One that came in empty is refused here, with its name.
  if (rows.length === 0) throw new pulumi.RunError(`${file} is empty but for its first row.`);
  return rows.map((row) => row["Serial Number"] ?? "");
}

const token = new vpp.VppToken("library", { displayName: "Morrow & Field" }, { protect: true });
// 50 licences of this one were bought, and each costs as much as a phone.
const sitemap = new vpp.VppApp("sitemap", { token, adamId: "1517702468" });
const expenses = new vpp.VppApp("expenses", { token, adamId: "1290337145" });

// Exclusive: the devices in the list and no other device. Whoever else holds a licence, from whatever hand it came, is drift: it shows in
// `pulumi refresh`, and the next `pulumi up` takes the licence back.
const surveyors = new vpp.VppAssignment("surveyors", {
  token,
  apps: [sitemap],
  serialNumbers: serialsIn("surveyors.csv"),
  exclusive: true,
  // The brake: how many devices one run may take licences from. Lists do come in half, and without a number of one's own it is the larger
  // of 25 and 10 % of the list, which is everything for a list of 20. A run that is meant to take more says so, once, by configuration.
  maxRevocations: config.getNumber("maxRevocations") ?? 10,
});

// The other way round: these devices are not to have the app, whoever gives it to them. Nobody else's licences are touched.
new vpp.VppAssignment("no-expenses-on-shared-phones", {
  token,
  apps: [expenses],
  serialNumbers: serialsIn("shared-phones.csv"),
  intent: "uninstall",
  maxRevocations: 20,
});

/** How many of the listed devices have the app. */
export const surveyorsLicensed = surveyors.assignedCount;
