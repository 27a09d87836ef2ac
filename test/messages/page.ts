import { lookUpSchemas } from "../../provider/schema/lookUpSchemas";
import { schemas } from "../../provider/schema/schemas";
import { type CodeMeaning, meanings } from "./codes";
import type { ErrorText, Messages, OtherText } from "./collect";

const introduction = `# Errors and messages

Every text that pulumi-vpp can say, and every error code with its cause and its cure. **This page is generated** from the sources by
\`npm run messages\`, and a test holds it to them.

In an error, what it is about comes first, then what did not happen, why, the code, and what to do:

    VppAssignment sales-ipads: not updated: the library no longer bears this stack's mark, so it is not known to be ours (VPP_AUTH_NOT_BOUND).
    Run \`pulumi refresh\` to see what happened, then \`pulumi up\` to bind the library again.

In brackets there can also be the service's own number and words (\`service error 9709 “…”\`) and how often a request was tried. Codes are never renamed: match on
them, never on the text. No message holds a content token or an e-mail address.

Below, … stands for what differs from case to case, (one | another) for a choice, and [brackets] for what is not always said. An arrow leads to
what the message tells you to do; it belongs to every line above it, up to the arrow before. What the simulator answers is Apple's, and not here.
`;

/** The page of all messages, as Markdown. */
export function pageOf(messages: Messages): string {
  const { errors, faults, notes, partial, exits, rest } = messages;
  const known = new Set(Object.keys(meanings));
  const sections = [
    introduction,
    `## Error codes\n\n${Object.entries(meanings)
      .map(([code, meaning]) => codeSection(code, meaning, errors))
      .join("\n")}`,
    section(
      "Refused inputs",
      "All faults of a resource are told at once, each with its place, before anything is sent. They end in `(VPP_INPUT_INVALID)`.",
      `${list(faults)}\n\nWhat inputs and arguments must be:\n\n${shapes().join("\n")}`,
    ),
    section(
      "Work that was done in part",
      "After the service has accepted a write the resource stays in the state, with what is truly there, and these are the reasons why the run fails.",
      list(partial),
    ),
    section(
      "Notes, warnings and progress",
      "They come on one line each after the name of the resource, at most once in a run, and change nothing. Progress comes after ten seconds, and then at most every ten.",
      list(notes),
    ),
    section("The command, and plain look-ups", "The command `pulumi-vpp` puts its name before them.", list(exits)),
    section(
      "Passed on with another message",
      "The first … is the other message's reason, and its code stays.",
      errorList(errors.filter(({ code, reason }) => !known.has(code) && /[a-z]/.test(reason))),
    ),
    section(
      "Parts of the messages above",
      "What stands in place of an ellipsis, by the file that says it.",
      byFile(rest),
    ),
  ];
  return `${sections.join("\n").trimEnd()}\n`;
}

function codeSection(code: string, { cause, cure }: CodeMeaning, errors: readonly ErrorText[]): string {
  const own = errors.filter((error) => error.code === code && /[a-z]/.test(error.reason));
  const said = own.length > 0 ? `\n${errorList(own)}\n` : "";
  return `### ${code}\n\n**Cause.** ${cause}\n\n**Cure.** ${cure}\n${said}`;
}

/** Errors by what they tell to do: many of them differ in their reason alone. */
function errorList(errors: readonly ErrorText[]): string {
  const byRemedy = new Map<string, string[]>();
  for (const { reason, remedy } of errors) byRemedy.set(remedy, [...(byRemedy.get(remedy) ?? []), reason]);
  return [...byRemedy]
    .map(([remedy, reasons]) => {
      const told = reasons.map((reason) => `- ${plain(reason)}`).join("\n");
      return remedy === "" ? told : `${told}\n  → ${plain(remedy)}`;
    })
    .join("\n");
}

function section(title: string, about: string, body: string): string {
  return `## ${title}\n\n${about}\n\n${body}\n`;
}

function list(texts: readonly OtherText[]): string {
  return [...new Set(texts.map(({ text }) => `- ${plain(text)}`))].join("\n");
}

/** Shapes have a list of their own; the text that stands for a provider, words that no name may be, and the sentence that this page begins with are no messages. */
const toldElsewhere = /^provider\/(schema\/\w*[sS]chemas|errors)\.ts$|^sdk\/providerText\.ts$|^cli\/adopt\/naming\.ts$/;
const markup = /<\w+[ >]/;

function byFile(texts: readonly OtherText[]): string {
  const files = new Map<string, OtherText[]>();
  for (const each of texts) {
    if (each.text.includes("\n") || markup.test(each.text) || toldElsewhere.test(each.file)) continue;
    files.set(each.file, [...(files.get(each.file) ?? []), each]);
  }
  return [...files].map(([file, told]) => `\`${file}\`\n\n${list(told)}`).join("\n\n");
}

/** Texts as they are: nothing of theirs is markup but their code. */
function plain(text: string): string {
  return text
    .trim()
    .split("`")
    .map((part, index) => (index % 2 === 0 ? part.replace(/[*<>]/g, "\\$&").replaceAll("](", "]\\(") : `\`${part}\``))
    .join("");
}

interface Shape {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
}

/** What check failures say of values that are not as they must be. */
function shapes(): string[] {
  const kinds = new Map<string, string[]>();
  const walk = (kind: string, place: string, shape: Shape): void => {
    const told = `${plain(place)} must be ${plain(shape.description ?? "")}`;
    if (shape.description !== undefined) kinds.set(told, [...(kinds.get(told) ?? []), kind]);
    for (const [name, inner] of Object.entries(shape.properties ?? {})) walk(kind, `${place}.${name}`, inner);
    if (shape.items) walk(kind, `${place}[…]`, shape.items);
  };
  for (const [kind, shape] of Object.entries<Shape>({ ...schemas, ...lookUpSchemas }))
    for (const [name, inner] of Object.entries(shape.properties ?? {})) walk(kind, name, inner);
  return [...kinds].map(([told, of]) => `- ${told} (${of.join(", ")})`);
}
