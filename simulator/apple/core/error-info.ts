import type { AssetKey } from "./asset";

/** One entry of an event's `failures`: an error and the entities it concerns. */
export interface Failure {
  readonly errorNumber: number;
  readonly errorMessage: string;
  readonly errorInfo?: ErrorInfo;
}

/** The entities an error concerns. */
export interface ErrorInfo {
  readonly assets?: readonly AssetKey[];
  readonly clientUserIds?: readonly string[];
  readonly serialNumbers?: readonly string[];
}
