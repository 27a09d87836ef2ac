import type { LibraryEntry } from "../../simulator";
import { serials, smallLibrary } from "./world";

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

/** Names that would take a page over if they were taken for markup. */
export const hostileNames = [
  "</script><img src=x onerror=window.taken=1>",
  "<!--<script>window.taken=1</script>",
  "\"'><svg onload=window.taken=1>",
  "{{taken}}$" + "{taken}\u2028`",
];

const names = [
  "Keynote",
  "Numbers",
  "Signum PDF Pro",
  "Fieldbook Inspect",
  "Deskphone Go",
  "Ledgerline Expenses",
  "書類スキャナー",
  "تطبيق الخرائط",
];

/** Two libraries with apps of every kind, hostile names, people in both states, and one token near its end. */
export function pageLibraries(): LibraryEntry[] {
  const people = Array.from({ length: 60 }, (_, index) => ({
    clientUserId: `person-${String(index).padStart(3, "0")}`,
    email: `person-${index}@contoso.example`,
    status: index % 3 === 0 ? ("Registered" as const) : ("Associated" as const),
  }));
  const ids = people.map(({ clientUserId }) => clientUserId);
  const devices = serials(130);
  const headOffice = smallLibrary({
    tokens: [{ name: "hq", expiresAt: inDays(240.5) }],
    assets: [
      ...names.map((name, index) => ({ adamId: String(361285480 + index), name, totalCount: 140 + index * 20 })),
      ...hostileNames.map((name, index) => ({ adamId: String(900000001 + index), name, totalCount: 10 })),
      { adamId: "409201541", name: "Pages", unlimited: true },
      { adamId: "1000000001", name: "Field Handbook", productType: "Book", totalCount: 60 },
    ],
    users: people,
    assignments: [
      { adamId: "361285480", serialNumbers: devices, clientUserIds: ids.slice(0, 8) },
      { adamId: "361285481", serialNumbers: devices.slice(0, 90), clientUserIds: ids.slice(0, 40) },
      { adamId: "361285482", serialNumbers: devices.slice(10, 40) },
      { adamId: "361285486", serialNumbers: devices.slice(0, 12) },
      { adamId: "900000001", serialNumbers: devices.slice(0, 10) },
      { adamId: "409201541", serialNumbers: devices.slice(0, 50) },
      { adamId: "1000000001", clientUserIds: ids.slice(0, 20) },
    ],
  });
  const branch = smallLibrary({
    libraryId: "2049025000431440",
    locationName: "Contoso Branch <b>East</b>",
    tokens: [{ name: "branch", expiresAt: inDays(12.5) }],
    assignments: [{ adamId: "361285480", serialNumbers: serials(25, 500) }],
  });
  return [headOffice, branch];
}
