import { redact } from "../../../redact";
import type { Limits } from "../../api/client";
import type { MdmInfo } from "../../api/wire";

const product = "pulumi-vpp";

/** The mark of a binding, cut to the service's limits. */
export function ownMark(bindingId: string, stackName: string, limits: Limits): MdmInfo {
  return {
    id: bindingId,
    name: cut(`${product} ${stackName}`, limits.maxMdmNameLength),
    metadata: cut(`managed by ${product}`, limits.maxMdmMetadataLength),
  };
}

/** The same mark, rewritten to say that nobody manages the library any more: the service knows no way to take a mark off. */
export function releasedMark(mark: MdmInfo, now: Date): MdmInfo {
  return { ...mark, metadata: `released ${now.toISOString().slice(0, 10)}` };
}

/** Whether a mark is one of ours that has been released. */
export function isReleased({ name, metadata }: MdmInfo): boolean {
  return name.startsWith(product) && /^released \d{4}-\d{2}-\d{2}$/.test(metadata);
}

/** Who holds a library, for a message. */
export function holderName({ id, name }: Pick<MdmInfo, "id" | "name">): string {
  return `“${redact(name)}” (id ${redact(id)})`;
}

/** The stack of this product whose mark this is, as organization/project/stack; undefined for another service's. */
export function stackInMark({ name }: MdmInfo): string | undefined {
  return name.startsWith(`${product} `) ? redact(name.slice(product.length + 1)) : undefined;
}

/** The ways on when another stack of this product holds the library. Neither of two stacks may treat the other as the manager of the apps. */
export function wayOutOfStack({ id }: MdmInfo): string {
  return (
    "Declare these licences in that stack; or leave the VppToken to it, let it export libraryId, contentTokenKey and bindingId of its VppToken, " +
    "and take them here by a StackReference as `token`; or take the VppToken out of that stack first. " +
    `Only if that stack is gone for good, or is this one under its old name, set takeOverFrom: "${redact(id)}" on the VppToken here.`
  );
}

/** The two ways out when another service holds the library. */
export function wayOutOf({ id }: MdmInfo): string {
  const shown = redact(id);
  return (
    `If that service goes on installing the apps, set managedBy: "${shown}" on the VppToken. ` +
    `If it is to give the library up, stop it there first, then set takeOverFrom: "${shown}" on the VppToken.`
  );
}

/** Characters, not bytes: the service does not say which it counts, and the texts are nearly always ASCII. */
function cut(text: string, length: number): string {
  return [...text].slice(0, length).join("");
}
