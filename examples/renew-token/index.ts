import * as vpp from "pulumi-vpp";

// The token comes from the file that vpp:contentTokenFile names (README.md). The program never reads it: what it does not have, it can't
// print, and no state can hold. A path is also better than the token's text as a secret setting: a plain `pulumi refresh` or `destroy` sees
// the settings of the last `pulumi up`, but a file always as it is now.
const token = new vpp.VppToken("library", { displayName: "Morrow & Field" }, { protect: true });

const expenses = new vpp.VppApp("expenses", { token, adamId: "1290337145" });
new vpp.VppAssignment("reception", { token, apps: [expenses], serialNumbers: ["7Y231MDGK6", "PCTM9W3R6J"] });

/** Until when the token is good. Keep it where people look: a calendar, a status page, `pulumi stack output` in a job. */
export const tokenExpiresAt = token.expiresAt;
/** `valid`, or `expiring` in the last 30 days, as of the last update: a refresh brings the `VppToken` up to date, not what is derived of it. */
export const tokenStatus = token.status;
/** Which token is in place: the first digits of its SHA-256. After a renewal it is another one. */
export const tokenFingerprint = token.tokenFingerprint;
