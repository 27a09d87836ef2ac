import { VppError } from "../../../errors";
import type { Client, Permission } from "../../api/client";
import type { ClientConfigAnswer, CommonAnswer, MdmInfo } from "../../api/wire";
import type { LibraryRef } from "../libraryRef";
import { SharedAnswer } from "../readings/sharedAnswer";
import { isReleased } from "./ownershipMarker";
import { heldByAnother, opensAnother } from "./refusals";

/** Which library a content token opens, and whose it is: asked for once in a run, and watched in every answer from then on. */
export class LibraryOwner {
  /** Id of the library, known from the first answer on. */
  libraryId?: string;
  private expectedLibraryId?: string;
  private mark?: MdmInfo;
  /** Every mark that was seen since the library was last asked whose it is, by id: answers can overtake each other. */
  private readonly marksSeen = new Map<string, MdmInfo>();
  private readonly configRead = new SharedAnswer(() => this.readConfig());
  /** How often client/config was asked for, and which of these questions was the last that taught a mark. */
  private configsAsked = 0;
  private configLearned = 0;

  constructor(private readonly client: Client) {}

  /** Id of the library as resources name it, or as an answer has told it. */
  get expectedId(): string | undefined {
    return this.expectedLibraryId ?? this.libraryId;
  }

  /** Takes note of every answer: which library it speaks of, and whose mark that library bears. */
  heed(answer: CommonAnswer): void {
    if (this.expectedLibraryId !== undefined && answer.uId !== this.expectedLibraryId)
      throw opensAnother(answer.uId, this.expectedLibraryId);
    this.libraryId = answer.uId;
    if (answer.mdmInfo?.id) {
      this.mark = answer.mdmInfo;
      this.marksSeen.set(answer.mdmInfo.id, answer.mdmInfo);
    }
  }

  /** From now on, answers about another library are refused. */
  expect(libraryId: string): void {
    const known = this.expectedLibraryId ?? this.libraryId;
    if (known !== undefined && known !== libraryId) throw opensAnother(known, libraryId);
    this.expectedLibraryId = libraryId;
  }

  /** The mark that the library was last seen to bear; undefined if none, or a released one. */
  get holder(): MdmInfo | undefined {
    return this.mark && !isReleased(this.mark) ? this.mark : undefined;
  }

  /** The library's own data: as first read in this run, or anew. */
  config(anew = false): Promise<ClientConfigAnswer> {
    return anew ? this.configRead.renew() : this.configRead.get();
  }

  /** Writes a mark by `send`, which calls its permission before each try. Any other mark than that which it may be written over is refused. */
  async writeMark(
    mdmInfo: MdmInfo,
    over: string | undefined,
    send: (mdmInfo: MdmInfo, permission: Permission) => Promise<ClientConfigAnswer>,
  ): Promise<void> {
    const before = await this.config();
    // Until the answer is there, nobody knows which mark is.
    this.configRead.forget();
    const answer = await send(mdmInfo, async () => this.refuseRivals(mdmInfo.id, over));
    const mark = answer.mdmInfo ?? mdmInfo;
    this.learnMark(mark);
    this.configLearned = this.configsAsked;
    // Whether the answer bears more than the mark is not documented; the rest has been read already.
    this.configRead.keep({ ...before, mdmInfo: mark });
    if (mark.id !== mdmInfo.id) throw heldByAnother(mark);
  }

  /** Refuses unless the library bears the mark that it should. Reads it first if that has not been done in this run. */
  async assertOwner(ref: LibraryRef): Promise<void> {
    await this.config();
    this.refuseRivals(ref.bindingId, ref.managedBy);
    if (this.holder !== undefined || ref.managedBy !== undefined) return;
    throw new VppError(
      "VPP_AUTH_NOT_BOUND",
      "the library no longer bears this stack's mark, so it is not known to be ours",
      { remedy: "Run `pulumi refresh` to see what happened, then `pulumi up` to bind the library again." },
    );
  }

  /** The mark of a service other than these that was seen since the library was last asked whose it is. */
  rival(...accepted: readonly (string | undefined)[]): MdmInfo | undefined {
    return [...this.marksSeen.values()].find((mark) => !accepted.includes(mark.id) && !isReleased(mark));
  }

  private refuseRivals(...accepted: readonly (string | undefined)[]): void {
    const rival = this.rival(...accepted);
    if (rival) throw heldByAnother(rival);
  }

  private async readConfig(): Promise<ClientConfigAnswer> {
    const asked = ++this.configsAsked;
    const answer = await this.client.clientConfig();
    // An older question that is answered late tells nothing new.
    if (asked > this.configLearned) {
      this.configLearned = asked;
      this.learnMark(answer.mdmInfo ?? undefined);
    }
    return answer;
  }

  private learnMark(mark: MdmInfo | undefined): void {
    this.mark = mark;
    this.marksSeen.clear();
    if (mark) this.marksSeen.set(mark.id, mark);
  }
}
