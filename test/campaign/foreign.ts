import { one, pick } from "./declare";
import type { ForeignAct } from "./history";
import { devices, people, peopleApp, products, revocableApps } from "./programs";
import { rivals } from "./rivals";
import type { Service } from "./service";

/** Does what another service, a person or the shop does. What the service finds impossible does not happen. */
export async function actForeign(service: Service, { kind, library: at, picks }: ForeignAct): Promise<void> {
  const library = service.libraryId(at);
  const first = picks[0] ?? 0;
  const adamId = one(revocableApps, first)!;
  const count = 1 + (first % 4);
  const person = one(people, first)!;
  const act = (name: string, input: object): Promise<boolean> => service.act(name, { library, ...input });
  switch (kind) {
    case "buy":
      await act("assets", { action: "buy", adamId: one(products, first)!, count });
      return;
    case "refund":
      await act("assets", { action: "refund", adamId: one(products, first)!, count });
      return;
    case "refundHeld":
      // Whoever holds one keeps it: more are assigned than owned then.
      await act("assets", { action: "refund", adamId: one(products, first)!, count: 3 * count, held: true });
      return;
    case "assign":
    case "unassign":
      for (const serial of pick(devices, picks.slice(0, 3)))
        await act("assignments", { action: kind, assets: [{ adamId }], serialNumbers: [serial] });
      for (const id of pick(people, picks.slice(3)))
        await act("assignments", {
          action: kind,
          assets: [{ adamId: one([adamId, peopleApp], first)! }],
          clientUserIds: [id],
        });
      return;
    case "registerPerson":
      await act("users", { action: "create", users: [{ clientUserId: person, email: `${person}@elsewhere.example` }] });
      return;
    case "retirePerson":
      await act("users", { action: "retire", users: [{ clientUserId: person }] });
      return;
    case "accept":
      await act("accept", { clientUserId: person });
      return;
    case "seize":
      await act("holder", { mdmInfo: one(rivals, first)! });
      return;
    case "giveBack":
      await act("holder", { mdmInfo: null });
      return;
    case "dropApp":
      await act("assets", { action: "remove", adamId });
      return;
    case "revokeToken":
      await act("tokens", { action: "revoke" });
      return;
    case "expireToken":
      await act("tokens", { action: "expire" });
      return;
    case "renewToken":
      await service.issueToken(at);
      return;
    case "shrinkLimits":
      await service.act("settings", {
        limits: { maxAssets: 1 + (first % 2), maxSerialNumbers: 1 + (first % 3), maxClientUserIds: 2, maxUsers: 2 },
      });
      return;
    case "moveClock":
      await service.act("clock", { advanceSeconds: (first % 40) * 86_400 });
      return;
  }
}
