import type { AssetEntry, LibraryFile, UserEntry } from "../library-file/types";
import { APPLE_APPS } from "./apple-apps";
import { managed, people, serialNumbers } from "./made-up";

const DOMAIN = "morrow-field.example";
const PHONES = serialNumbers(21, 420);
const MACS = serialNumbers(22, 150);

const PEOPLE = people(23, 180, {
  domain: DOMAIN,
  given: ["alice", "bilal", "carmen", "dmitri", "erin", "femi", "grace", "hiro", "ines", "jack", "kavya", "liam"],
  family: ["adeyemi", "brooks", "castillo", "dunne", "ekstrom", "fisher", "gupta", "hayashi", "iversen", "jones"],
});
const IDS = PEOPLE.map((user) => user.clientUserId);

/** Most linked their managed account, some were invited and have not answered, a few left. */
const USERS: readonly UserEntry[] = PEOPLE.map((user, index): UserEntry => {
  if (index < 120) {
    return managed(user);
  }
  return index < 165 ? user : { ...user, status: "Retired" };
});

const APPS: readonly AssetEntry[] = [
  APPLE_APPS.keynote,
  APPLE_APPS.pages,
  APPLE_APPS.numbers,
  app("1438820951", "Fieldbook Inspect", "com.morrowfield.inspect", 420, { custom: true, version: "6.3" }),
  app("1290337145", "Ledgerline Expenses", "com.ledgerline.expenses", 400),
  app("1517702468", "Sitemap 3D", "com.contourlab.sitemap", 50),
  app("1364109273", "Signum PDF Pro", "com.signumdocs.pdfpro", 130),
  app("1229485560", "Deskphone Go", "com.voxway.deskphone", 165, { deviceAssignable: false }),
  app("1178056632", "Diagram Studio", "com.boxandarrow.studio", 150, onMac()),
  app("1585213097", "Vaultkey", "com.vaultkey.mac", 152, onMac()),
];

/** A company: phones, Macs and users, with several apps of which few licences or none are left. */
export const COMPANY: LibraryFile = {
  libraries: [
    {
      libraryId: "2049025000660173",
      organizationName: "Morrow & Field Surveyors Ltd",
      locationName: "Morrow & Field",
      countryCode: "GB",
      platform: "enterprisestore",
      domains: [DOMAIN],
      tokens: [{ name: "it-operations" }],
      assets: APPS,
      users: USERS,
      assignments: [
        { adamId: "1438820951", serialNumbers: PHONES },
        { adamId: "1290337145", serialNumbers: PHONES.slice(0, 398) },
        { adamId: "1517702468", serialNumbers: PHONES.slice(40, 90) },
        { adamId: "1364109273", clientUserIds: IDS.slice(0, 120), serialNumbers: MACS.slice(0, 9) },
        { adamId: "1229485560", clientUserIds: IDS.slice(0, 165) },
        { adamId: "1178056632", serialNumbers: MACS.slice(0, 95) },
        { adamId: "1585213097", serialNumbers: MACS },
        { adamId: "361285480", serialNumbers: MACS },
      ],
    },
  ],
};

function app(
  adamId: string,
  name: string,
  bundleId: string,
  totalCount: number,
  more: Partial<AssetEntry> = {},
): AssetEntry {
  return { adamId, name, bundleId, totalCount, artistName: name.split(" ")[0]!, ...more };
}

function onMac(): Partial<AssetEntry> {
  return { supportedPlatforms: ["macOS"], deviceFamilies: ["mac"] };
}
