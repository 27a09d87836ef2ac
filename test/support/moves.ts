import { bindHq, js } from "./trial";
import { serials, smallLibrary } from "./world";

/** The app that all of them are about. */
export const keynote = "361285480";
/** A library with exactly as many licences as the moves need. */
export const fullLibrary = smallLibrary({ assets: [{ adamId: keynote, name: "Keynote", totalCount: 6 }] });

/** An assignment of a program: its devices and its options. */
export interface Part {
  readonly name: string;
  readonly serialNumbers: readonly string[];
  readonly options?: string;
}

/** A program with these assignments. */
export function program(...parts: readonly Part[]): string {
  const lines = parts.map(
    ({ name, serialNumbers, options = "{}" }) =>
      `const ${name} = new vpp.VppAssignment("${name}", { token, apps: ["${keynote}"], serialNumbers: ${js(serialNumbers)} }, ${options});`,
  );
  return [bindHq, ...lines].join("\n");
}

const [moved, ...others] = serials(6) as [string, ...string[]];
/** Who holds a licence, before and after. */
export const all = serials(6);
export const first = others.slice(0, 3);
export const second = others.slice(3);

/** Two programs between which licences only change hands within the stack. */
export interface Move {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  /** Resources to name with `--target`, a run each, in turn. */
  readonly targets?: readonly string[];
}

export const a = (serialNumbers: readonly string[], options?: string): Part => ({ name: "a", serialNumbers, options });
export const b = (serialNumbers: readonly string[], options?: string): Part => ({ name: "b", serialNumbers, options });
/** With the device that changes hands. */
export const withMoved = (list: readonly string[]): string[] => [moved, ...list];

/** What may be done to a program without anybody losing a licence, not even for a moment. */
export const moves: readonly Move[] = [
  {
    title: "a device moves between independent assignments",
    from: program(a(withMoved(first)), b(second)),
    to: program(a(first), b(withMoved(second))),
  },
  {
    title: "a device moves between assignments one of which depends on the other",
    from: program(a(withMoved(first)), b(second, "{ dependsOn: a }")),
    to: program(a(first), b(withMoved(second), "{ dependsOn: a }")),
  },
  {
    title: "a device moves under --target, one assignment after the other",
    from: program(a(withMoved(first)), b(second)),
    to: program(a(first), b(withMoved(second))),
    targets: ["a", "b"],
  },
  {
    title: "a device moves between assignments that are deleted before they are replaced",
    from: program(a(withMoved(first), "{ deleteBeforeReplace: true }"), b(second, "{ deleteBeforeReplace: true }")),
    to: program(a(first, "{ deleteBeforeReplace: true }"), b(withMoved(second), "{ deleteBeforeReplace: true }")),
  },
  {
    title: "an assignment is renamed",
    from: program({ name: "old", serialNumbers: all }),
    to: program({ name: "young", serialNumbers: all }),
  },
  {
    title: "an assignment is split in two, and the two become one again",
    from: program({ name: "whole", serialNumbers: all }),
    to: program({ name: "left", serialNumbers: withMoved(first) }, { name: "right", serialNumbers: second }),
  },
];
