/** The two functions of js-yaml that the engine uses; the package brings no types. */
declare module "js-yaml" {
  export function load(text: string): unknown;
  export function dump(value: unknown, options?: { indent?: number; lineWidth?: number; noRefs?: boolean }): string;
}
