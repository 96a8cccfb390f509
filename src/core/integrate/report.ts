import type { JsonObject } from '../outcome/canonical.js';
import type { Reason, Status } from '../outcome/outcome.js';
import type { FallbackKind } from '../outcome/rows.js';
import type { Several } from '../outcome/several.js';
import type { Voted } from '../outcome/voted.js';
import type { Plan } from '../plan/plan.js';
import type { Coverage, Judged } from './checks/finding.js';
import type { Material } from './citable.js';
import { coverageOf } from './coverage.js';
import type { Facts } from './facts.js';
import type { Files } from './files/files.js';
import { type Hole, holesOf } from './holes.js';
import type { LedgerRow } from './ledger.js';
import type { Agreement, Conflict, Dropped, Duplicate, Merged, Output, Unreduced } from './merge/merged.js';
import { type Decided, merge } from './merge.js';
import { type Provenance, provenanceOf } from './provenance.js';
import type { Prose } from './synthesis/prose.js';
import type { Apart } from './wide/parts.js';
import type { Room } from './wide/scratch.js';

/*
 *  1. `answer` is a function of plan, outcomes and recorded decisions: the same to the byte, whoever ended first.
 *  2. Nothing that a clock, a machine or a retry decided is in it; all that is under `run`.
 *  3. Every value of it is computed here or was delivered by a brief; nobody phrases a hole away.
 */

/** Bumped when the stored form changes; CI opens reports of earlier versions. */
export const REPORT_VERSION = 1;

/** What is stored as `report.json`. */
export interface Report {
  readonly v: typeof REPORT_VERSION;
  readonly answer: Answer;
  readonly run: Facts;
}

export interface Answer {
  /** Of the plan. */
  readonly name: string;
  /** The original brief, in the asker's words. */
  readonly brief: string;
  readonly data: JsonObject;
  /** The answer in words; absent where the plan asks for none. */
  readonly prose?: Prose;
  readonly requirements: readonly Coverage[];
  readonly missing: readonly Hole[];
  readonly conflicts: readonly Conflict[];
  readonly duplicates: readonly Duplicate[];
  /** What the plan's `top` leaves out; absent where it leaves nothing out. */
  readonly dropped?: readonly Dropped[];
  /** Collections that their function did not bring together; absent where there are none. */
  readonly unreduced?: readonly Unreduced[];
  /** How far sources agree, per collection; absent where no two spoke of the same. */
  readonly agreement?: { readonly [collection: string]: Agreement };
  readonly provenance: Provenance;
  readonly ledger: readonly Ended[];
  /** What became of the trees of workspaces; absent where the plan has none. */
  readonly files?: Files;
  /** What `integrate.verify` said; absent where the plan has none. */
  readonly verified?: Verified;
  /** What is too long for the report and lies in artifacts of its own; absent: all is here. */
  readonly apart?: readonly Apart[];
}

/** A ledger row without what differs from run to run. */
interface Ended {
  readonly brief: string;
  readonly key?: string;
  readonly title?: string;
  readonly status: Status;
  readonly reason?: Reason;
  readonly because?: string;
  /** What delivered in its place, with why it did not itself as the `reason`. */
  readonly fallback?: FallbackKind;
  /** Names of the worker's secrets that were taken out of the output. */
  readonly redacted?: readonly string[];
  /** How it was voted on. */
  readonly voted?: Voted;
  /** How several samples became its output otherwise. */
  readonly several?: Several;
  /** Of the output. */
  readonly digest?: string;
}

export interface Verified {
  readonly holds: boolean;
  /** Why it does not hold, or could not be tried. */
  readonly finding?: string;
}

export interface Integrated {
  readonly plan: Plan;
  readonly ledger: readonly LedgerRow[];
  /** Of every row that delivered, in ledger order. */
  readonly outputs: readonly Output[];
  readonly files?: Files;
  /** What was asked on the way. */
  readonly decided?: Decided;
  /** Texts of the input files by digest, where a requirement needs them. */
  readonly texts?: Material['texts'];
  /** Where what is merged lies; absent: in memory. */
  readonly room?: Room;
}

/** What was delivered, merged: what requirements are held against. */
export interface Draft extends Judged {
  readonly merged: Merged;
  readonly files?: Files;
}

export function draftOf({ decided, ...given }: Integrated): Draft {
  const { plan, ledger, outputs, room } = given;
  const merged = merge(plan, outputs, decided, room);
  const holes = holesOf(plan, ledger, merged.silent);
  return { ...given, merged, holes, provenance: provenanceOf(plan, ledger, merged) };
}

/** All of the answer but `verified`, and nothing apart. */
export function answerOf(draft: Draft, requirements: readonly Coverage[] = coverageOf(draft)): Answer {
  const { plan, merged, holes, ledger, provenance, files, prose } = draft;
  return {
    name: plan.name,
    brief: plan.brief,
    data: merged.data,
    ...(prose && { prose }),
    requirements,
    missing: holes,
    conflicts: merged.conflicts,
    duplicates: merged.duplicates,
    ...(merged.dropped.length > 0 && { dropped: merged.dropped }),
    ...(merged.unreduced.length > 0 && { unreduced: merged.unreduced }),
    ...(Object.keys(merged.agreement).length > 0 && { agreement: merged.agreement }),
    provenance,
    ledger: ledger.map(ended),
    ...(files && { files }),
  };
}

const ended = ({
  brief,
  key,
  title,
  status,
  reason,
  because,
  fallback,
  redacted,
  voted,
  several,
  ref,
}: LedgerRow): Ended => ({
  brief,
  ...(key !== undefined && { key }),
  ...(title !== undefined && { title }),
  status,
  ...(reason && { reason }),
  ...(because !== undefined && { because }),
  ...(fallback && { fallback }),
  ...(redacted && { redacted }),
  ...(voted && { voted }),
  ...(several && { several }),
  ...(ref && { digest: ref.digest }),
});
