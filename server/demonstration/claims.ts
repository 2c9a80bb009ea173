/** What the demonstration's councils claimed and what became of it: amounts follow what was committed in each quarter, days and words are invented. Pure. */

/** Shares of an agreement's ceiling by budget head, invented; the first head takes what rounding leaves. */
const budgetShares = [['Wardens', 0.62], ['On-costs', 0.16], ['Vehicles', 0.08], ['Equipment', 0.09], ['Training', 0.05]] as const;
/** What the first day's commitment (uniform, radios, training and supervision) and the months' patrol hours were spent on. */
const startShares = [['Equipment', 0.6], ['Training', 0.25], ['Wardens', 0.15]] as const;
const patrolShares = [['Wardens', 0.74], ['On-costs', 0.18], ['Vehicles', 0.08]] as const;

const says: Readonly<Record<string, string>> = {
  Wardens: 'Pay of wardens on patrol', 'On-costs': 'Employer’s National Insurance and pension', Vehicles: 'Hire and fuel of patrol vehicles', Equipment: 'Uniform and radios', Training: 'Training of patrol officers',
};

export interface HeadAmount {
  readonly head: string;
  readonly pence: number;
}

/** Whole pence by shares of a sum, rounded down, the rest with the first. */
function byShares(pence: number, shares: readonly (readonly [string, number])[]): HeadAmount[] {
  const parts = shares.map(([head, share]) => ({ head, pence: Math.floor(pence * share) }));
  const rest = pence - parts.reduce((sum, part) => sum + part.pence, 0);
  return parts.map((part, nth) => (nth === 0 ? { ...part, pence: part.pence + rest } : part));
}

/** An agreement's budget in pence by head; together its ceiling. */
export const budgetOf = (ceilingPence: number): { head: string; budgetPence: number; tolerancePence: number }[] =>
  byShares(ceilingPence, budgetShares).map(({ head, pence }) => ({ head, budgetPence: pence, tolerancePence: 0 }));

export interface DemonstrationLine {
  readonly head: string;
  readonly what: string;
  readonly grossPence: number;
  readonly recoverableVatPence: number;
}

/** Lines of a quarter whose net amounts add up to what was committed in it (pence): on the first day, and for patrol hours. */
export function linesOf(committed: { readonly startPence: number; readonly patrolPence: number }): DemonstrationLine[] {
  const sums = new Map<string, number>();
  for (const { head, pence } of [...byShares(committed.startPence, startShares), ...byShares(committed.patrolPence, patrolShares)]) sums.set(head, (sums.get(head) ?? 0) + pence);
  return [...sums].filter(([, pence]) => pence > 0).map(([head, pence]) => {
    // What is bought carries VAT of a fifth, which a council recovers; pay carries none.
    const recoverableVatPence = head === 'Vehicles' || head === 'Equipment' ? Math.round(pence / 5) : 0;
    return { head, what: `${says[head] ?? head} (demonstration figure)`, grossPence: pence + recoverableVatPence, recoverableVatPence };
  });
}

export type DemonstrationStep =
  | { readonly on: string; readonly do: 'submit'; readonly lateReason?: string }
  | { readonly on: string; readonly do: 'query' | 'reply'; readonly words: string }
  | { readonly on: string; readonly do: 'approve'; readonly cut?: { readonly head: string; readonly share: number; readonly reason: string } }
  | { readonly on: string; readonly do: 'refuse'; readonly reason: string }
  /** A share of what is approved; 1 for what is left. */
  | { readonly on: string; readonly do: 'pay'; readonly share: number; readonly reference: string }
  | { readonly on: string; readonly do: 'recover'; readonly pence: number; readonly reference: string; readonly reason: string };

export interface DemonstrationClaim {
  readonly councilCode: string;
  /** 0 for July to September 2023. */
  readonly quarter: 0 | 1 | 2;
  readonly preparedOn: string;
  /** Lines of its own, where it is not for what was committed. */
  readonly lines?: readonly DemonstrationLine[];
  readonly evidence?: { readonly title: string; readonly says: string };
  readonly steps: readonly DemonstrationStep[];
}

const payroll = { title: 'Payroll totals of the quarter (demonstration)', says: 'Demonstration file: totals by month, nothing about a person.' };

/** One claim in each state that a claim can stand in. */
export const demonstrationClaims: readonly DemonstrationClaim[] = [
  { councilCode: 'E06000001', quarter: 0, preparedOn: '2023-10-18', evidence: { title: 'Invoice for uniform and radios (demonstration)', says: 'Demonstration file: eight radios and uniform, net of VAT.' }, steps: [
    { on: '2023-10-24', do: 'submit' }, { on: '2023-10-31', do: 'query', words: 'Are all radios for the hotspot patrols?' }, { on: '2023-11-02', do: 'reply', words: 'Two of the eight went to another service; please take them out.' },
    { on: '2023-11-08', do: 'approve', cut: { head: 'Equipment', share: 0.25, reason: 'Two of eight radios went to another service' } }, { on: '2023-11-21', do: 'pay', share: 1, reference: 'DEMO BACS 1001' },
  ] },
  { councilCode: 'E06000002', quarter: 0, preparedOn: '2023-10-20', evidence: payroll, steps: [
    { on: '2023-10-27', do: 'submit' }, { on: '2023-11-10', do: 'approve' }, { on: '2023-11-20', do: 'pay', share: 0.5, reference: 'DEMO BACS 1002' }, { on: '2023-11-28', do: 'pay', share: 1, reference: 'DEMO BACS 1003' },
    { on: '2024-01-15', do: 'recover', pence: 41_250, reference: 'DEMO CN 7', reason: 'One shift was paid twice' },
  ] },
  { councilCode: 'E06000004', quarter: 0, preparedOn: '2023-10-30', evidence: payroll, steps: [
    { on: '2023-11-09', do: 'submit', lateReason: 'The payroll of September closed late' }, { on: '2023-11-22', do: 'approve' }, { on: '2023-11-30', do: 'pay', share: 0.6, reference: 'DEMO BACS 1004' },
  ] },
  { councilCode: 'E06000002', quarter: 0, preparedOn: '2023-11-13', lines: [{ head: 'Equipment', what: 'Cameras (demonstration figure)', grossPence: 150_000, recoverableVatPence: 25_000 }], steps: [
    { on: '2023-11-14', do: 'submit', lateReason: 'The invoice came in November' }, { on: '2023-11-22', do: 'refuse', reason: 'Another grant pays for these cameras' },
  ] },
  { councilCode: 'E06000001', quarter: 1, preparedOn: '2024-01-19', evidence: payroll, steps: [
    { on: '2024-01-26', do: 'submit' }, { on: '2024-02-02', do: 'query', words: 'Which weeks of December do the vehicles cover?' },
  ] },
  { councilCode: 'E06000002', quarter: 1, preparedOn: '2024-01-22', evidence: payroll, steps: [{ on: '2024-01-29', do: 'submit' }] },
  { councilCode: 'E06000004', quarter: 1, preparedOn: '2024-01-24', steps: [] },
  { councilCode: 'E06000003', quarter: 1, preparedOn: '2024-01-25', steps: [] },
];

/** Spent by Redcar and Cleveland before its agreement was signed: recorded, held, and not to be claimed. */
export const spentAtRisk = { councilCode: 'E06000003', on: '2023-11-30', head: 'Training', pence: 485_000, reason: 'Recruiting and training before the agreement is signed (demonstration figure)' };
