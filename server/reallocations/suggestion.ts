/** A suggestion where money of a fund would do most, by what the next £1,000 prevents. It explains itself; people decide. Pure. */
import { pounds } from '../terms/terms.ts';

export interface Candidate {
  readonly agreementId: string;
  readonly name: string;
  readonly ceilingPence: number;
  /** Below this it cannot fall: spent or committed, whichever is more. */
  readonly floorPence: number;
  /** How far the limit lets it fall and rise; rising is null where nothing limits it. */
  readonly mayFallPence: number;
  readonly mayRisePence: number | null;
  /** Central forecast of what stays unspent; null where none is made. Below zero: more is needed than agreed. */
  readonly underspendPence: number | null;
  /** Incidents the next £1,000 prevents; null where the allocation plans no hours. */
  readonly perThousand: number | null;
}

export interface Suggested {
  /** Below zero gives. Together they are zero. */
  readonly pence: number;
  readonly because: string;
}

export interface Suggestion {
  readonly byAgreement: ReadonlyMap<string, Suggested>;
  readonly says: readonly string[];
}

/**
 * Who is forecast to leave money unspent gives, lowest value first, as far as the limit and what is spent allow. Those not forecast to underspend take, highest value
 * first, up to the limit; what is left goes to those whose value is not known (patrols the allocation does not plan). Amounts are pence; `leastPence` is the least worth moving.
 */
export function suggest(candidates: readonly Candidate[], leastPence: number): Suggestion {
  const order = candidates.toSorted((a, b) => (a.agreementId < b.agreementId ? -1 : 1));
  const gives = new Map(order.map((each) => [each.agreementId, mostGives(each)]).filter((pair): pair is [string, number] => Number(pair[1]) >= leastPence));
  const takers = order.filter(({ agreementId, underspendPence }) => !gives.has(agreementId) && (underspendPence ?? 0) <= 0).toSorted((a, b) => (b.perThousand ?? -1) - (a.perThousand ?? -1));
  const takes = new Map<string, number>();
  let left = [...gives.values()].reduce((sum, each) => sum + each, 0);
  for (const taker of takers) {
    const pence = Math.min(left, taker.mayRisePence ?? left);
    if (pence < leastPence) continue;
    takes.set(taker.agreementId, pence);
    left -= pence;
  }
  // What nobody can take stays where a pound prevents most.
  for (const giver of order.filter(({ agreementId }) => gives.has(agreementId)).toSorted((a, b) => (b.perThousand ?? -1) - (a.perThousand ?? -1))) {
    const back = Math.min(left, gives.get(giver.agreementId) ?? 0);
    gives.set(giver.agreementId, (gives.get(giver.agreementId) ?? 0) - back);
    left -= back;
  }
  const byAgreement = new Map(order.map((each): [string, Suggested] => [each.agreementId, said(each, -(gives.get(each.agreementId) ?? 0) || (takes.get(each.agreementId) ?? 0), leastPence)]));
  return { byAgreement, says: wordsOf(order, byAgreement, takers) };
}

/** The most a candidate can give: its underspend, within the limit and above what is spent or committed. */
function mostGives({ underspendPence, ceilingPence, floorPence, mayFallPence }: Candidate): number {
  return Math.max(0, Math.min(underspendPence ?? 0, mayFallPence, ceilingPence - floorPence));
}

const value = ({ perThousand }: Candidate): string => (perThousand === null ? 'what the next £1,000 prevents there is not known' : `the next £1,000 prevents ${perThousand.toFixed(2)} incidents there`);

function said(each: Candidate, pence: number, leastPence: number): Suggested {
  if (pence < 0) {
    const bound = -pence === each.underspendPence ? 'all of it' : -pence === each.mayFallPence ? 'as much of it as the limit lets go without a variation' : 'part of it, since the others cannot take more or the rest is spent or committed';
    return { pence, because: `${each.name} is forecast to leave ${pounds(each.underspendPence ?? 0)} unspent and gives ${pounds(-pence)}, ${bound}; ${value(each)}.` };
  }
  if (pence > 0) {
    const bound = pence === each.mayRisePence ? ', as much as the limit lets in without a variation' : '';
    return { pence, because: `${each.name} takes ${pounds(pence)}${bound}: ${value(each)}.` };
  }
  if (each.underspendPence === null) return { pence: 0, because: `${each.name}: no forecast is made, and ${value(each)}.` };
  if (each.underspendPence > 0) return { pence: 0, because: `${each.name} is forecast to leave ${pounds(each.underspendPence)} unspent${each.underspendPence < leastPence ? ', too little to move' : ', and gives nothing of it: nobody can take it, or the limit and what is spent allow less than is worth moving'}.` };
  return { pence: 0, because: `${each.name} is forecast to spend all of its money, and ${value(each)}.` };
}

function wordsOf(order: readonly Candidate[], byAgreement: ReadonlyMap<string, Suggested>, takers: readonly Candidate[]): string[] {
  const moved = order.filter(({ agreementId }) => byAgreement.get(agreementId)?.pence !== 0);
  const of = ({ agreementId }: Candidate): string => byAgreement.get(agreementId)?.because ?? '';
  if (moved.length > 0) return moved.toSorted((a, b) => (byAgreement.get(a.agreementId)?.pence ?? 0) - (byAgreement.get(b.agreementId)?.pence ?? 0)).map(of);
  if (takers.length === 0 && order.some(({ underspendPence }) => (underspendPence ?? 0) > 0)) {
    return ['Every agreement is forecast to leave money unspent, so none could spend more. Enter an agreement for other patrols, for example with the police force, or use the money for extra patrols under another head of the same agreement.'];
  }
  return ['Nothing is suggested: no agreement is forecast to leave money unspent that another could spend.'];
}
