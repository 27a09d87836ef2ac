/**
 * Reads a library of 1.5 million licences twice in one run, and prints the highest memory in MB that this took beside an idle process. Run
 * in a process of its own, since memory is a process's.
 */
import { Client } from "../../../../../../provider/apple/api/client";
import { LibraryLog } from "../../../../../../provider/apple/library/log/libraryLog";
import { AssetTable, assetKey } from "../../../../../../provider/apple/library/readings/assets";
import { AssignmentCache } from "../../../../../../provider/apple/library/readings/assignmentCache";
import type { Transport } from "../../../../../../provider/http/transport";
import { peakMegabytes } from "../../../../../support/peakMemory";

const appCount = 150;
const devices = 10_000;
const size = 1000;
const firstApp = 2_000_000_000;

/** The text of a page, as the service would send it: all rows of an app come one after another. */
function page(index: number, adamId: string | null): string {
  const first = adamId === null ? 0 : (Number(adamId) - firstApp) * devices;
  const totalPages = ((adamId === null ? appCount : 1) * devices) / size;
  const rows = Array.from({ length: size }, (_, row) => {
    const at = first + index * size + row;
    const app = String(firstApp + Math.floor(at / devices));
    return { adamId: app, pricingParam: "STDQ", serialNumber: `F9FW${String(at % devices).padStart(8, "0")}` };
  });
  const next = index + 1 < totalPages ? { nextPageIndex: index + 1 } : {};
  const head = { uId: "1", versionId: "v", currentPageIndex: index, size, totalPages, ...next };
  return JSON.stringify({ ...head, assignments: rows });
}

const transport: Transport = async ({ url }) => {
  const { pathname, searchParams } = new URL(url);
  const index = Number(searchParams.get("pageIndex") ?? "0");
  const text = pathname.endsWith("/service/config")
    ? '{"limits":{"maxRequestPerSecond":100000}}'
    : page(index, searchParams.get("adamId"));
  return { status: 200, text };
};

async function main(): Promise<void> {
  const idle = process.memoryUsage().rss;
  const client = new Client({ endpoint: "http://127.0.0.1:1/mdm/v2", token: "t", transport });
  const log = new LibraryLog(Date.now);
  const keys = Array.from({ length: appCount }, (_, app) => ({ adamId: String(firstApp + app), pricingParam: "STDQ" }));
  const counts = () =>
    new AssetTable(
      keys.map((key) => ({ ...key, totalCount: devices, assignedCount: devices, availableCount: 0 })),
      log.now(),
      log.now(),
    );
  log.keepAssets(counts());
  const cache = new AssignmentCache(client, log, { countsNow: async () => log.keepAssets(counts()) });
  const apps = keys.map(assetKey);
  for (let reading = 0; reading < 2; reading++) {
    const holders = await cache.holders(counts(), apps, "device", 0);
    if (holders.of(apps.at(-1)!).size !== devices) throw new Error("it does not know who holds the last app");
  }
  const peak = peakMegabytes();
  process.stdout.write(`${Math.round(peak - idle / 2 ** 20)}\n`);
}

void main();
