import * as pulumi from "@pulumi/pulumi";
import * as vpp from "pulumi-vpp";
import { readDevices, readPeople } from "./lists";

// Everything that differs from one organization to the next is configuration; README.md lists the keys. The content token is not read
// here: the provider finds it by itself, from VPP_CONTENT_TOKEN_FILE or vpp:contentTokenFile.
const config = new pulumi.Config();
const devicesFile = config.get("devices") ?? "devices.csv";
const peopleFile = config.get("people") ?? "people.csv";
const devices = devicesFile === "" ? [] : readDevices(devicesFile);
const people = peopleFile === "" ? [] : readPeople(peopleFile);
const reclaim = config.getBoolean("reclaim") ?? true;

// Protected: a program that has lost everything, with its VppToken, is stopped by Pulumi itself. `pulumi state unprotect` allows a destroy.
const token = new vpp.VppToken(
  "library",
  {
    displayName: config.get("displayName"),
    managedBy: config.get("managedBy"),
    takeOverFrom: config.get("takeOverFrom"),
  },
  { protect: true },
);

/** The products of a configuration value such as "361285480,361309726"; an empty value means none. */
function products(key: string, usually: string): vpp.VppApp[] {
  const adamIds = (config.get(key) ?? usually).split(",").map((id) => id.trim());
  return adamIds
    .filter(Boolean)
    .map((adamId) => new vpp.VppApp(`${key}-${adamId}`, { token, adamId, minimumAvailable: 3 }));
}

const apps = products("apps", "361285480,1510284466");
const macApps = products("macApps", "1187652093");
const peopleApps = products("peopleApps", "1098431260");
const books = products("books", "1450081122");

// Registering people invites them. They can be given licences before they accept.
const staff = new vpp.VppUserSet("staff", { token, users: people, reclaim });

const serialNumbers = devices.map(({ serialNumber }) => serialNumber);
const macs = devices.filter(({ isMac }) => isMac).map(({ serialNumber }) => serialNumber);
const { clientUserIds } = staff;

/** One assignment for a whole fleet; none if there is no app for it. */
function assign(name: string, chosen: vpp.VppApp[], to: Partial<vpp.VppAssignmentArgs>): vpp.VppAssignment[] {
  return chosen.length > 0 ? [new vpp.VppAssignment(name, { token, apps: chosen, reclaim, ...to })] : [];
}

const given = [
  ...assign("every-device", apps, { serialNumbers }),
  // With `exclusiveMacApps`, whoever else holds one of these apps on a device loses it.
  ...assign("every-mac", macApps, { serialNumbers: macs, exclusive: config.getBoolean("exclusiveMacApps") }),
  ...assign("staff-apps", peopleApps, { clientUserIds }),
  ...assign("staff-books", books, { clientUserIds }),
];

const sum = (counts: pulumi.Output<number>[]) => pulumi.all(counts).apply((all) => all.reduce((a, b) => a + b, 0));

export const library = token.locationName;
export const tokenExpiresAt = token.expiresAt;
export const licencesGiven = sum(given.map(({ assignedCount }) => assignedCount));
export const licencesMissing = sum(given.map(({ missingCount }) => missingCount));
export const peopleInvited = staff.invitedCount;
export const peopleAccepted = staff.acceptedCount;
