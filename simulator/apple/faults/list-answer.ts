import type { ServiceAnswer } from "../api/service";
import type { ListAction } from "./actions";
import type { SeenRequest } from "./match";

type Row = Readonly<Record<string, unknown>>;

/** The fields of an answer that hold records. */
const ROW_FIELDS = ["assets", "unlimitedAssets", "assignments", "users"] as const;
const LIST_PATHS = ["assets", "assignments", "users"].map((name) => `/mdm/v2/${name}`);

/** Whether a request reads a list. */
export function readsList({ method, path }: SeenRequest): boolean {
  return method === "GET" && LIST_PATHS.includes(path);
}

/** The answer of a list with what is wrong with its records; one that is refused stays as it is. */
export function faultyList(action: ListAction, answer: ServiceAnswer): ServiceAnswer {
  if (answer.errorNumber !== undefined || action.type === "list-repeat" || action.type === "list-moved") {
    return answer;
  }
  const keep = keeperOf(action);
  const body: Record<string, unknown> = { ...answer.body };
  let dropped = 0;
  for (const field of ROW_FIELDS) {
    const rows = body[field] as Row[] | undefined;
    if (rows !== undefined) {
      const kept = rows.filter(keep);
      dropped += rows.length - kept.length;
      body[field] = kept;
    }
  }
  if (action.size !== "meant") {
    body.size = (body.size as number) - dropped;
  }
  return { ...answer, body };
}

function keeperOf(action: Exclude<ListAction, { type: "list-repeat" | "list-moved" }>): (row: Row) => boolean {
  switch (action.type) {
    case "list-drop": {
      let left = action.count;
      return () => {
        left -= 1;
        return left < 0;
      };
    }
    case "list-empty":
      return () => false;
    case "list-without": {
      const { type: _, size: __, ...values } = action;
      return (row) => Object.entries(values).some(([name, value]) => row[name] !== value);
    }
  }
}
