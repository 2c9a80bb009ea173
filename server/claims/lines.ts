/** What a claim's lines come to, how a decision cuts them, and how a part is split over budget heads. Pure: amounts are whole pence. */

/**
 * Pence of so many minutes at so many pence an hour: minutes × pence ÷ 60, half a penny rounded up, once. The one rounding of a claim.
 * Throws a RangeError for numbers below zero or not whole.
 */
export function hoursPence(minutes: number, pencePerHour: number): number {
  if (!Number.isSafeInteger(minutes) || !Number.isSafeInteger(pencePerHour) || minutes < 0 || pencePerHour < 0) {
    throw new RangeError(`${minutes} minutes at ${pencePerHour} pence an hour are not whole numbers of zero or more. Give whole minutes and whole pence.`);
  }
  return Number((BigInt(minutes) * BigInt(pencePerHour) + 30n) / 60n);
}

/** The largest amount whose sums stay exact wherever they are shown: £9,999,999,999,999.99. */
export const largestPence = 999_999_999_999_999;

export interface CostLine {
  readonly grossPence: number;
  readonly recoverableVatPence: number;
}

export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

/** What is wrong with a line of cost (pence), by field: over £0.00, and VAT that can be recovered is part of it and is not claimed. */
export function costFault({ grossPence, recoverableVatPence }: CostLine): FieldFault | undefined {
  if (grossPence <= 0) return { field: 'amount', message: 'A line is over £0.00. To give money back, the Commissioner’s office adjusts or recovers.' };
  if (grossPence > largestPence) return { field: 'amount', message: 'An amount is at most £9,999,999,999,999.99.' };
  if (recoverableVatPence < 0) return { field: 'recoverableVat', message: 'Recoverable VAT is £0.00 or more.' };
  if (recoverableVatPence >= grossPence) return { field: 'recoverableVat', message: 'Recoverable VAT is less than the amount it is part of. The amount is what was paid with VAT; what is claimed is the amount less the VAT.' };
  return undefined;
}

export interface Decision {
  readonly lineId: string;
  readonly approvedPence: number;
  readonly cutReason?: string | undefined;
}

export interface Decided {
  readonly id: string;
  readonly head: string;
  readonly claimedPence: number;
  readonly approvedPence: number;
  readonly cutReason: string | null;
}

/**
 * Lines with what is approved of each (pence): in full unless a decision says less, and then why. Gives the faults by field instead when a
 * decision names no line, approves more than is claimed or less than nothing, cuts without a reason, or leaves nothing of the whole claim.
 */
export function decide(lines: readonly { readonly id: string; readonly head: string; readonly claimedPence: number }[], decisions: readonly Decision[]): { decided: Decided[]; faults: FieldFault[] } {
  const faults = decisions.flatMap((decision, index) => decisionFault(lines, decisions, decision).map((message) => ({ field: `lines.${index}`, message })));
  const decided = lines.map(({ id, head, claimedPence }) => {
    const decision = decisions.find(({ lineId }) => lineId === id);
    const approvedPence = decision?.approvedPence ?? claimedPence;
    return { id, head, claimedPence, approvedPence, cutReason: approvedPence < claimedPence ? (decision?.cutReason ?? null) : null };
  });
  if (faults.length === 0 && decided.every(({ approvedPence }) => approvedPence === 0)) faults.push({ field: 'lines', message: 'Nothing would be approved. Refuse the claim instead, with a reason.' });
  return { decided, faults };
}

function decisionFault(lines: readonly { readonly id: string; readonly claimedPence: number }[], decisions: readonly Decision[], { lineId, approvedPence, cutReason }: Decision): string[] {
  const line = lines.find(({ id }) => id === lineId);
  if (!line) return ['This line is not of this claim. Reload the page.'];
  if (decisions.filter((each) => each.lineId === lineId).length > 1) return ['This line is decided on twice. Decide once on each line.'];
  if (approvedPence < 0) return ['What is approved of a line is £0.00 or more.'];
  if (approvedPence > line.claimedPence) return ['More would be approved than is claimed on this line. Approve at most what is claimed.'];
  return approvedPence < line.claimedPence && !cutReason ? ['Say why the line is cut: the council reads it.'] : [];
}

export interface HeadPence {
  readonly head: string;
  readonly pence: number;
}

/** Sums by head, heads in their order, those of £0.00 left out. */
export function byHead(lines: readonly HeadPence[]): HeadPence[] {
  const sums = new Map<string, number>();
  for (const { head, pence } of lines) sums.set(head, (sums.get(head) ?? 0) + pence);
  return [...sums].map(([head, pence]) => ({ head, pence })).filter(({ pence }) => pence !== 0).sort((a, b) => (a.head < b.head ? -1 : 1));
}

/**
 * Splits pence over heads by what each may still take (pence), by the largest remainder, so that the parts add up to the whole and none
 * takes more than it may. Equal remainders go to the head first in order. Throws a RangeError when there is less room than pence.
 */
export function splitOverHeads(pence: number, room: readonly HeadPence[]): HeadPence[] {
  const whole = room.reduce((sum, each) => sum + BigInt(each.pence), 0n);
  if (pence < 0 || BigInt(pence) > whole) throw new RangeError(`${pence} pence do not fit the ${whole} pence of room there are.`);
  if (whole === 0n) return [];
  const parts = room.map((each) => ({ head: each.head, floor: (BigInt(pence) * BigInt(each.pence)) / whole, rest: (BigInt(pence) * BigInt(each.pence)) % whole }));
  let left = BigInt(pence) - parts.reduce((sum, { floor }) => sum + floor, 0n);
  const order = [...parts.keys()].sort((a, b) => compare(parts[b]?.rest ?? 0n, parts[a]?.rest ?? 0n) || a - b);
  const extra = new Set<number>();
  for (const index of order) {
    if (left === 0n) break;
    extra.add(index);
    left -= 1n;
  }
  return parts.map(({ head, floor }, index) => ({ head, pence: Number(floor) + Number(extra.has(index)) })).filter((part) => part.pence !== 0);
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : Number(a > b));
