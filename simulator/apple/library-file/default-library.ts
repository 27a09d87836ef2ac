import type { AssetEntry, LibraryFile } from "./types";

const MAC = { supportedPlatforms: ["macOS"], deviceFamilies: ["mac"] };
const EVERYWHERE = { supportedPlatforms: ["iOS", "macOS"], deviceFamilies: ["iphone", "ipad", "mac"] };
const LOGISTICS = { artistName: "Hafenwerk Software GmbH", genreNames: ["Business"] };

const APPS: readonly AssetEntry[] = [
  {
    adamId: "361285480",
    name: "Keynote",
    unlimited: true,
    bundleId: "com.apple.Keynote",
    artistName: "Apple",
    ...EVERYWHERE,
  },
  {
    adamId: "361309726",
    name: "Pages",
    unlimited: true,
    bundleId: "com.apple.Pages",
    artistName: "Apple",
    ...EVERYWHERE,
  },
  {
    adamId: "361304891",
    name: "Numbers",
    unlimited: true,
    bundleId: "com.apple.Numbers",
    artistName: "Apple",
    ...EVERYWHERE,
  },
  {
    adamId: "1482930175",
    name: "Tourbook Driver",
    totalCount: 1200,
    bundleId: "de.hafenwerk.tourbook",
    version: "8.4.1",
    ...LOGISTICS,
  },
  {
    adamId: "1510284466",
    name: "Dockscan",
    totalCount: 450,
    bundleId: "de.hafenwerk.dockscan",
    version: "3.12",
    ...LOGISTICS,
  },
  {
    adamId: "1389044712",
    name: "Yard Planner",
    totalCount: 60,
    bundleId: "de.hafenwerk.yardplanner",
    version: "2.0.7",
    ...LOGISTICS,
  },
  {
    adamId: "1437755020",
    name: "Signum PDF Pro",
    totalCount: 250,
    bundleId: "com.signumdocs.pdfpro",
    artistName: "Signum Documents",
    version: "11.2",
  },
  {
    adamId: "1437755020",
    pricingParam: "PLUS",
    name: "Signum PDF Pro",
    totalCount: 20,
    bundleId: "com.signumdocs.pdfpro",
    artistName: "Signum Documents",
    version: "11.2",
  },
  {
    adamId: "1098431260",
    name: "Lingua Talk Teams",
    totalCount: 100,
    bundleId: "com.linguatalk.teams",
    artistName: "Lingua Talk Ltd",
    deviceAssignable: false,
    genreNames: ["Education"],
  },
  {
    adamId: "1552107839",
    name: "Blueprint Viewer",
    totalCount: 5,
    bundleId: "com.planraum.blueprint",
    artistName: "Planraum AG",
    version: "5.1",
  },
  {
    adamId: "1187652093",
    name: "Diskwatch",
    totalCount: 40,
    bundleId: "net.ostwind.diskwatch",
    artistName: "Ostwind",
    version: "4.6",
    genreNames: ["Utilities"],
    ...MAC,
  },
  {
    adamId: "1601223344",
    name: "Nordlicht Crew",
    totalCount: 800,
    bundleId: "de.nordlicht-spedition.crew",
    artistName: "Nordlicht Spedition",
    custom: true,
    version: "2025.11",
  },
  {
    adamId: "1244890617",
    name: "First Aid Pocket",
    totalCount: 0,
    bundleId: "org.erstehilfe.pocket",
    artistName: "Erste Hilfe e. V.",
    genreNames: ["Medical"],
    storefronts: ["de", "at", "ch"],
  },
];

const BOOKS: readonly AssetEntry[] = [
  {
    adamId: "1450081122",
    name: "Load Securing in Practice",
    productType: "Book",
    totalCount: 75,
    artistName: "Karin Feld",
  },
  {
    adamId: "1450090045",
    name: "The Dispatcher's Handbook",
    productType: "Book",
    totalCount: 10,
    artistName: "Jonas Wirth",
  },
];

/** A forwarding company's library, which the simulator serves when it is given none. */
export const DEFAULT_LIBRARY: LibraryFile = {
  libraries: [
    {
      libraryId: "2049025000431439",
      organizationName: "Nordlicht Spedition GmbH",
      locationName: "Nordlicht Hamburg",
      countryCode: "DE",
      platform: "enterprisestore",
      domains: ["nordlicht-spedition.example"],
      tokens: [{ name: "it-hamburg" }],
      assets: [...APPS, ...BOOKS],
      users: [
        { clientUserId: "6f1c2f0a-0001", status: "Registered", email: "a.petersen@nordlicht-spedition.example" },
        { clientUserId: "6f1c2f0a-0002", status: "Registered", email: "m.brandt@nordlicht-spedition.example" },
        {
          clientUserId: "6f1c2f0a-0003",
          status: "Associated",
          email: "s.jensen@nordlicht-spedition.example",
          managedAppleId: "s.jensen@nordlicht-spedition.example",
        },
        { clientUserId: "6f1c2f0a-0004", status: "Associated", email: "t.vogel@nordlicht-spedition.example" },
        { clientUserId: "6f1c2f0a-0005", status: "Retired", email: "h.lorenz@nordlicht-spedition.example" },
        { clientUserId: "6f1c2f0a-0006", status: "Retired", idHash: "bGVhdmluZ3NvbWV0aW1lYWdv" },
        { clientUserId: "6f1c2f0a-0006", status: "Registered", email: "k.adler@nordlicht-spedition.example" },
        { clientUserId: "6f1c2f0a-0007", status: "Deleted", idHash: "dGhpc29uZWxlZnRhbmRjYW1l" },
        { clientUserId: "6f1c2f0a-0007", status: "Associated", idHash: "dGhpc29uZWxlZnRhbmRjYW1l" },
      ],
      assignments: [
        { adamId: "1482930175", serialNumbers: serials("DMPX7", 24) },
        { adamId: "1510284466", serialNumbers: serials("DMPX7", 12) },
        { adamId: "1552107839", serialNumbers: serials("C02ZK", 3) },
        { adamId: "361285480", serialNumbers: serials("C02ZK", 6) },
        { adamId: "1437755020", clientUserIds: ["6f1c2f0a-0003", "6f1c2f0a-0004"] },
        { adamId: "1098431260", clientUserIds: ["6f1c2f0a-0001", "6f1c2f0a-0004"] },
        { adamId: "1450081122", clientUserIds: ["6f1c2f0a-0004", "6f1c2f0a-0005"] },
      ],
    },
  ],
};

/** Serial numbers of devices which another service gave licences to in the past. */
function serials(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${String(index + 1).padStart(3, "0")}HJ2K`);
}
