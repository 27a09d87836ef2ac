import type { LibraryFile, UserEntry } from "../library-file/types";
import { serialNumbers } from "./made-up";

const DEVICES = serialNumbers(31, 60);

/** Entries other services registered: each makes its ids in its own way, and nobody else knows what they mean. */
const FOREIGN_USERS: readonly UserEntry[] = [
  { clientUserId: "JSS-000417" },
  { clientUserId: "JSS-000418", status: "Retired" },
  { clientUserId: "intune:9b1d7c52-44d0-4a3f-8f07-2d2f8e1f3a10", status: "Associated" },
  { clientUserId: "MDM/42/ユーザー", email: "user42@tenant-two.example" },
];

/** The same person again and again: retired twice, active once, and an entry that a later link made Deleted. */
const RETURNED_USERS: readonly UserEntry[] = [
  { clientUserId: "k-0001", status: "Retired", email: "o.marsh@bureau.example" },
  { clientUserId: "k-0001", status: "Retired", idHash: "Zmlyc3RhY2NvdW50b2ZrMQ==" },
  { clientUserId: "k-0001", status: "Associated", idHash: "c2Vjb25kYWNjb3VudG9maw==" },
  { clientUserId: "k-0002", status: "Deleted", idHash: "c2FtZWFjY291bnRvZmswMg==" },
  { clientUserId: "k-0002", status: "Associated", idHash: "c2FtZWFjY291bnRvZmswMg==" },
  { clientUserId: "k-0003", status: "Retired", email: "gone@bureau.example" },
];

const NAMES: readonly UserEntry[] = [
  { clientUserId: "Ünïcödé-ß", email: "grüße@bureau.example" },
  { clientUserId: "Ольга Петрова", status: "Associated" },
  { clientUserId: "山田太郎", email: "taro@bureau.example" },
  { clientUserId: "فاطمة", status: "Registered" },
  { clientUserId: "👩‍🚀 crew", status: "Registered" },
  { clientUserId: "ANNA", status: "Registered" },
  { clientUserId: "anna", status: "Registered" },
];

/** Everything that goes wrong in libraries that several services and many years have passed over. */
export const CHAOS: LibraryFile = {
  libraries: [
    {
      libraryId: "2049025000990007",
      organizationName: "Bureau of Odds & Ends „Größenwahn“",
      locationName: "雑貨局 / Büro für Allerlei",
      countryCode: "CH",
      domains: ["bureau.example"],
      mdmInfo: { id: "8c1f6f0e-other-service", name: "Some Other MDM", metadata: '{"host":"mdm.elsewhere.example"}' },
      tokens: [
        { name: "current" },
        { name: "last year's", expiresAt: "2024-02-10T03:49:12Z" },
        { name: "leaked", status: "revoked" },
        { name: "auditor", access: "read-only" },
      ],
      assets: [
        { adamId: "1437755020", name: "Signum PDF Pro", totalCount: 25, bundleId: "com.signumdocs.pdfpro" },
        {
          adamId: "1437755020",
          pricingParam: "PLUS",
          name: "Signum PDF Pro",
          totalCount: 5,
          bundleId: "com.signumdocs.pdfpro",
        },
        { adamId: "361309726", name: "Pages", unlimited: true, bundleId: "com.apple.Pages", artistName: "Apple" },
        { adamId: "1244890617", name: "Без названия — 無題", totalCount: 10, bundleId: "example.untitled" },
        { adamId: "1098431260", name: "Users Only Talk", totalCount: 6, deviceAssignable: false },
        { adamId: "1509001188", name: "Never Bought Enough", totalCount: 2 },
        { adamId: "1599001177", name: "None At All", totalCount: 0, storefronts: ["jp"] },
        { adamId: "1610045523", name: "Nicht widerrufbar", totalCount: 4, revocable: false },
        { adamId: "1450081122", name: "Das Buch der Bücher", productType: "Book", totalCount: 8 },
        { adamId: "1450081122", pricingParam: "PLUS", name: "Das Buch der Bücher", productType: "Book", totalCount: 3 },
      ],
      users: [...FOREIGN_USERS, ...RETURNED_USERS, ...NAMES],
      assignments: [
        { adamId: "1437755020", serialNumbers: DEVICES.slice(0, 20) },
        { adamId: "1437755020", pricingParam: "PLUS", serialNumbers: DEVICES.slice(18, 23) },
        { adamId: "361309726", serialNumbers: DEVICES, clientUserIds: ["山田太郎", "ANNA"] },
        { adamId: "1244890617", serialNumbers: ["sn with spaces", "SERIAL/1", "ＦＵＬＬＷＩＤＴＨ"] },
        { adamId: "1098431260", clientUserIds: ["JSS-000417", "Ольга Петрова", "anna"] },
        { adamId: "1509001188", serialNumbers: ["UNKNOWN000", "UNKNOWN001"] },
        { adamId: "1610045523", serialNumbers: DEVICES.slice(50, 52) },
        { adamId: "1450081122", clientUserIds: ["k-0001", "k-0003"], userEntries: [4] },
        { adamId: "1450081122", pricingParam: "PLUS", clientUserIds: ["JSS-000418", "فاطمة"] },
      ],
    },
    {
      libraryId: "2049025000990008",
      organizationName: "Bureau of Odds & Ends „Größenwahn“",
      locationName: "An empty branch",
      countryCode: "CH",
      tokens: [{ name: "branch" }],
    },
  ],
};
