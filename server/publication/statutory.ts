/**
 * The statutory monthly files: each crime and disorder reduction grant, and each item over the amount set, with what the law asks for on every
 * row (The Elected Local Policing Bodies (Specified Information) Order 2011, SI 2011/3050, as amended). Pure.
 */
import type { GrantRow, GrantsContent, PublicationFault, SpendingContent, SpendingRow } from './contract.ts';

/** What was written of a grant or payment for publication; the latest. */
export interface Written {
  readonly purpose: string;
  readonly reason: string;
  readonly enteredBy: string | null;
}

export interface GrantFact extends Omit<GrantRow, 'purpose' | 'reasons'> {
  /** The purpose its terms or its fund name, where nothing was written for publication. */
  readonly termsPurpose: string;
  readonly written: Written | null;
}

export interface PaymentFact extends Omit<SpendingRow, 'purpose' | 'valueForMoney'> {
  readonly written: Written | null;
}

export interface Drafted<C> {
  readonly content: C;
  readonly faults: readonly PublicationFault[];
  /** Whose words are in it. */
  readonly writers: readonly string[];
}

type About<C extends { rows: readonly unknown[] }> = Omit<C, 'rows'>;

/** The grants of a month; a row without conditions, purpose or reasons is a fault that names it. */
export function draftGrants(facts: readonly GrantFact[], about: About<GrantsContent>): Drafted<GrantsContent> {
  const rows = facts.map(({ termsPurpose, written, ...fact }): GrantRow => ({ ...fact, purpose: written?.purpose ?? termsPurpose, reasons: written?.reason ?? '' }));
  const faults = rows.flatMap((row) => missing([['its purpose', row.purpose], ['the reasons it was made', row.reasons], ['its conditions', row.conditions.join('')]]).map((what): PublicationFault => ({
    subjectKind: 'agreement', subjectId: row.agreementId, row: row.reference,
    says: `${row.reference}, ${row.recipient}: ${what} ${what === 'its purpose' ? 'is' : 'are'} missing. ${what === 'its conditions' ? 'Enter them on the agreement’s terms page' : 'Enter purpose and reasons below'}, then make the draft again.`,
  })));
  return { content: { ...about, rows }, faults, writers: writersOf(facts) };
}

/** The payments of a month over the amount set; a row without a purpose or a value-for-money reason is a fault that names it. */
export function draftSpending(facts: readonly PaymentFact[], about: About<SpendingContent>): Drafted<SpendingContent> {
  const over = facts.filter(({ amountPence }) => amountPence > about.overPence);
  const rows = over.map(({ written, ...fact }): SpendingRow => ({ ...fact, purpose: written?.purpose ?? '', valueForMoney: written?.reason ?? '' }));
  const faults = rows.flatMap((row) => missing([['its purpose', row.purpose], ['the reason it is good value for money', row.valueForMoney]]).map((what): PublicationFault => ({
    subjectKind: 'payment', subjectId: row.paymentId, row: `${row.reference} of ${row.paidOn}`,
    says: `Payment ${row.reference} of ${row.paidOn} to ${row.recipient}: ${what} is missing. Enter it below, then make the draft again.`,
  })));
  return { content: { ...about, rows }, faults, writers: writersOf(over) };
}

const missing = (pairs: readonly (readonly [what: string, value: string])[]): string[] => pairs.filter(([, value]) => value.trim() === '').map(([what]) => what);
const writersOf = (facts: readonly { readonly written: Written | null }[]): string[] => [...new Set(facts.flatMap(({ written }) => written?.enteredBy ?? []))];
