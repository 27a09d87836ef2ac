import type { Program } from "./programs";

/** A program in few words. */
export function describe({ tokens, sets, assignments }: Program): string {
  return [
    ...tokens.flatMap(({ name, maxRevocations, maxRetirements }) =>
      maxRevocations === undefined ? [] : [`${name}(brakes ${maxRevocations} ${maxRetirements})`],
    ),
    ...sets.map(
      ({ name, users, ignores }) =>
        `${name}(${users.map(({ clientUserId }) => clientUserId).join(" ")}${ignores ? " ignored" : ""})`,
    ),
    ...assignments.map((each) => {
      const flags = [
        each.intent === "uninstall" && "uninstall",
        each.exclusive && "exclusive",
        !each.reclaim && "keep",
      ];
      if (each.ignores) flags.push(`ignoring ${each.ignores.join(" ")}`);
      if (each.engine) flags.push(`by the engine ${JSON.stringify(each.engine)}`);
      if (each.after) flags.push(`after ${each.after}`);
      const brake = each.maxRevocations !== undefined && `brake ${each.maxRevocations}`;
      const words = [...each.apps, "x", ...(each.devices ?? []), ...(each.people ?? []), ...flags, brake].filter(
        Boolean,
      );
      return `${each.formerly ? `${each.formerly}→` : ""}${each.name}(${words.join(" ")})`;
    }),
  ].join(", ");
}
