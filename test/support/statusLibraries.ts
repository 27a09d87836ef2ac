import type { Ended } from "./command";
import { serials, smallLibrary } from "./world";

/** The library of most tests of `status`. */
export const hq = "2049025000431439";
/** Another one. */
export const branch = "2049025000431440";
/** A moment in so many days. */
export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

/** A name such as a service, or somebody who sells through it, can make up. */
export const nasty = "=HYPERLINK(“x”)\u001b]0;owned\u0007\u001b[2J\u202eevil\u009b31m";

/** Apps with names of every width, two people, and licences of some devices. */
export const library = smallLibrary({
  assets: [
    { adamId: "361285480", name: "Keynote", totalCount: 40, bundleId: "com.apple.Keynote" },
    { adamId: "409183694", name: "書類スキャナー 🎉 Pro for the whole of the Organization and more", totalCount: 10 },
    { adamId: "409201541", name: "Pages", unlimited: true },
    { adamId: "1000000009", name: nasty, totalCount: 4 },
  ],
  users: [
    { clientUserId: "ada", status: "Associated", email: "ada@contoso.example" },
    { clientUserId: "bob", status: "Registered", email: "bob@contoso.example" },
  ],
  assignments: [
    { adamId: "361285480", serialNumbers: serials(12), clientUserIds: ["bob"] },
    { adamId: "409183694", serialNumbers: serials(10) },
  ],
});
/** A library whose token runs out within a fortnight. */
export const other = smallLibrary({
  libraryId: branch,
  locationName: "Contoso Branch",
  tokens: [{ name: "b", expiresAt: inDays(12.5) }],
});

/** What was printed as one line, however it was broken into several. */
export function flat({ stdout }: Ended): string {
  return stdout.replace(/\s+/g, " ");
}
