/** What a department gets. Apps are adamIds: the number in an app's address in the store, or in `pulumi-vpp`'s lists. */
export interface Department {
  /** For every device of the department, whoever uses it. */
  readonly onDevices: readonly string[];
  /** For every person of the department, on all devices that they sign in to. */
  readonly forPeople: readonly string[];
}

const apps = {
  keynote: "361285480",
  numbers: "361304891",
  pages: "361309726",
  ledgerlineExpenses: "1290337145",
  diagramStudio: "1178056632",
  sitemap: "1517702468",
};

// A new department is one entry here and its name in the two lists. What an entry says holds for everybody in it: to give an app to a
// department is one word in one line, and a reviewer sees just that.
export const departments: Readonly<Record<string, Department>> = {
  surveying: { onDevices: [apps.sitemap, apps.pages], forPeople: [apps.numbers] },
  "drawing-office": { onDevices: [apps.diagramStudio], forPeople: [apps.keynote, apps.pages] },
  accounts: { onDevices: [apps.numbers], forPeople: [apps.numbers, apps.pages] },
};
