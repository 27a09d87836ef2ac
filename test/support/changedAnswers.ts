import { type Transport, undiciTransport } from "../../provider/http/transport";
import { HostStack } from "./hostStack";
import { InsideHost } from "./insideHost";
import type { World } from "./world";

/** An answer's body, which a test may change before the provider gets it. */
export type Body = Record<string, unknown>;

/** A stack that gets what the service answers, changed by `change`, which is given the path below `/mdm/v2/`. */
export function stackWithAnswers(world: World, change: (path: string, body: Body) => void): HostStack<InsideHost> {
  const plain = undiciTransport({ timeoutMs: 10_000 });
  const transport: Transport = async (request) => {
    const answer = await plain(request);
    const path = new URL(request.url).pathname.replace(/^\/mdm\/v2\//, "");
    let body: Body;
    try {
      body = JSON.parse(answer.text ?? "") as Body;
    } catch {
      return answer;
    }
    change(path, body);
    return { ...answer, text: JSON.stringify(body) };
  };
  return new HostStack({ env: world.env }, "dev", (options) => new InsideHost(options, { transport }));
}
