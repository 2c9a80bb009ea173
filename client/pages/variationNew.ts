/** Drafting a variation, or changing its draft: the form holds the terms as they are, and what is different from them is the variation. */
import { getAgreement, rateBandNames, rateBands, type Agreement } from '../../server/grants/contract.ts';
import { conditionKinds, getTerms, listBudgetHeads, type BudgetHead, type Terms, type Version } from '../../server/terms/contract.ts';
import { addVariation, changeVariation, getVariation, type Variation } from '../../server/terms/variationContract.ts';
import { call } from '../api.ts';
import { createForm, type Field, type Form, type Values } from '../form.ts';
import { frame, section } from '../frame.ts';
import { html, render, type Content } from '../html.ts';
import { navigate, type Page } from '../router.ts';
import { emptyView, load, loading, shown, type Loadable } from '../states.ts';
import { today } from '../weeks.ts';
import { basisFields, headRows, headsOf, hotspotFields, schedulesOf, targetRows, targetsOf, wordFields } from './termsDraft.ts';
import { createRows, type ReadRow, type Rows } from './termsRows.ts';

interface Answer {
  agreement: Agreement;
  terms: Terms;
  heads: readonly BudgetHead[];
  known: Variation | undefined;
}

export const newVariationPage: Page = (root, params) => variationForm(root, async () => {
  const id = params['id'] ?? '';
  const [agreement, terms, { heads }] = await Promise.all([call(getAgreement, { id }), call(getTerms, { id }), call(listBudgetHeads, {})]);
  return { agreement, terms, heads, known: undefined };
});

export const changeVariationPage: Page = (root, params) => variationForm(root, async () => {
  const known = await call(getVariation, { id: params['id'] ?? '' });
  const id = known.agreementId;
  const [agreement, terms, { heads }] = await Promise.all([call(getAgreement, { id }), call(getTerms, { id }), call(listBudgetHeads, {})]);
  return { agreement, terms, heads, known };
});

function variationForm(root: HTMLElement, ask: () => Promise<Answer>): () => void {
  let state: Loadable<Answer> = loading;
  let parts: Parts | undefined;
  const draw = (): void => {
    const { agreement, known } = state.at === 'ready' ? state.value : {};
    render(frame({
      title: known ? `Change variation ${known.number}` : 'Propose a variation', ...(agreement ? { caption: `${agreement.council}, ${agreement.reference}` } : {}), width: 'wide',
      breadcrumbs: [{ label: 'Agreements', href: '/agreements' }, ...(agreement ? [{ label: agreement.reference, href: `/agreements/${agreement.id}` }, { label: 'Terms', href: `/agreements/${agreement.id}/terms` }] : [])],
    }, shown(state, body, { what: 'the terms' })), root);
  };
  const body = (answer: Answer): Content => {
    const base = answer.terms.versions[0];
    if (!base) return emptyView('There is nothing to vary yet', html`<a href="/agreements/${answer.agreement.id}/terms">Enter and sign the terms first</a>`);
    parts ??= partsOf(answer, base, draw);
    return html`<p class="section__lead">The form holds the terms of version ${base.number}. Change what is to change; old and new are shown before anything is proposed.</p>
      ${section('Budgets', parts.budgets.view(), { lead: 'They add up to the amount. Amounts by period are worked out when the variation takes effect: past periods stay, the rest is spread by days.' })}
      ${section('Targets', parts.targets.view())}${section('New conditions and milestones', parts.conditions.view())}
      ${section('Amount, dates, rates and the rest', parts.form.view())}`;
  };
  return load(ask(), (next) => {
    state = next;
    draw();
  });
}

interface Parts {
  readonly budgets: Rows;
  readonly targets: Rows;
  readonly conditions: Rows;
  readonly form: Form;
}

function partsOf({ agreement, terms, heads, known }: Answer, base: Version, redraw: () => void): Parts {
  const changed = known?.changes;
  const budgets = headRows({ heads, start: changed?.heads ?? base.heads, periods: [], redraw });
  const targets = targetRows(changed?.targets ?? base.targets, redraw);
  const conditions = conditionRows(changed, redraw);
  const variationId = known?.id ?? crypto.randomUUID();
  const form: Form = createForm({
    layout: 'grid', submit: 'Keep the draft', redraw, fields: fieldsOf(agreement, terms, base, known), beside: html`<a href="/agreements/${agreement.id}/terms">Cancel</a>`,
    action: async (values) => {
      const read = [budgets.read(), targets.read(), conditions.read()] as const;
      const problems = read.flatMap((each) => each.problems);
      if (problems.length > 0) return form.refuse(problems);
      const changes = changesOf(values, { agreement, base, heads: headsOf(read[0].rows, []), targets: targetsOf(read[1].rows), added: read[2].rows });
      const given = { effectiveFrom: values['effectiveFrom'], reason: values['reason'], changes };
      if (known) await call(changeVariation, changeVariation.input.parse({ id: known.id, ...given }));
      else await call(addVariation, addVariation.input.parse({ id: agreement.id, variationId, ...given }));
      await navigate(`/variations/${variationId}`);
    },
  });
  return { budgets, targets, conditions, form };
}

function conditionRows(changed: Variation['changes'] | undefined, redraw: () => void): Rows {
  return createRows({
    caption: 'Conditions to add', field: 'conditions', add: 'Add a condition', redraw, empty: 'None is added.',
    columns: [
      { key: 'what', label: 'What it asks for', kind: 'text' },
      { key: 'kind', label: 'Kind', kind: 'select', options: conditionKinds.map((value) => ({ value, label: value })) },
      { key: 'owedBy', label: 'Owed by', kind: 'select', options: [{ value: 'council', label: 'the council' }, { value: 'office', label: 'the Commissioner’s office' }] },
      { key: 'dueOn', label: 'Due', kind: 'date', optional: true },
    ],
    start: (changed?.conditions?.add ?? []).map(({ what, kind, owedBy, dueOn }) => ({ what, kind, owedBy, dueOn: dueOn ?? '' })),
  });
}

/** The rate of a band on the day the variation is thought of. */
const rateNow = (agreement: Agreement, band: string): number | undefined => agreement.rates.find((rate) => rate.band === band && rate.validTo === null)?.pencePerHour;

function fieldsOf(agreement: Agreement, terms: Terms, base: Version, known: Variation | undefined): Field[] {
  const said = { ...base, ...definedOf(known?.changes ?? {}) };
  const rate = (band: string): number | undefined => known?.changes.rates?.find((each) => each.band === band)?.pencePerHour ?? rateNow(agreement, band);
  const standing = terms.conditions.filter(({ untilVersion }) => untilVersion === null);
  return [
    { kind: 'date', name: 'effectiveFrom', label: 'Effective from', hint: 'At once when it is approved if the day has come, else on the day', value: known?.effectiveFrom ?? today(), required: true },
    { kind: 'text', name: 'reason', label: 'Why', value: known?.reason, required: true },
    { kind: 'money', name: 'ceilingPence', label: 'Amount, up to', value: said.ceilingPence, required: true },
    { kind: 'date', name: 'endsOn', label: 'Last day', value: said.endsOn, required: true },
    { kind: 'number', name: 'productiveRatio', label: 'Productive ratio', hint: 'Patrol hours for each paid hour', value: said.productiveRatio, min: 0.001, max: 1, whole: false, required: true },
    ...basisFields(said),
    ...rateBands.map((band): Field => ({ kind: 'money', name: `rate ${band}`, label: `Rate an hour: ${rateBandNames[band]}`, ...(rate(band) === undefined ? {} : { value: rate(band) }) })),
    ...hotspotFields(terms, said.hotspotIds),
    ...(standing.length > 0 ? [{ kind: 'checkboxes', name: 'end', label: 'Conditions that end', value: known?.changes.conditions?.end ?? [], options: standing.map(({ id, what }) => ({ value: id, label: what })) } as const] : []),
    ...wordFields(said),
  ];
}

const definedOf = <T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };

interface Entered {
  readonly agreement: Agreement;
  readonly base: Version;
  readonly heads: unknown[];
  readonly targets: unknown[];
  readonly added: readonly ReadRow[];
}

/** Only what is different from the version it changes. */
function changesOf(values: Values, { agreement, base, heads, targets, added }: Entered): Record<string, unknown> {
  const was: Record<string, unknown> = {
    ceilingPence: base.ceilingPence, endsOn: base.endsOn, productiveRatio: base.productiveRatio, paymentBasis: base.paymentBasis, overheadsAgreed: base.overheadsAgreed, overheadsPercent: base.overheadsPercent,
    purpose: base.purpose, schedules: base.schedules, hotspotIds: base.hotspotIds, targets: base.targets, heads: base.heads.map((head) => ({ ...head, profile: [] })),
  };
  const becomes: Record<string, unknown> = {
    ...values, overheadsAgreed: values['overheadsAgreed'] === true, overheadsPercent: values['overheadsPercent'] ?? null, purpose: values['purpose'] ?? '', schedules: schedulesOf(values['schedules']),
    hotspotIds: [...((values['hotspotIds'] as string[] | undefined) ?? [])].sort(), heads, targets,
  };
  const differs = Object.keys(was).filter((name) => sorted(was[name]) !== sorted(becomes[name]));
  const rates = rateBands.filter((band) => values[`rate ${band}`] !== undefined && values[`rate ${band}`] !== rateNow(agreement, band)).map((band) => ({ band, pencePerHour: values[`rate ${band}`] }));
  const end = (values['end'] as string[] | undefined) ?? [];
  const add = added.map(({ what, kind, owedBy, dueOn }) => ({ id: crypto.randomUUID(), what, kind, owedBy, dueOn: dueOn ?? null }));
  return { ...Object.fromEntries(differs.map((name) => [name, becomes[name]])), ...(rates.length > 0 ? { rates } : {}), ...(add.length + end.length > 0 ? { conditions: { add, end } } : {}) };
}

/** Text that is the same for the same content, whatever the order of names and rows. */
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).sort().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  return `{${Object.entries(value).map(([name, each]) => `${name}:${sorted(each)}`).sort().join()}}`;
}
