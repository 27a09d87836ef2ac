import type { AssetEntry, AssignmentEntry, LibraryFile } from "../library-file/types";
import { APPLE_APPS } from "./apple-apps";
import { managed, people, serialNumbers } from "./made-up";

const DOMAIN = "lindenhof-schulen.example";
const IPADS = serialNumbers(11, 3400);
const PUPILS = 280;
const TEACHERS = 60;

const USERS = people(12, PUPILS + TEACHERS, {
  domain: DOMAIN,
  given: ["ada", "ben", "clara", "dilan", "emil", "frieda", "goran", "hanna", "ida", "jonas", "kim", "lale", "mats"],
  family: ["albers", "bauer", "celik", "dorn", "evers", "falk", "gruber", "hoang", "ilic", "jansen", "kowalski"],
}).map(managed);
const IDS = USERS.map((user) => user.clientUserId);

const APPS: readonly AssetEntry[] = [
  APPLE_APPS.keynote,
  APPLE_APPS.pages,
  APPLE_APPS.numbers,
  APPLE_APPS.garageBand,
  APPLE_APPS.classroom,
  app("1450712233", "Zahlenwerk Mathe 5-10", "de.lernraum.zahlenwerk", 3500),
  app("1388204417", "Vokabelheft", "de.lernraum.vokabelheft", 1200),
  app("1502946108", "Chemielabor AR", "com.stoffkunde.chemielabor", 450),
  app("1273655094", "Notenblatt", "net.klangbuch.notenblatt", 120),
  app("1611830752", "Atlas der Erde", "de.kartenhaus.atlas", 3400),
  app("1335078821", "Tafelbild", "de.lernraum.tafelbild", 60),
];

const BOOKS: readonly AssetEntry[] = [
  book("1466120934", "Biologie 7/8", "Renate Ohm", 140),
  book("1466120978", "Biologie 9/10", "Renate Ohm", 140),
  book("1471853302", "Faust für die Schule", "J. W. Goethe", 90),
  book("1480017765", "English in Use, Year 7", "Moira Kells", 150),
  book("1480017781", "English in Use, Year 8", "Moira Kells", 150),
  book("1493206640", "Geschichte vor Ort", "Tamer Aydin", 40),
];

const ASSIGNMENTS: readonly AssignmentEntry[] = [
  { adamId: "361285480", serialNumbers: IPADS },
  { adamId: "361309726", serialNumbers: IPADS },
  { adamId: "1085319084", serialNumbers: IPADS },
  { adamId: "1450712233", serialNumbers: IPADS },
  { adamId: "1611830752", serialNumbers: IPADS.slice(0, 3100) },
  { adamId: "1388204417", serialNumbers: IPADS.slice(0, 1150) },
  { adamId: "1502946108", serialNumbers: IPADS.slice(2900, 3300) },
  { adamId: "1335078821", serialNumbers: IPADS.slice(3340, 3400) },
  { adamId: "1466120934", clientUserIds: IDS.slice(0, 120) },
  { adamId: "1466120978", clientUserIds: IDS.slice(120, 250) },
  { adamId: "1480017765", clientUserIds: IDS.slice(0, 140) },
  { adamId: "1493206640", clientUserIds: IDS.slice(PUPILS, PUPILS + 40) },
];

/** A school: thousands of iPads, each with the same apps, and books for pupils and teachers with managed accounts. */
export const SCHOOL: LibraryFile = {
  libraries: [
    {
      libraryId: "2049025000518204",
      organizationName: "Schulverband Lindenhof",
      locationName: "Lindenhof Gesamtschule",
      countryCode: "DE",
      platform: "volumestore",
      domains: [DOMAIN],
      tokens: [{ name: "medienzentrum" }, { name: "schulleitung", access: "read-only" }],
      assets: [...APPS, ...BOOKS],
      users: USERS,
      assignments: ASSIGNMENTS,
    },
  ],
};

function app(adamId: string, name: string, bundleId: string, totalCount: number): AssetEntry {
  const artistName = bundleId.split(".")[1]!;
  return { adamId, name, bundleId, totalCount, artistName, genreNames: ["Education"], deviceFamilies: ["ipad"] };
}

function book(adamId: string, name: string, artistName: string, totalCount: number): AssetEntry {
  return { adamId, name, artistName, productType: "Book", totalCount, genreNames: ["Textbooks"] };
}
