/** What the provider is to do in one call, beyond or in place of what is usual. */
export interface Todo {
  /** Printed on stderr. */
  note?: string;
  /** Milliseconds; the call's end is then written down, too, as `create done a`. */
  wait?: number;
  /** The host kills itself. */
  kill?: boolean;
  /** Fails with an id, as a resource does that is there but not ready. */
  reasons?: string[];
  properties?: Record<string, unknown>;
  error?: string;
  answer?: Record<string, unknown>;
  /** The name of a property that is added to the usual answer with the value `undefined`, which no JSON can hold. */
  lacking?: string;
}

/**
 * The provider of every test, as the text in the state. It writes down each call, and the file `world` tells it what to do
 * by call and name, such as `{"create a": {"error": "no"}}`.
 */
export const provider = `
const fs = require("fs");
const id = (name) => "id-" + name;
const record = (call, name, rest) => fs.appendFileSync(process.env.TEST_CALLS, JSON.stringify({ call, name, pid: process.pid, ...rest }) + "\\n");
async function act(call, name, rest, usual) {
  record(call, name, rest);
  const todo = JSON.parse(fs.readFileSync(process.env.TEST_WORLD, "utf8"))[call + " " + name] || {};
  if (todo.note) console.error(todo.note);
  if (todo.wait) await new Promise((resolve) => setTimeout(resolve, todo.wait));
  if (todo.kill) process.kill(process.pid, "SIGKILL");
  if (todo.wait) record(call + " done", name);
  if (todo.reasons) throw Object.assign(new Error("init failed"), { id: id(name), reasons: todo.reasons, properties: todo.properties });
  if (todo.error) throw new Error(todo.error);
  const answer = todo.answer || usual();
  if (todo.lacking) (answer.inputs || answer.outs || answer.props)[todo.lacking] = undefined;
  return answer;
}
exports.handler = () => ({
  async configure({ config }) {
    record("configure", "", { config: config.rawConfig || config.configuration, other: config.get("other:key"), variable: process.env.TEST_VARIABLE, folder: process.cwd() });
  },
  check: (olds, news) => act("check", news.name, { olds, news }, () => ({ inputs: { ...news, ...news.add } })),
  diff: (id, olds, news) => act("diff", news.name, { id, olds, news }, () => ({
    changes: olds.v !== news.v || olds.r !== news.r, replaces: olds.r !== news.r ? ["r"] : [], deleteBeforeReplace: news.dbr === true })),
  create: (news) => act("create", news.name, { news }, () => ({ id: id(news.name), outs: { ...news, made: "create" } })),
  update: (id, olds, news) => act("update", news.name, { id, olds, news }, () => ({ outs: { ...news, made: "update" } })),
  read: (id, props) => act("read", props.name, { id, olds: props }, () => ({ id, props: { ...props } })),
  delete: (id, props) => act("delete", props.name, { id, olds: props }, () => undefined),
});`;

/** What every program of the tests begins with: the resource `R`, with that provider, and a component. */
export const prelude = `
const pulumi = require("@pulumi/pulumi");
const config = new pulumi.Config();
const provider = ${JSON.stringify(provider)};
class R extends pulumi.CustomResource {
  constructor(name, args = {}, opts) {
    super("pulumi-nodejs:dynamic/test:R", name, { __provider: provider, made: undefined, name, v: "1", ...args }, opts);
  }
}
class Group extends pulumi.ComponentResource {
  constructor(name, opts, type = "test:Group") { super(type, name, {}, opts); }
}
`;
