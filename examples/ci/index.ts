import * as vpp from "pulumi-vpp";

const token = new vpp.VppToken("library", { displayName: "Morrow & Field" }, { protect: true });
const inspect = new vpp.VppApp("inspect", { token, adamId: "1438820951" });

// Lists that grow belong into files, as in ../groups. Whatever is in them comes into being by a change request, with the preview beside it.
new vpp.VppAssignment("site-phones", {
  token,
  apps: [inspect],
  serialNumbers: ["7Y231MDGK6", "PCTM9W3R6J", "RGC838WC21", "KP14PNHVT6"],
});
