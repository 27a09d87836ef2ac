import assert from "node:assert/strict";
import { adoptable } from "../../../../cli/adopt/adoptable";
import { type AdoptedLibrary, adoptLibrary, ProjectNames } from "../../../../cli/adopt/model";
import { describeLibrary } from "../../../../cli/adopt/words";
import type { Inventory, InventoryApp, InventoryUser } from "../../../../inventory/types";

type Holders = Readonly<Record<string, readonly string[]>>;

function app(displayName: string, adamId: string, changes: Partial<InventoryApp> = {}): InventoryApp {
  const pricingParam = changes.pricingParam ?? "STDQ";
  return {
    adamId,
    pricingParam,
    key: `${adamId}/${pricingParam}`,
    ...(displayName !== "" && { displayName }),
    productType: "App",
    deviceAssignable: true,
    revocable: true,
    supportedPlatforms: ["iOS"],
    totalCount: 100,
    assignedCount: 0,
    availableCount: 100,
    retiredCount: 0,
    ...changes,
  };
}

function inventory(
  apps: readonly InventoryApp[],
  devices: Holders = {},
  people: Holders = {},
  users: InventoryUser[] = [],
): Inventory {
  const sets = (holders: Holders): Map<string, Set<string>> =>
    new Map(Object.entries(holders).map(([key, targets]) => [`${key}/STDQ`, new Set(targets)]));
  return {
    contentTokenKey: "default",
    title: "Contoso HQ",
    libraryId: "2049025000431439",
    organizationName: "Contoso",
    token: { status: "valid", expiresAt: new Date(), daysLeft: 300 },
    apps,
    users,
    licences: { devices: sets(devices), users: sets(people) },
    readAt: new Date(),
  };
}

const model = (of: Inventory, many = false): AdoptedLibrary =>
  adoptLibrary(
    { inventory: of, contentTokenKey: "default", users: [], bindingId: "ours", takeOver: false },
    new ProjectNames(many),
  );

const serial = (number: number): string => `F9FW${String(number).padStart(6, "0")}`;
const ada: InventoryUser = { clientUserId: "ada", status: "Associated" };
const keynote = app("Keynote", "1");
const pages = app("Pages", "2");
const scan = app("Dock Scan", "3");

describe("what adopt makes of a library", () => {
  it("names groups after the apps that few others have and after whom they are for, devices and people together where their apps are", () => {
    const all = [serial(1), serial(2), serial(3)];
    const { assignments } = model(
      inventory([keynote, pages, scan], { "1": all, "2": all.slice(0, 2), "3": all.slice(0, 1) }, { "3": ["ada"] }, [
        ada,
      ]),
    );
    assert.deepEqual(
      assignments.map(({ name, apps, serialNumbers, clientUserIds }) => [
        name,
        apps.map(({ constant }) => constant),
        serialNumbers,
        clientUserIds,
      ]),
      [
        ["dock-scan-on-devices-and-people", ["dockScan"], [serial(1)], ["ada"]],
        ["pages-and-keynote-on-devices", ["keynote", "pages"], [serial(1), serial(2)], undefined],
        ["keynote-on-devices", ["keynote"], [serial(3)], undefined],
      ],
    );
  });

  it("tells groups whose names would be the same apart by their size", () => {
    const apps = ["a", "b", "c", "d"].map((name, index) => app(`Tool ${name}`, String(index + 1)));
    const devices = {
      "1": [serial(1), serial(2), serial(3)],
      "2": [serial(1)],
      "3": [serial(1), serial(2), serial(3)],
      "4": [serial(2), serial(3), serial(4)],
    };
    const names = model(inventory(apps, devices)).assignments.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.match(name, /^tool-[a-d](-and-(tool-[a-d]|\d+-more))?-on-(\d+-)?devices$/);
  });

  it("says how many apps a group has beside the first, where it has more than two", () => {
    const [group] = model(
      inventory([keynote, pages, scan], { "1": [serial(1)], "2": [serial(1)], "3": [serial(1)] }),
    ).assignments;
    assert.equal(group?.name, "dock-scan-and-2-more-on-devices");
  });

  it("puts the library's name before everything where there are several", () => {
    const { apps, peopleName, assignments } = model(inventory([keynote], { "1": [serial(1)] }), true);
    assert.deepEqual(
      [apps[0]?.name, apps[0]?.constant, peopleName, assignments[0]?.name],
      ["contoso-hq-keynote", "keynote", "contoso-hq-people", "contoso-hq-keynote-on-devices"],
    );
  });

  it("tells apps of one name apart, the usual pricing kind first", () => {
    const apps = [
      app("Keynote", "1", { pricingParam: "PLUS" }),
      keynote,
      app("KEYNOTE", "9", { productType: "Book" }),
      app("", "10"),
      app("await", "11"),
    ];
    assert.deepEqual(
      model(inventory(apps)).apps.map(({ name, constant }) => [name, constant]),
      [
        ["await", "awaitApp"],
        ["keynote", "keynote"],
        ["keynote-plus", "keynotePlus"],
        ["keynote-book", "keynoteBook"],
        ["app-10", "app10"],
      ],
    );
  });

  it("leaves out what the provider would refuse, and counts it", () => {
    const given = inventory(
      [
        { ...keynote, assignedCount: 9, retiredCount: 2 },
        app("Odd", "x1"),
        app("Odder", "5", { pricingParam: "GOLD" }),
      ],
      { "1": [serial(1), "short", "f9fw000009"] },
      { "1": ["ada", "stranger"] },
      [
        { ...ada, email: "no address" },
        { clientUserId: "", status: "Registered" },
      ],
    );
    const { products, people, held, leftOut } = adoptable(given);
    assert.deepEqual(
      products.map(({ key }) => key),
      ["1/STDQ"],
    );
    assert.deepEqual(people, [{ clientUserId: "ada" }]);
    assert.deepEqual([...held], [["1/STDQ", [`d${serial(1)}`, "uada"]]]);
    assert.deepEqual(
      { ...leftOut, unlike: leftOut.unlike.map(({ listed }) => listed) },
      {
        products: 2,
        people: 1,
        addresses: 1,
        licences: 3,
        retired: 2,
        unlike: [5],
      },
    );
    assert.deepEqual(describeLibrary(model(given)), [
      "Contoso HQ: 1 app, 1 device and 1 person, 2 licences in 1 assignment.",
      "3 licences left out, whose holders are no active people, or have ids that no resource takes: they stay as they are.",
      "Retired people keep 2 licences, which nobody can take back.",
      "1 of the people left out: no resource takes their ids.",
      "1 of the people adopted without their e-mail address, which no resource takes.",
      "2 products left out: no resource takes such a number or pricing kind.",
      "The service lists other numbers of licences than it counts: Keynote (5 of 9). What is listed was adopted.",
    ]);
  });
});
