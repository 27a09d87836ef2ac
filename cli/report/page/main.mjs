// The three lists of the page.

import { collator, make, makeBar, makeHeld, makeText, numbers, readRows } from "./rows.mjs";
import { DataTable } from "./table.mjs";

const { libraries, apps, people, devices } = readRows();
const isCompared = libraries.some((library) => library.isCompared);
const unlimited = -1;

const libraryColumn = { title: "Library", value: ({ title }) => title };
const libraryFilter = {
  label: "Library",
  options: libraries.map(({ title }, index) => [String(index), title]),
  testOf: (value) => (row) => row.library === Number(value),
};
const several = libraries.length > 1;
const undeclaredColumn = { title: "Not declared", value: ({ undeclared }) => undeclared, isNumber: true };

/** A count that knows no end comes before or behind all others. */
const endless = (count) => (count === unlimited ? Number.POSITIVE_INFINITY : count);
const isScarce = ({ bought, free }) => bought > 0 && free * 20 < bought;

const appName = ({ name, adamId, type, bought, used, pending }) => {
  const kind = type === "Book" ? "book " : "";
  const label = make("span", {}, makeText(name), " ", make("small", {}, kind + adamId));
  // A share of something without end is no share.
  if (bought === unlimited) return label;
  const bar = makeBar(bought, [
    ["used", used - pending],
    ["pending", pending],
  ]);
  return make("span", { class: "app" }, label, bar);
};

new DataTable(document.querySelector("[data-table=apps]"), {
  nouns: ["app", "apps"],
  searchLabel: "Search name or id",
  searched: ({ name, adamId, title }) => `${name} ${adamId} ${title}`,
  isPrintedWhole: true,
  rows: apps,
  columns: [
    { title: "App", value: ({ name }) => name, cell: appName, isHeader: true },
    { title: "Bought", value: ({ bought }) => endless(bought), cell: endlessCell("bought"), isNumber: true },
    { title: "Used", value: ({ used }) => used, isNumber: true },
    {
      title: "Free",
      value: (row) => (row.bought === unlimited ? Number.POSITIVE_INFINITY : row.free),
      cell: freeCell,
      isNumber: true,
    },
    { title: "Pending", value: ({ pending }) => pending, isNumber: true },
    ...(isCompared ? [undeclaredColumn] : []),
    ...(several ? [libraryColumn] : []),
  ],
  filters: [
    ...(several ? [libraryFilter] : []),
    {
      label: "Show",
      options: [
        ["scarce", "fewer than 5 % free"],
        ["none", "none free"],
        ["unused", "none used"],
        ["pending", "used by people who have not accepted"],
        ...(isCompared ? [["undeclared", "with licences that are not declared"]] : []),
      ],
      testOf: (value) => (row) =>
        ({
          scarce: isScarce(row),
          none: row.bought !== unlimited && row.free === 0,
          unused: row.used === 0,
          pending: row.pending > 0,
          undeclared: row.undeclared > 0,
        })[value],
    },
  ],
});

function endlessCell(field) {
  return (row) => (row[field] === unlimited ? "no end" : numbers.format(row[field]));
}

function freeCell(row) {
  if (row.bought === unlimited) return "no end";
  return isScarce(row) ? make("strong", { class: "scarce" }, numbers.format(row.free)) : numbers.format(row.free);
}

/** Whether a device or a person holds the app that a filter names as library and position; asked once for each set of apps. */
const holds = (value) => {
  const [library, position] = value.split(" ").map(Number);
  const answers = new Map();
  return ({ held }) => {
    if (!answers.has(held)) answers.set(held, held.library === library && held.positions.includes(position));
    return answers.get(held);
  };
};
const appChoices = libraries.flatMap(({ title, apps: products }, library) =>
  products
    .map(([name, , , , , used], position) => [`${library} ${position}`, several ? `${name} (${title})` : name, used])
    .filter(([, , used]) => used > 0)
    .sort(([, a], [, b]) => collator.compare(a, b)),
);
const holdsFilter = { label: "Holds", options: appChoices, testOf: holds };
const declaredFilter = {
  label: "Declared",
  options: [
    ["no", "with licences that are not declared"],
    ["yes", "all licences declared"],
  ],
  testOf:
    (value) =>
    ({ undeclared }) =>
      value === "no" ? undeclared > 0 : undeclared === 0,
};
const licenceColumns = [
  { title: "Licences", value: ({ held }) => held.count, isNumber: true },
  ...(isCompared ? [undeclaredColumn] : []),
  {
    title: "Apps",
    value: ({ held }) => held.names[held.positions[0]] ?? "",
    cell: ({ held }, isPrinting) => makeHeld(held, isPrinting),
  },
];

new DataTable(document.querySelector("[data-table=people]"), {
  nouns: ["person", "people"],
  searchLabel: "Search id",
  searched: ({ id }) => id,
  rows: people,
  columns: [
    { title: "Person", value: ({ id }) => id, isHeader: true },
    { title: "Invitation", value: ({ accepted }) => ["invited", "accepted", "another status"][accepted] },
    ...(isCompared
      ? [{ title: "In a resource", value: ({ declared }) => ({ 1: "yes", 0: "no" })[declared] ?? "not known" }]
      : []),
    ...licenceColumns,
    ...(several ? [libraryColumn] : []),
  ],
  filters: [
    ...(several ? [libraryFilter] : []),
    {
      label: "Invitation",
      options: [
        ["1", "accepted"],
        ["0", "invited"],
        ...(people.some(({ accepted }) => accepted === 2) ? [["2", "another status"]] : []),
      ],
      testOf:
        (value) =>
        ({ accepted }) =>
          accepted === Number(value),
    },
    holdsFilter,
    ...(isCompared ? [declaredFilter] : []),
  ],
});

new DataTable(document.querySelector("[data-table=devices]"), {
  nouns: ["device", "devices"],
  searchLabel: "Search serial number",
  searched: ({ id }) => id,
  rows: devices,
  columns: [
    { title: "Serial number", value: ({ id }) => id, isHeader: true },
    ...licenceColumns,
    ...(several ? [libraryColumn] : []),
  ],
  filters: [...(several ? [libraryFilter] : []), holdsFilter, ...(isCompared ? [declaredFilter] : [])],
});
