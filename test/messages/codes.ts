import type { VppErrorCode } from "../../provider/errors";

/** What an error code means for whoever meets it. */
export interface CodeMeaning {
  readonly cause: string;
  readonly cure: string;
}

/** Every code in the order of its families; the compiler sees to it that none is missing. */
export const meanings: Readonly<Record<VppErrorCode, CodeMeaning>> = {
  VPP_CONFIG_TOKEN_MISSING: {
    cause: "No content token was found for a key, in any of the places where it is looked for.",
    cure: "Set `VPP_CONTENT_TOKEN_FILE` to the path of the `.vpptoken` file (for a key, `VPP_CONTENT_TOKEN_<KEY>_FILE`). In CI, check that the secret reaches the job.",
  },
  VPP_CONFIG_TOKEN_UNREADABLE: {
    cause:
      "Something was found in the content token's place, and it is not the content of a `.vpptoken` file, or the file can't be opened.",
    cure: "Download the token again and put the file in place as it is. If it passes through a secret store, check that nothing cut, quoted or decoded it.",
  },
  VPP_CONFIG_TOKEN_KEYS_COLLIDE: {
    cause:
      "Two keys of content tokens come to the same environment variable, or one can't be told from a path's variable.",
    cure: "Give each `VppToken` a `contentTokenKey` that differs in letters and digits, and that does not end in “file”.",
  },
  VPP_CONFIG_ENDPOINT: {
    cause: "The address in `VPP_ENDPOINT` or `vpp:endpoint` is none to which a content token may be sent.",
    cure: "Unset it to talk to Apple, or set an HTTPS address, or an HTTP one on this machine's loopback.",
  },
  VPP_CONFIG_PROXY: {
    cause: "`HTTPS_PROXY` is set to something that is not the address of a proxy.",
    cure: "Set it to an address such as `http://proxy.example:3128`, or unset it.",
  },
  VPP_CONFIG_SETTING: {
    cause: "A setting under `vpp:` in the stack's configuration has a value that it can't have.",
    cure: "Set it anew; the message says what is allowed and with which command.",
  },
  VPP_CONFIG_PACKAGE: {
    cause:
      "Pulumi does not find the package `pulumi-vpp` from the program's folder, from where it loads the provider, or finds another version than the program uses; or the program uses two copies of the package. Nothing was declared.",
    cure: "Install `pulumi-vpp` in the project that holds `Pulumi.yaml` (or in the folder of `main`), once and in one version; packages of a workspace that use it take it as a peer dependency, and a bundle leaves it out.",
  },
  VPP_CONFIG_PLAN_MISSING: {
    cause:
      "The program has written what it declares to a file in the folder for temporary files, and the provider can't read it there. Then nobody knows what else the program requires, so nothing is taken back and nobody is retired in this run.",
    cure: "See that program and provider have the same `TMPDIR`, and that nothing cleans it up while Pulumi runs. Then run the same command again.",
  },
  VPP_CONFIG_PLAN_UNWRITABLE: {
    cause:
      "The program can't write what it declares to the folder for temporary files: it is full, is not there, or must not be written.",
    cure: "Make room in that folder, or set `TMPDIR` to another one. Nothing was sent.",
  },
  VPP_INPUT_INVALID: {
    cause:
      "An input of a resource, an argument of a look-up, or a file or option given to the command is not what it must be. Nothing was sent.",
    cure: "Correct it where the message says: `serialNumbers[2]` is the third entry of the list. All faults of one resource are told at once.",
  },
  VPP_INPUT_CONFLICT: {
    cause: "Two parts of the program, or an input and the state, contradict each other. Nothing was sent.",
    cure: "The message names both; change one of them.",
  },
  VPP_INPUT_NOT_OWNED: {
    cause: "The program names an app or book that the library does not own.",
    cure: "Buy it for this organizational unit (free apps have to be “bought”, too), or correct `adamId` or `pricingParam`.",
  },
  VPP_INPUT_UNKNOWN_USER: {
    cause: "A `VppAssignment` names people of whom the service has no active record: never registered, or retired.",
    cure: "Correct the ids, or register the people with a `VppUserSet` of the same program and take the ids from its `clientUserIds`.",
  },
  VPP_AUTH_TOKEN_EXPIRED: {
    cause: "The content token is older than a year.",
    cure: "Download a new one for the same organizational unit, put it in place of the old one, and run `pulumi up`.",
  },
  VPP_AUTH_TOKEN_REVOKED: {
    cause: "The content token was revoked, for example by downloading another one or by an administrator.",
    cure: "Download a new one for the same organizational unit, put it in place of the old one, and run `pulumi up`.",
  },
  VPP_AUTH_TOKEN_REFUSED: {
    cause:
      "The service does not accept the content token: its account's password has changed, the account may not manage licences, or the token is none.",
    cure: "Sign in with an account that may manage licences, download a new token for the same organizational unit, put it in place, and run `pulumi up`.",
  },
  VPP_AUTH_OTHER_LIBRARY: {
    cause:
      "The content token opens another library than the one that the resource belongs to. A bound token is never replaced.",
    cure: "Put back a token of the same organizational unit. For another library, declare another `VppToken` under another name, with a key of its own.",
  },
  VPP_AUTH_HELD_BY_ANOTHER: {
    cause:
      "The library bears the mark of another service, such as a device management. Two services that both give and take licences undo each other's work.",
    cure: "Set `managedBy` if that service stays, or stop it and set `takeOverFrom` if it is to give the library up. The message names its id. If it is a stack of this very name, do what the message says: most often `aliases`, or leave the VppToken out of the replacement.",
  },
  VPP_AUTH_NOT_BOUND: {
    cause: "The library bore this stack's mark, and bears none any more: somebody has removed it.",
    cure: "Run `pulumi refresh` to see what has happened, then `pulumi up` to bind the library again.",
  },
  VPP_LIMIT_NO_LICENSES: {
    cause: "More licences are asked for than are free.",
    cure: "Buy more, or take the app from other targets first. The message names the app, how many are needed and free, and who asks.",
  },
  VPP_LIMIT_BRAKE: {
    cause:
      "An update would take licences from, or retire, more than it may without being told so. Lists do come in half.",
    cure: "If it is not meant, put back what was taken out: a list may have come in short. If it is meant, set `maxRevocations` or `maxRetirements` to the number in the message, for that run.",
  },
  VPP_SERVICE_ERROR: {
    cause: "The service answered with an error; its number is in the message.",
    cure: "What the message says for that number. Internal errors and maintenance pass: run the same command again later.",
  },
  VPP_SERVICE_THROTTLED: {
    cause:
      "Too many requests came from this organization, also from other services, and the service asks to wait longer than a run does.",
    cure: "Run the same command again after the time in the message.",
  },
  VPP_SERVICE_ANSWER: {
    cause:
      "An answer can't be right: it is not what the service sends, or two answers contradict each other. Nothing is changed on the word of such an answer.",
    cure: "Check `VPP_ENDPOINT` and whatever stands between, such as a proxy or a login page. If answers contradict each other, wait and run the same command again.",
  },
  VPP_SERVICE_PARTIAL: {
    cause: "The service did a part of the work and not the rest.",
    cure: "Run `pulumi up` again: it goes on with what is missing. After a delete that was done in part, run the same command again, or `pulumi refresh` first.",
  },
  VPP_SERVICE_PENDING: {
    cause: "The service accepted the work and has not finished it in the time that was allowed.",
    cure: "It goes on by itself. Run `pulumi up` again later, or raise `vpp:eventTimeoutSeconds`.",
  },
  VPP_NETWORK_UNREACHABLE: {
    cause: "No connection could be made, or no answer came to a question.",
    cure: "Check network, proxy and certificates of this machine (`HTTPS_PROXY`, `NODE_EXTRA_CA_CERTS`), then run the same command again.",
  },
  VPP_NETWORK_OUTCOME_UNKNOWN: {
    cause: "A write was sent and no usable answer came, so it may or may not have been done.",
    cure: "Run `pulumi up` again: it looks first at what is there, and does nothing twice.",
  },
  VPP_RUN_STILL_WRITING: {
    cause:
      "Another run of this stack still writes to the library: two runs were started after a `pulumi cancel`, or a process was left behind. Two that write at once would undo each other's work.",
    cure: "Wait until the process that the message names has ended, or end it. Then run `pulumi up` again: it looks first at what the other one has done.",
  },
  VPP_RUN_STOPPED: {
    cause:
      "You have cancelled the run (Ctrl-C, SIGTERM), or the Pulumi command that started this work is gone: it was killed, or its terminal was closed.",
    cure: "After Ctrl-C run the same command again; if the program was wrong, put it right first. After a kill run `pulumi cancel`, then `pulumi up --refresh`. What Apple's service had accepted before goes on.",
  },
  VPP_BUG_UNEXPECTED: {
    cause: "A fault of this provider.",
    cure: "Please report it with the output of the same command under `NODE_DEBUG=pulumi-vpp`. No content token and no address are in it.",
  },
};
