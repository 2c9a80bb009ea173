/** Movements as people think of them, from one head to another, as the lines a reallocation is made of. Pure. */
import type { Outlook } from '../../server/reallocations/contract.ts';

export interface Movement {
  /** `agreement id|head` */
  readonly from: string;
  readonly to: string;
  readonly pence: number;
}

export interface Line {
  readonly agreementId: string;
  readonly head: string;
  readonly amountPence: number;
}

export const keyOf = (agreementId: string, head: string): string => `${agreementId}|${head}`;

/** The lines of movements: one a head, those that come to nothing left out. They add up to zero. */
export function linesOf(movements: readonly Movement[]): Line[] {
  const sums = new Map<string, number>();
  for (const { from, to, pence } of movements) {
    sums.set(from, (sums.get(from) ?? 0) - pence);
    sums.set(to, (sums.get(to) ?? 0) + pence);
  }
  return [...sums].filter(([, pence]) => pence !== 0).map(([key, amountPence]) => ({ agreementId: key.slice(0, 36), head: key.slice(37), amountPence }));
}

/** What the value curves say as movements, in the same way. */
export function movementsByValue(outlook: Pick<Outlook, 'agreements' | 'byValue'>, takerHead: string): Movement[] {
  return movementsOf(outlook, takerHead, ({ agreementId }) => outlook.byValue.find((move) => move.agreementId === agreementId)?.pence ?? 0);
}

/** The suggestion as movements: givers out of the heads with most left, takers into one head, in the order in which they are listed. */
export function movementsOf({ agreements }: Pick<Outlook, 'agreements'>, takerHead: string, penceOf = (one: Outlook['agreements'][number]): number => one.figures.suggestedPence): Movement[] {
  const gives = agreements.flatMap((one) => {
    const { agreementId, heads } = one;
    let left = Math.max(0, -penceOf(one));
    return heads.map((each) => ({ ...each, free: each.budgetPence - each.spentPence })).toSorted((a, b) => b.free - a.free).flatMap(({ head, free }) => {
      const pence = Math.min(left, Math.max(0, free));
      left -= pence;
      return pence > 0 ? [{ key: keyOf(agreementId, head), pence }] : [];
    });
  });
  const found: Movement[] = [];
  for (const one of agreements) {
    const { agreementId } = one;
    let wanted = Math.max(0, penceOf(one));
    for (const giver of gives) {
      const pence = Math.min(wanted, giver.pence);
      if (pence <= 0) continue;
      found.push({ from: giver.key, to: keyOf(agreementId, takerHead), pence });
      giver.pence -= pence;
      wanted -= pence;
    }
  }
  return found;
}
