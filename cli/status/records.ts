import { stringify } from "csv-stringify/sync";
import { assetOfKey } from "../../provider/apple/library/readings/assets";
import type { Unread } from "../libraries";
import { printable } from "../terminal";
import { isUnlimited, type Summary } from "./summary";

/** Everything that a status knows, as `--json` prints it. */
export function jsonOf(summaries: readonly Summary[], unread: readonly Unread[]): object {
  return {
    libraries: summaries.map(libraryJson),
    failures: unread.map(({ contentTokenKey, libraryId, error }) => ({
      contentTokenKey,
      libraryId,
      code: error.code,
      reason: error.reason,
      remedy: error.details.remedy,
    })),
  };
}

function libraryJson(summary: Summary): object {
  const { inventory, apps, people, undeclared, unknownSerials, concerns } = summary;
  const { contentTokenKey, title, libraryId, locationName, organizationName, countryCode, platform, token } = inventory;
  return {
    title,
    libraryId,
    contentTokenKey,
    locationName,
    organizationName,
    countryCode,
    platform,
    token: { ...token, expiresAt: token.expiresAt.toISOString() },
    apps: apps?.map((app) => ({
      adamId: app.adamId,
      pricingParam: app.pricingParam,
      displayName: app.displayName,
      bundleId: app.bundleId,
      productType: app.productType,
      unlimited: isUnlimited(app),
      totalCount: app.totalCount,
      assignedCount: app.assignedCount,
      availableCount: app.availableCount,
      retiredCount: app.retiredCount,
    })),
    users: people,
    holdings: inventory.holdings?.map(({ kind, target, apps: held, status }) => ({
      ...targetOf(kind, target),
      status,
      apps: held.map((key) => ({ ...assetOfKey(key), declared: summary.isDeclared?.(kind, key, target) })),
    })),
    undeclared: undeclared && {
      licenceCount: undeclared.count,
      apps: inventory.apps.flatMap(({ key, adamId, pricingParam }) => {
        const serialNumbers = undeclared.devices.get(key) ?? [];
        const clientUserIds = undeclared.users.get(key) ?? [];
        return serialNumbers.length + clientUserIds.length === 0
          ? []
          : [{ adamId, pricingParam, serialNumbers, clientUserIds }];
      }),
      serialNumbers: undeclared.serialNumbers,
      clientUserIds: undeclared.clientUserIds,
      encrypted: [...undeclared.unreadable, ...summary.unreadableSets],
    },
    unknownSerialNumbers: unknownSerials,
    needsPerson: concerns,
    readAt: inventory.readAt.toISOString(),
  };
}

const columns = [
  "record",
  "library",
  "libraryId",
  "adamId",
  "pricingParam",
  "app",
  "serialNumber",
  "clientUserId",
  "status",
  "totalCount",
  "assignedCount",
  "availableCount",
  "retiredCount",
  "count",
  "expiresAt",
  "daysLeft",
  "text",
] as const;

type CsvRecord = { readonly record: string } & Partial<Record<(typeof columns)[number], string | number | undefined>>;

/** Everything that a status knows, as `--csv` prints it: one record on a line, made safe for spreadsheets, too. */
export function csvOf(summaries: readonly Summary[], unread: readonly Unread[]): string {
  const records: CsvRecord[] = [
    ...summaries.flatMap((summary) => libraryRecords(summary)),
    ...unread.map(({ libraryId, error }) => ({ record: "failure", libraryId, status: error.code, text: error.reason })),
  ];
  const clean = records.map((record) =>
    Object.fromEntries(
      Object.entries(record).map(([key, value]) => [key, typeof value === "string" ? printable(value) : value]),
    ),
  );
  return stringify(clean, { header: true, columns: [...columns], escape_formulas: true });
}

function libraryRecords(summary: Summary): CsvRecord[] {
  const { inventory, apps, people, undeclared, unknownSerials, concerns } = summary;
  const { token, title, libraryId } = inventory;
  const names = new Map(inventory.apps.map(({ key, displayName }) => [key, displayName]));
  const appOf = (key: string): object => ({ ...assetOfKey(key), app: names.get(key) });
  const records: CsvRecord[] = [
    {
      record: "token",
      status: token.status,
      expiresAt: token.expiresAt.toISOString(),
      daysLeft: token.daysLeft,
      text: token.holder && `held by ${token.holder.name} (id ${token.holder.id})`,
    },
    ...(apps ?? []).map(({ key, totalCount, assignedCount, availableCount, retiredCount, productType }) => ({
      record: productType === "Book" ? "book" : "app",
      ...appOf(key),
      totalCount,
      assignedCount,
      availableCount,
      retiredCount,
    })),
    ...(people
      ? [
          { record: "people", status: "invited", count: people.invited },
          { record: "people", status: "accepted", count: people.accepted },
          ...(people.other ? [{ record: "people", status: "other", count: people.other }] : []),
        ]
      : []),
    ...(inventory.holdings ?? []).flatMap(({ kind, target, status, apps: held }) =>
      held.map((key) => ({ record: "holding", ...appOf(key), ...targetOf(kind, target), status })),
    ),
    ...(undeclared ? undeclaredRecords(undeclared, appOf) : []),
    ...(unknownSerials ?? []).map((serialNumber) => ({ record: "unknownSerial", serialNumber })),
    ...concerns.map(({ reason, text }) => ({ record: "needsPerson", status: reason, text })),
  ];
  return records.map((record) => ({ ...record, library: title, libraryId }));
}

function undeclaredRecords(
  undeclared: NonNullable<Summary["undeclared"]>,
  appOf: (key: string) => object,
): CsvRecord[] {
  const pairs = (kind: "device" | "user", held: ReadonlyMap<string, readonly string[]>): CsvRecord[] =>
    [...held].flatMap(([key, targets]) =>
      targets.map((target) => ({ record: "undeclaredLicence", ...appOf(key), ...targetOf(kind, target) })),
    );
  return [
    ...pairs("device", undeclared.devices),
    ...pairs("user", undeclared.users),
    ...undeclared.serialNumbers.map((serialNumber) => ({ record: "undeclaredSerial", serialNumber })),
    ...(undeclared.clientUserIds ?? []).map((clientUserId) => ({ record: "undeclaredUser", clientUserId })),
  ];
}

function targetOf(kind: "device" | "user", target: string): { serialNumber?: string; clientUserId?: string } {
  return kind === "device" ? { serialNumber: target } : { clientUserId: target };
}
