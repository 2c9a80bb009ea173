/** The lines of a claim: the table, the form to enter or change one in a draft, and the evidence of the line that is looked at. */
import { fillClaim } from '../../server/claims/hoursContract.ts';
import { keepLine, removeLine, getClaim, type Claim, type ClaimLine } from '../../server/claims/contract.ts';
import { call } from '../api.ts';
import { documentsOf, type Documents } from '../documents.ts';
import { createForm, type Field, type Values } from '../form.ts';
import { hoursMinutes, money } from '../format.ts';
import { button, section } from '../frame.ts';
import { html, nothing, when, type Content } from '../html.ts';
import { mayDo } from '../session.ts';
import { emptyView, failureText, note } from '../states.ts';
import { createTable, type Column } from '../table.ts';

export interface PartOptions {
  readonly claim: () => Claim;
  /** Shows the claim as it is now, and says what was done. */
  readonly done: (claim: Claim, words: string) => void;
  readonly redraw: () => void;
}

export interface Part {
  view: () => Content;
  stop: () => void;
}

/** A button among others in a row, told apart by the line it is about. */
const small = (label: string, line: ClaimLine, onClick: () => void): Content => html`<button type="button" class="link-button" @click=${onClick}>${label}<span class="govuk-visually-hidden"> of ${line.what}</span></button>`;
const headWords = (head: string): string => head || 'no head';

export function claimLines({ claim, done, redraw }: PartOptions): Part {
  let changing: ClaimLine | undefined;
  let lineId: string = crypto.randomUUID();
  let looking: { line: ClaimLine; documents: Documents; stop: () => void } | undefined;
  let failed = '';
  const editable = (): boolean => claim().state === 'draft' && mayDo('prepareClaims');

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    failed = '';
    try {
      await work();
    } catch (error) {
      failed = failureText(error);
      redraw();
    }
  };
  const look = (line: ClaimLine): void => {
    const same = looking?.line.id === line.id;
    looking?.stop();
    looking = undefined;
    if (!same) {
      const { id, agreementId } = claim();
      const documents = documentsOf({ agreementId, subjectKind: 'claim line', subjectId: line.id, what: 'evidence', redraw, changed: (found) => {
        const known = claim();
        const lines = known.lines.map((each) => (each.id === line.id ? { ...each, evidence: found.filter(({ withdrawn }) => !withdrawn).length } : each));
        if (known.id === id && lines.some((each, nth) => each.evidence !== known.lines[nth]?.evidence)) done({ ...known, lines }, '');
      } });
      looking = { line, documents, stop: () => undefined };
      looking.stop = documents.start();
    }
    redraw();
  };
  const table = createTable<ClaimLine>({ caption: 'Lines', rowId: (line) => line.id, redraw, columns: lineColumns(claim, (line) => html`
<span class="claim__actions">
    ${small(`Evidence: ${line.evidence === 0 ? 'none' : line.evidence}`, line, () => look(line))}
    ${when(editable(), () => html`${line.minutes === null ? small('Change', line, () => edit(line)) : nothing}${small('Remove', line, () => void attempt(async () => done(await call(removeLine, { id: claim().id, lineId: line.id }), 'The line is taken out.')))}`)}</span>`) });
  const edit = (line: ClaimLine | undefined): void => {
    changing = line;
    lineId = line?.id ?? crypto.randomUUID();
    form.reset();
  };
  const form = createForm({
    layout: 'grid', submit: 'Keep the line', redraw, fields: () => lineFields(claim(), changing),
    action: async (values) => {
      const kept = await call(keepLine, { id: claim().id, lineId, ...sent(values) });
      edit(undefined);
      done(kept, 'The line is kept.');
    },
  });
  const fill = (): Promise<void> => attempt(async () => {
    const filled = await call(fillClaim, { id: claim().id });
    done(await call(getClaim, { id: claim().id }), `Filled with ${hoursMinutes(filled.minutes)} of verified hours; ${hoursMinutes(filled.refusedPersonMinutes)} are refused and listed in the hours check.`);
  });
  return {
    stop: () => looking?.stop(),
    view: () => html`
      ${failed ? note('danger', failed, { live: true }) : nothing}
      ${claim().lines.length > 0 ? table.view(claim().lines) : emptyView('No line yet', 'Enter what is claimed, one line for each cost.')}
      ${when(looking, () => section(`Evidence: ${looking?.line.what ?? ''}`, looking?.documents.view() ?? nothing, { lead: 'Payslips, invoices, pictures: what shows that the line is right.' }))}
      ${when(editable(), () => html`<div class="claim__steps">${claim().basis === 'hours' ? button('Fill from verified hours', () => void fill(), { kind: 'main' })
        : section(changing ? `Change: ${changing.what}` : 'Add a line', html`${form.view()}${changing ? button('Enter another line instead', () => edit(undefined)) : nothing}`,
          { lead: 'Enter what was paid with VAT, and how much of that VAT the council can recover. What is claimed is the rest: grant pays no VAT that can be recovered, and all that cannot.' })}</div>`)}`,
  };
}

function lineFields({ heads }: Claim, line: ClaimLine | undefined): Field[] {
  return [
    ...(heads.some(({ head }) => head !== '') ? [{ kind: 'select', name: 'head', label: 'Budget head', required: true, value: line?.head, options: heads.map(({ head, availablePence }) => ({ value: head, label: `${headWords(head)} (${money(availablePence)} left)` })) } satisfies Field] : []),
    { kind: 'text', name: 'what', label: 'What it is for', hint: 'For example: pay of four wardens. Nothing about a person', required: true, value: line?.what },
    { kind: 'money', name: 'amount', label: 'Amount paid, with VAT', required: true, value: line?.grossPence },
    { kind: 'money', name: 'recoverableVat', label: 'VAT in it that the council can recover', hint: 'Not claimed. Leave it empty where there is none', value: line?.recoverableVatPence || undefined },
  ];
}

function sent(values: Values) {
  const pence = (name: string): number | undefined => (typeof values[name] === 'number' ? values[name] : undefined);
  const vat = pence('recoverableVat');
  return { head: String(values['head'] ?? ''), what: String(values['what'] ?? ''), amountPence: pence('amount'), ...(vat === undefined ? {} : { recoverableVatPence: vat }) };
}

function lineColumns(claim: () => Claim, buttons: (line: ClaimLine) => Content): Column<ClaimLine>[] {
  const cost: Column<ClaimLine>[] = [
    { key: 'gross', label: 'Paid with VAT', kind: 'money', value: (line) => (line.minutes === null ? line.grossPence : null), missing: '–' },
    { key: 'vat', label: 'Recoverable VAT', kind: 'money', value: (line) => (line.minutes === null ? line.recoverableVatPence : null), missing: '–' },
  ];
  const hours: Column<ClaimLine>[] = [
    { key: 'minutes', label: 'Verified', kind: 'minutes', value: (line) => line.minutes, sum: true },
    { key: 'rate', label: 'An hour', kind: 'money', value: (line) => line.pencePerHour },
  ];
  const isHours = (): boolean => claim().basis === 'hours';
  const columns: Column<ClaimLine>[] = [
    { key: 'head', label: 'Budget head', value: (line) => headWords(line.head) },
    { key: 'what', label: 'For', value: (line) => line.what },
    ...(isHours() ? hours : cost),
    { key: 'claimed', label: isHours() ? 'Claimed, half a penny up' : 'Claimed, net', kind: 'money', value: (line) => line.claimedPence, sum: true },
  ];
  const decided: Column<ClaimLine>[] = [
    { key: 'approved', label: 'Approved', kind: 'money', value: (line) => line.approvedPence, missing: 'not decided', sum: true },
    { key: 'cut', label: 'Why it is cut', value: (line) => line.cutReason, missing: '–' },
  ];
  return [...columns, ...(claim().lines.some(({ approvedPence }) => approvedPence !== null) ? decided : []), { key: 'do', label: 'Evidence and changes', bare: true, value: () => null, show: buttons }];
}
