import { holdsContentToken } from "../provider/redact";
import { ExitError } from "./exit-error";

/** Refuses a content token on the command line, wherever it stands there: everybody on the machine can read it, and no option takes one. */
export function refuseTokens(words: readonly string[]): void {
  const at = words.findIndex(holdsContentToken);
  if (at < 0) return;
  const option = words[at]!.startsWith("--") ? words[at]!.split("=")[0]! : (words[at - 1] ?? "");
  const place =
    option.startsWith("--") && !holdsContentToken(option) ? `${option} was given` : "the command line holds";
  throw new ExitError(
    2,
    `${place} a content token's text, so nothing was done; set VPP_CONTENT_TOKEN to it, or give the path of its file with --token-file. ` +
      "Others on this machine may have seen the command line: if it is shared, download a new token",
  );
}
