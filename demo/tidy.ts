interface Row {
  readonly sign: string;
  readonly kind: string;
  readonly name: string;
  readonly status: string;
}

const heading = /^(Previewing|Updating|Refreshing|Destroying)\b.*:$/;
const resource = /^ ?([-+~<>= ]{2}) (?:pulumi-nodejs:dynamic\/vpp:|pulumi:pulumi:)(\w+) +(\S+) *(.*)$/;
const busy = /^(creating|updating|deleting|refreshing|running|replacing)\b/;
const noise = [
  /talking to http/,
  /^error: (preview|update|refresh|destroy) failed$/,
  /^(preview|update|refresh|destroy) failed$/,
];

/**
 * The lines of a `pulumi` command that tell something: what became of each resource, notes and errors, outputs, and the sum. Of a
 * command that previews and then acts, the last part. Both engines print the same things, each with its own trimmings.
 */
export function tidy(text: string): string[] {
  const all = text.split("\n").map((line) => line.trimEnd());
  const start = all.findLastIndex((line) => heading.test(line));
  const lines = start < 0 ? all : all.slice(start + 1);
  if (start < 0) return lines.filter((line) => /^(error|warning): /.test(line));
  const rows = new Map<string, Row>();
  const notes = new Set<string>();
  const outputs: string[] = [];
  const sums: string[] = [];
  let section = "Resource rows";
  for (const line of lines) {
    if (/^(Diagnostics|Outputs|Resources):$/.test(line)) section = line;
    else if (/^\S/.test(line)) section = section === "Resource rows" ? section : "End";
    else if (section === "Diagnostics:") addNote(notes, line);
    else if (section === "Outputs:") addOutput(outputs, line);
    else if (section === "Resources:" && line.trim() !== "") sums.push(line.trim().replace(/^([-+~]+) *(\d)/, "$1 $2"));
    if (section === "Resource rows") addRow(rows, line);
  }
  return [
    ...[...rows.values()].map(describe),
    ...notes,
    ...(outputs.length > 0 ? [`Outputs: ${outputs.join(", ")}`] : []),
    ...(sums.length > 0 ? [`Resources: ${sums.join(", ")}`] : []),
  ];
}

function addOutput(outputs: string[], line: string): void {
  const [, sign, name, value] = /^ {2}([-+~]?) *(\w+) *: (.+)$/.exec(line) ?? [];
  if (value !== undefined && !/unknown|output</.test(value)) outputs.push(`${sign ? `${sign} ` : ""}${name}: ${value}`);
}

function addRow(rows: Map<string, Row>, line: string): void {
  const [, sign = "", kind = "", name = "", rest = ""] = resource.exec(line) ?? [];
  const failed = /\*\*(.+?)\*\*/.exec(rest)?.[1];
  const status =
    failed ??
    rest
      .replace(/ *\([\d.]+s\)/, "")
      .replace(/;? *(error|warning|\d+ (messages?|errors?|warnings?)).*$/, "")
      .trim();
  if (kind === "" || kind === "Stack" || status === "" || (failed === undefined && busy.test(status))) return;
  rows.set(`${kind} ${name}`, { sign: sign.trim(), kind, name, status });
}

function describe({ sign, kind, name, status }: Row): string {
  return `${sign.padEnd(2)} ${`${kind} ${name}`.padEnd(29)} ${status}`;
}

function addNote(notes: Set<string>, line: string): void {
  const note = line.trim();
  if (note === "" || /^\S+ \(.+\):$/.test(note) || noise.some((pattern) => pattern.test(note))) return;
  const bare = note.replace(/^error: /, "");
  if (bare !== note) notes.delete(`• ${bare}`);
  else if (notes.has(`• error: ${bare}`)) return;
  notes.add(`• ${note}`);
}
