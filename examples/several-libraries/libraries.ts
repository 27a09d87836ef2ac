/** A library: how people call it, and what every device of it gets. */
export interface Library {
  readonly displayName: string;
  readonly apps: readonly string[];
}

// The keys are the names of everything that belongs to a library: of its stack, of its device list, and of its content token, which is
// looked for in VPP_CONTENT_TOKEN_BERGEN_FILE and so on.
export const libraries: Readonly<Record<string, Library>> = {
  bergen: { displayName: "Brackwater Bergen", apps: ["361285480", "1510284466"] },
  oslo: { displayName: "Brackwater Oslo", apps: ["1510284466"] },
};
