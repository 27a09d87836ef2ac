import { isDead } from "../../inventory/read";
import { many } from "../status/summary";
import { printable } from "../terminal";
import type { LibraryReport } from "./data";
import { html, type Markup } from "./markup";

const dayMs = 24 * 60 * 60 * 1000;
/** A token in its last 30 days is to be renewed. */
const lastDays = 30;
const ticks = 5;
const mostBuckets = 12;

/** A number as people read it. */
export function shown(count: number): string {
  return count.toLocaleString("en-GB");
}

/** A horizontal bar of parts of a whole; the same numbers stand beside it as text, so it is hidden from screen readers. */
export function barOf(parts: readonly (readonly [style: string, share: number])[]): Markup {
  let at = 0;
  const rects = parts.map(([style, share]) => {
    const width = Math.max(0, Math.min(1 - at, share)) * 1000;
    const rect = html`<rect class="${style}" x="${(at * 1000).toFixed(1)}" y="0" width="${width.toFixed(1)}" height="10"/>`;
    at += width / 1000;
    return rect;
  });
  return html`<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="1000" height="10"/>${rects}</svg>`;
}

function titleOf({ summary }: LibraryReport): string {
  return printable(summary.inventory.title);
}

/** How long each content token still lives, on one line of time. */
export function tokenFigure(reports: readonly LibraryReport[], now: Date): Markup {
  const ends = reports.map(({ summary }) => summary.inventory.token.expiresAt.getTime());
  const span = Math.max(365 * dayMs, ...ends.map((end) => end - now.getTime()));
  const dates = Array.from({ length: ticks }, (_, index) => new Date(now.getTime() + (span * index) / (ticks - 1)));
  const rows = reports.map((report) => {
    const { inventory } = report.summary;
    const { status, expiresAt, daysLeft, holder } = inventory.token;
    const life = isDead(inventory) ? 0 : Math.max(0, expiresAt.getTime() - now.getTime()) / span;
    const end = Math.min(life, (lastDays * dayMs) / span);
    const bar = barOf([
      ["used", life - end],
      ["warn", end],
    ]);
    const words = {
      valid: "valid",
      expiring: "expiring",
      expired: "expired",
      revoked: "revoked",
      refused: "not known to the service",
      heldByAnother: "held by another",
    };
    return html`<tr><th scope="row"><bdi>${titleOf(report)}</bdi></th><td><span class="badge ${status}">${words[status]}</span></td><td class="number">${shown(daysLeft)}</td><td class="date">${expiresAt.toISOString().slice(0, 10)}</td><td>${holder ? html`<bdi>${printable(holder.name)}</bdi>` : "nobody"}</td><td class="figure">${bar}</td></tr>`;
  });
  const axis = dates.map((date) => html`<span>${date.toISOString().slice(0, 7)}</span>`);
  return tableOf(
    "Content tokens",
    html`<th scope="col">Library</th><th scope="col">Token</th><th scope="col" class="number">Days left</th><th scope="col">Valid until</th><th scope="col">Held by</th><th scope="col" class="figure"><span class="hidden">Life of the token, from today on: </span><span class="axis">${axis}</span></th>`,
    rows,
  );
}

/** People by whether they have accepted the invitation. */
export function peopleFigure(reports: readonly LibraryReport[]): Markup {
  const rows = reports.map((report) => {
    const { invited = 0, accepted = 0, other = 0 } = report.summary.people ?? {};
    const all = Math.max(1, invited + accepted + other);
    const bar = barOf([
      ["used", accepted / all],
      ["pending", invited / all],
    ]);
    return html`<tr><th scope="row"><bdi>${titleOf(report)}</bdi></th><td class="number">${shown(accepted)}</td><td class="number">${shown(invited)}</td><td class="figure">${bar}</td></tr>`;
  });
  return tableOf(
    "People by invitation",
    html`<th scope="col">Library</th><th scope="col" class="number">${key("used")}Accepted</th><th scope="col" class="number">${key("pending")}Invited</th>${figureHead("Share of all")}`,
    rows,
  );
}

/** Devices by how many licences they hold. */
export function deviceFigure(reports: readonly LibraryReport[]): Markup {
  const counts = new Map<number, number>();
  for (const { totals } of reports)
    for (const [licences, devices] of totals.devicesByLicences)
      counts.set(licences, (counts.get(licences) ?? 0) + devices);
  const buckets = bucketsOf(counts);
  const most = Math.max(1, ...buckets.map(({ devices }) => devices));
  const rows = buckets.map(
    ({ label, devices }) =>
      html`<tr><th scope="row">${label}</th><td class="number">${shown(devices)}</td><td class="figure">${barOf([["used", devices / most]])}</td></tr>`,
  );
  if (rows.length === 0) return html`<p>No device holds a licence.</p>`;
  return tableOf(
    "Devices by number of licences",
    html`<th scope="col">Licences</th><th scope="col" class="number">Devices</th>${figureHead("Compared with the most")}`,
    rows,
  );
}

function bucketsOf(counts: ReadonlyMap<number, number>): { label: string; devices: number }[] {
  const most = Math.max(0, ...counts.keys());
  const width = counts.size <= mostBuckets ? 1 : Math.ceil(most / mostBuckets);
  const buckets = new Map<number, number>();
  for (const [licences, devices] of counts) {
    const bucket = Math.floor((licences - 1) / width);
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + devices);
  }
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([bucket, devices]) => {
      const first = bucket * width + 1;
      return { label: width === 1 ? many(first, "licence") : `${first} to ${first + width - 1} licences`, devices };
    });
}

/** What resources declare and what not, for libraries that a state was given for. */
export function declaredFigure(reports: readonly LibraryReport[]): Markup {
  const rows = reports.map((report) => {
    const { summary, totals, data } = report;
    const title = html`<th scope="row"><bdi>${titleOf(report)}</bdi></th>`;
    if (!data.isCompared)
      return html`<tr>${title}<td colspan="5">not known, since the state is encrypted or the library could not be read</td></tr>`;
    const { serialNumbers = [], clientUserIds } = summary.undeclared!;
    const { held } = totals;
    const declared = held - totals.undeclared;
    const bar = barOf([
      ["used", declared / Math.max(1, held)],
      ["undeclared", totals.undeclared / Math.max(1, held)],
    ]);
    return html`<tr>${title}<td class="number">${shown(declared)}</td><td class="number">${shown(totals.undeclared)}</td><td class="number">${shown(serialNumbers.length)}</td><td class="number">${clientUserIds ? shown(clientUserIds.length) : "not known"}</td><td class="figure">${bar}</td></tr>`;
  });
  return tableOf(
    "Declared and not declared",
    html`<th scope="col">Library</th><th scope="col" class="number">${key("used")}Declared licences</th><th scope="col" class="number">${key("undeclared")}Other licences</th><th scope="col" class="number">Devices in no resource</th><th scope="col" class="number">People in no resource</th>${figureHead("Share of licences")}`,
    rows,
  );
}

function key(style: string): Markup {
  return html`<span class="key ${style}" aria-hidden="true"></span>`;
}

function figureHead(text: string): Markup {
  return html`<th scope="col" class="figure">${text}</th>`;
}

function tableOf(caption: string, head: Markup, rows: readonly Markup[]): Markup {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table><caption class="hidden">${caption}</caption><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
