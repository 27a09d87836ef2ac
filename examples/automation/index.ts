import * as vpp from "pulumi-vpp";

// A program like any other: `pulumi up` runs it, and so does sync.mts.
const token = new vpp.VppToken("library", { displayName: "Morrow & Field" }, { protect: true });

new vpp.VppAssignment("site-phones", {
  token,
  apps: ["1438820951", "361309726"],
  serialNumbers: ["7Y231MDGK6", "PCTM9W3R6J", "RGC838WC21", "KP14PNHVT6"],
});
