import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Unread } from "../libraries";
import { unreadLine } from "../status/text";
import { printable } from "../terminal";
import type { LibraryReport } from "./data";
import { declaredFigure, deviceFigure, peopleFigure, shown, tokenFigure } from "./figures";
import { hashSource, html, inlineJson, Markup } from "./markup";

/** The parts of the page's style; what the medium asks for comes last, since it overrules the rest. */
const styles = ["colours.css", "page.css", "tables.css", "controls.css", "media.css"];
/** The parts of the page's script, in the order in which they need each other. */
const scripts = ["rows.mjs", "table.mjs", "main.mjs"];

/** What a page is made of. */
export interface PageContent {
  readonly reports: readonly LibraryReport[];
  readonly unread: readonly Unread[];
  /** Whether a state was given to compare with. */
  readonly isCompared: boolean;
  readonly version: string;
  readonly now: Date;
}

/** The whole page as one text that needs no network and lets none be used. */
export function pageOf(content: PageContent): string {
  const style = styles.map(asset).join("\n");
  const script = `"use strict";(() => {\n${scripts.map(scriptPart).join("\n")}})();`;
  const policy = [
    "default-src 'none'",
    `style-src ${hashSource(style)}`,
    `script-src ${hashSource(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="generator" content="pulumi-vpp ${content.version}">
<title>${titleOf(content)}</title>
<style>${new Markup(style)}</style>
</head>
<body>
${bodyOf(content)}
<script type="application/json" id="data">${inlineJson(content.reports.map(({ data }) => data))}</script>
<script>${new Markup(script)}</script>
</body>
</html>
`;
  return page.text;
}

/** The parts are modules for whoever works on them; in the page they are one script, since a page without network has nowhere to import from. */
function scriptPart(name: string): string {
  return asset(name)
    .replace(/^import [^;]*;\n/gm, "")
    .replace(/^export /gm, "");
}

function asset(name: string): string {
  return readFileSync(join(__dirname, "page", name), "utf8");
}

function titleOf({ reports }: PageContent): string {
  const [first] = reports;
  return reports.length === 1 ? `App licences: ${printable(first!.summary.inventory.title)}` : "App licences";
}

function bodyOf(content: PageContent): Markup {
  const { reports, isCompared, now } = content;
  const time = `${now.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return html`<a class="skip" href="#apps">Skip to the apps</a>
<header>
<h1><bdi>${titleOf(content)}</bdi></h1>
<p>As Apple's service had it on <time datetime="${now.toISOString()}">${time}</time>. Written by pulumi-vpp ${content.version}.</p>
<nav aria-label="Parts of this page"><ul>${partsOf(isCompared).map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
</header>
<main>
${attention(content)}
<section aria-label="Overview" class="cards">${cards(content)}</section>
<section id="tokens" aria-labelledby="tokens-title"><h2 id="tokens-title">Tokens</h2>${tokenFigure(reports, now)}</section>
<section id="apps" aria-labelledby="apps-title"><h2 id="apps-title">Apps</h2>
<p class="legend"><span class="key used" aria-hidden="true"></span>used <span class="key pending" aria-hidden="true"></span>used by people who have not accepted <span class="key track" aria-hidden="true"></span>free</p>
<div data-table="apps"></div></section>
${
  isCompared &&
  html`<section id="declared" aria-labelledby="declared-title"><h2 id="declared-title">Declared</h2>
<p>What the resources of the given states declare, and what is there besides. The tables of apps, people and devices can be narrowed to it.</p>
${declaredFigure(reports)}</section>`
}
<section id="people" aria-labelledby="people-title"><h2 id="people-title">People</h2>${peopleFigure(reports)}<div data-table="people"></div></section>
<section id="devices" aria-labelledby="devices-title"><h2 id="devices-title">Devices</h2>${deviceFigure(reports)}<div data-table="devices"></div></section>
<noscript><p class="notice">The lists of apps, people and devices are made by this page's own script, which your browser does not run. The figures above are complete.</p></noscript>
</main>
<footer><p>This page holds serial numbers and ids of people, and no e-mail addresses. Give it to those only who may see them.</p></footer>`;
}

function partsOf(isCompared: boolean): (readonly [string, string])[] {
  return [
    ["tokens", "Tokens"],
    ["apps", "Apps"],
    ...(isCompared ? [["declared", "Declared"] as const] : []),
    ["people", "People"],
    ["devices", "Devices"],
  ];
}

function attention({ reports, unread }: PageContent): Markup {
  const items = [
    ...unread.map((each) => html`<li>${unreadLine(each)}</li>`),
    ...reports.flatMap(({ summary }) =>
      summary.concerns.map(
        ({ text }) => html`<li><bdi>${printable(summary.inventory.title)}</bdi>: ${printable(text)}</li>`,
      ),
    ),
  ];
  if (items.length === 0) return html``;
  return html`<section class="notice" aria-labelledby="attention-title"><h2 id="attention-title">Needs a person</h2><ul>${items}</ul></section>`;
}

function cards({ reports, isCompared }: PageContent): Markup {
  const sum = (of: (report: LibraryReport) => number): number => reports.reduce((total, each) => total + of(each), 0);
  const people = sum(({ data }) => data.people.length);
  const invited = sum(({ summary }) => summary.people?.invited ?? 0);
  const all: (readonly [string, string, string])[] = [
    ["Libraries", shown(reports.length), reports.length === 1 ? printable(reports[0]!.summary.inventory.title) : ""],
    ["Apps and books", shown(sum(({ data }) => data.apps.length)), ""],
    ["Licences in use", shown(sum(({ totals }) => totals.used)), ""],
    ["Devices with licences", shown(sum(({ totals }) => totals.devices)), ""],
    ["People", shown(people), invited === 0 ? "" : `${shown(invited)} invited and not accepted yet`],
    ...(isCompared
      ? [["Declared by no resource", shown(sum(({ totals }) => totals.undeclared)), "licences"] as const]
      : []),
  ];
  return html`<dl>${all.map(([term, number, more]) => html`<div><dt>${term}</dt><dd><strong>${number}</strong>${more && html` <span><bdi>${more}</bdi></span>`}</dd></div>`)}</dl>`;
}
