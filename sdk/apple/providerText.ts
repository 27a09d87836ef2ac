/** The kinds of resources, by the names under which the provider exports them. */
export type ProviderExport = "vppToken" | "vppApp" | "vppUserSet" | "vppAssignment";

/**
 * What the engine's host runs to get at a kind's provider. It lies in the state of every stack and must never change; a golden test holds it.
 */
export function providerText(name: ProviderExport): string {
  return `exports.handler = () => require("pulumi-vpp/provider").${name};`;
}

/** Whether a value is a resource of this type, as the engine names it; policies ask with the type alone. */
export function isOfType(value: unknown, type: string): boolean {
  return typeof value === "object" && value !== null && (value as { __pulumiType?: unknown }).__pulumiType === type;
}
