import * as vpp from "pulumi-vpp";
import { departments } from "./departments";
import { LicenceGroup } from "./licenceGroup";
import { readByDepartment } from "./lists";

const devices = readByDepartment("devices.csv", "Serial Number");
const people = readByDepartment("people.csv", "clientUserId");

const token = new vpp.VppToken("library", { displayName: "Morrow & Field" }, { protect: true });

// Everybody is in one set, not in one for each department: who changes departments stays registered, and is not invited again.
const staff = new vpp.VppUserSet("staff", {
  token,
  users: [...people.values()].flat().map(({ clientUserId = "", email }) => ({ clientUserId, email })),
});

const groups = Object.entries(departments).map(([name, { onDevices, forPeople }]) => {
  const serialNumbers = (devices.get(name) ?? []).map((device) => device["Serial Number"] ?? "");
  const clientUserIds = (people.get(name) ?? []).map(({ clientUserId = "" }) => clientUserId);
  const group = new LicenceGroup(name, { token, staff, onDevices, forPeople, serialNumbers, clientUserIds });
  return [name, group] as const;
});

/** How many licences each department has. */
export const licences = Object.fromEntries(groups.map(([name, group]) => [name, group.assignedCount]));
/** How many are missing; anything but 0 is worth a look. */
export const missing = Object.fromEntries(groups.map(([name, group]) => [name, group.missingCount]));
export const peopleInvited = staff.invitedCount;
