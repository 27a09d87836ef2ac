import type { LibraryEntry } from "../simulator";
import { serials, smallLibrary } from "../test/support/world";

/** A program and the libraries that it is about. The text works with our SDK and with the floor's classes: both are called `vpp` in it. */
export interface Program {
  readonly text: string;
  /** The first library is that of the key `default`; the others have the keys `lib1`, `lib2` and so on. */
  readonly libraries: readonly LibraryEntry[];
  /** What budgets may depend on. */
  readonly scale: Readonly<Record<string, number>>;
}

const firstApp = 2_000_000_000;
const plenty = 1_000_000;

/** The key of a library's content token by the library's place. */
export const keyOf = (index: number): string => (index === 0 ? "default" : `lib${index}`);

const adamIds = (count: number): string[] => Array.from({ length: count }, (_, index) => String(firstApp + index));

function library(index: number, apps: number, changes: Partial<LibraryEntry> = {}): LibraryEntry {
  const assets = adamIds(apps).map((adamId, app) => ({ adamId, name: `App ${app}`, totalCount: plenty }));
  const libraryId = String(2_049_025_000_431_439 + index);
  return smallLibrary({ libraryId, locationName: `Contoso ${index}`, assets, ...changes });
}

const head = `
const range = (count) => Array.from({ length: count }, (_, index) => index);
const serials = (count, from = 0) => range(count).map((index) => "F9FW" + String(from + index).padStart(6, "0"));
const apps = (count) => range(count).map((index) => String(${firstApp} + index));`;

/** Devices of each assignment of {@link mixed}. */
const devicesEach = 5;

/**
 * So many resources, as a platform team has them: for each library a token, a set of people, a fifth of apps and the rest assignments,
 * every tenth of them to a person of the set. Tokens, apps and people flow from one resource into the next.
 */
export function mixed(resources: number, libraries = 1): Program {
  const each = Math.floor(resources / libraries);
  const apps = Math.max(1, Math.floor(each / 5));
  const assignments = each - 2 - apps;
  const people = Math.max(1, Math.floor(assignments / 10));
  const toPeople = Math.floor(assignments / 10);
  const text = `${head}
for (const key of ${JSON.stringify(Array.from({ length: libraries }, (_, index) => keyOf(index)))}) {
  const token = new vpp.VppToken(key, { contentTokenKey: key });
  const users = range(${people}).map((index) => ({ clientUserId: "person-" + index, email: "person-" + index + "@contoso.example" }));
  const people = new vpp.VppUserSet(key + "-people", { token, users });
  const owned = apps(${apps}).map((adamId) => new vpp.VppApp(key + "-" + adamId, { token, adamId }));
  for (const index of range(${assignments})) {
    const person = Math.floor(index / 10);
    const targets = index % 10 === 9
      ? { clientUserIds: people.clientUserIds.apply((ids) => [ids[person]]) }
      : { serialNumbers: serials(${devicesEach}, ${devicesEach} * index) };
    new vpp.VppAssignment(key + "-" + index, { token, apps: [owned[index % owned.length]], ...targets });
  }
}`;
  const licences = (assignments - toPeople) * devicesEach + toPeople;
  return {
    text,
    libraries: Array.from({ length: libraries }, (_, index) => library(index, apps)),
    scale: { libraries, apps, people, licences, ofApps: licences },
  };
}

/** So many assignments of one app to one device each. */
export function assignments(count: number): Program {
  const text = `${head}
const token = new vpp.VppToken("hq");
for (const index of range(${count})) new vpp.VppAssignment("one-" + index, { token, apps: [apps(10)[index % 10]], serialNumbers: serials(1, index) });`;
  return { text, libraries: [library(0, 10)], scale: { assignments: count } };
}

/** One assignment of so many apps to so many devices. */
export function fleet(apps: number, devices: number): Program {
  const text = `${head}
const token = new vpp.VppToken("hq");
new vpp.VppAssignment("fleet", { token, apps: apps(${apps}), serialNumbers: serials(${devices}) });`;
  return { text, libraries: [library(0, apps)], scale: { apps, devices } };
}

/** One set of so many people. */
export function people(count: number): Program {
  const text = `${head}
const token = new vpp.VppToken("hq");
const users = range(${count}).map((index) => ({ clientUserId: "person-" + index, email: "person-" + index + "@contoso.example" }));
new vpp.VppUserSet("people", { token, users });`;
  return { text, libraries: [library(0, 1)], scale: { people: count } };
}

/** So many libraries in one stack, as a ministry's schools or a chain's shops are: for each a token, an app, and an assignment of two apps to two devices. */
export function manyLibraries(count: number): Program {
  const text = `${head}
for (const key of ${JSON.stringify(Array.from({ length: count }, (_, index) => keyOf(index)))}) {
  const token = new vpp.VppToken(key, { contentTokenKey: key });
  const [first, second] = apps(2);
  const app = new vpp.VppApp(key + "-app", { token, adamId: first });
  new vpp.VppAssignment(key + "-devices", { token, apps: [app, second], serialNumbers: serials(2) });
}`;
  const libraries = Array.from({ length: count }, (_, index) => library(index, 2));
  return { text, libraries, scale: { libraries: count, apps: 2, licences: 4, ofApps: 4 } };
}

/** Apps, and devices that hold them, of each group of {@link groups}. */
export const appsOfGroup = 10;
export const devicesOfGroup = 500;

/** A library in which every group of ten apps is on five hundred devices of its own, all of it declared: 100 groups are 500,000 licences. */
export function groups(count: number): Program {
  const text = `${head}
const token = new vpp.VppToken("hq");
for (const index of range(${count})) new vpp.VppAssignment("group-" + index, {
  token,
  apps: apps(${appsOfGroup * count}).slice(${appsOfGroup} * index, ${appsOfGroup} * (index + 1)),
  serialNumbers: serials(${devicesOfGroup}, ${devicesOfGroup} * index),
});`;
  const held = adamIds(count * appsOfGroup).map((adamId, index) => ({
    adamId,
    serialNumbers: serials(devicesOfGroup, devicesOfGroup * Math.floor(index / appsOfGroup)),
  }));
  const apps = count * appsOfGroup;
  const licences = apps * devicesOfGroup;
  return {
    text,
    libraries: [library(0, apps, { assignments: held })],
    scale: { libraries: 1, apps, people: 0, licences, ofApps: licences },
  };
}
