/** What an agreement says: the version in force with budgets by head and period, targets, conditions, and every version with its differences. */
import { getAgreement, type Agreement } from '../../server/grants/contract.ts';
import { getTerms, listBudgetHeads, paymentBasisNames, signTerms, type BudgetHead, type Difference, type HeadTerms, type Terms, type Version , type DraftTerms } from '../../server/terms/contract.ts';
import { listVariations, type Variation } from '../../server/terms/variationContract.ts';
import { agreementTabs } from '../agreementTabs.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { date, instant, money, period, shortDate } from '../format.ts';
import { action, details, facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, failureText, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable, type Table } from '../table.ts';
import { conditionsPart } from './termsConditions.ts';
import { differenceTable } from './termsDifference.ts';
import { draftEditor, type DraftEditor } from './termsDraft.ts';
import { variationTag } from './variation.ts';

interface Answer {
  agreement: Agreement;
  terms: Terms;
  variations: readonly Variation[];
  heads: readonly BudgetHead[];
}

export const termsPage: Page = (root, params) => {
  const id = params['id'] ?? '';
  let state: Loadable<Answer> = loading;
  let said: { kind: 'good' | 'danger'; words: string } | undefined;
  let editor: DraftEditor | undefined;
  let profile: Table<HeadTerms> | undefined;
  const tables = new Map<string, Table<Difference>>();

  const draw = (): void => {
    const head = state.at === 'ready' ? { title: `Terms of ${state.value.agreement.reference}`, caption: state.value.agreement.council } : { title: 'Terms' };
    render(frame({ ...head, width: 'wide', breadcrumbs: [{ label: 'Agreements', href: '/agreements' }] },
      html`${agreementTabs(id, 'terms')}${said ? note(said.kind, said.words, { live: true }) : nothing}${shown(state, body, { what: 'the terms', retry: () => void start() })}`), root);
  };
  const keep = (terms: Terms, words: string): void => {
    if (state.at !== 'ready') return;
    state = { at: 'ready', value: { ...state.value, terms } };
    said = { kind: 'good', words };
    draw();
  };
  const conditions = conditionsPart({ id, redraw: draw, kept: keep, failed: (error) => {
    said = { kind: 'danger', words: failureText(error) };
    draw();
  } });
  const hotspots = (): Terms['hotspots'] => (state.at === 'ready' ? state.value.terms.hotspots : []);
  const differencesOf = (version: Version): Content => {
    const table = tables.get(version.id) ?? differenceTable(`What version ${version.number} changed`, draw, hotspots);
    tables.set(version.id, table);
    return table.view(version.difference);
  };
  const signing = createForm({
    layout: 'row', submit: 'Make version 1', redraw: draw, fields: [{ kind: 'text', name: 'reason', label: 'How it was signed', hint: 'For example: signed on paper in July 2023', required: true }],
    action: async (values) => keep(await call(signTerms, signTerms.input.parse({ id, ...values })), 'The terms are version 1.'),
  });
  const body = ({ agreement, terms, variations, heads }: Answer): Content => {
    const now = terms.versions.find(({ number }) => number === terms.current) ?? terms.versions.at(-1);
    return html`${now ? inForce(now, agreement) : nothing}${terms.draft ? draftPart(agreement, terms, heads) : nothing}
      ${conditions.view(terms, agreement.council)}
      ${when(terms.versions.length > 0, () => html`${section('Versions', html`${terms.versions.map((version) => versionView(version, version === now, differencesOf))}`,
        { lead: 'A version is never changed: a variation, a reallocation or a virement makes the next one, effective from its day; the old one holds for the days before.' })}
      ${section('Variations', variations.length > 0 ? variationList.view(variations) : emptyView('No variation has been proposed'),
        { actions: mayDo('proposeVariations') && !variations.some(underWay) ? [action('Propose a variation', `/agreements/${id}/variations/new`, 'main')] : [] })}`)}`;
  };
  const draftPart = (agreement: Agreement, terms: Terms, heads: readonly BudgetHead[]): Content => {
    const draft = terms.draft;
    if (!draft) return nothing;
    if (!mayDo('keepTerms')) return draftToRead(draft, agreement);
    editor ??= draftEditor({ terms, draft, heads, redraw: draw, kept: (next) => keep(next, 'Kept the draft.') });
    const signed = !['draft', 'in legal', 'sent'].includes(agreement.state);
    return html`${section('Draft', editor.view(terms.missing), { lead: html`Up to ${money(agreement.ceilingPence)} from ${period(agreement.startsOn, agreement.endsOn)}. Amount, dates and productive ratio are on the <a href="/agreements/${id}">agreement’s page</a>.` })}
      ${when(signed && terms.missing.length === 0, () => section('Signed on paper', signing.view(), { lead: `The agreement is ${agreement.state}. What is drafted above becomes its version 1; from then on it changes by variations only.` }))}`;
  };
  /** What a council reads before it signs. */
  const draftToRead = (draft: DraftTerms, agreement: Agreement): Content => section('Draft, not signed yet', html`
    ${details([['Up to', money(agreement.ceilingPence)], ['Period', period(agreement.startsOn, agreement.endsOn)], ['Paid on', paymentBasisNames[draft.paymentBasis]], ['Purpose', draft.purpose || 'not entered'], ...draft.schedules.map(({ title, says }) => [title, says] as const)])}
    ${draft.heads.length > 0 ? draftHeads.view(draft.heads) : emptyView('No budget head is drafted yet')}`,
  { lead: 'The Commissioner’s office writes the terms; once they are signed they are version 1 and change by variations only.' });
  const draftHeads = createTable<DraftTerms['heads'][number]>({ caption: 'Budgets by head, drafted', rowId: (row) => row.head, redraw: draw, tools: false, columns: [
    { key: 'head', label: 'Head', value: (row) => row.head || 'all' }, { key: 'budget', label: 'Budget', kind: 'money', value: (row) => row.budgetPence, sum: true },
    { key: 'tolerance', label: 'Tolerance', kind: 'money', value: (row) => row.tolerancePence },
  ] });
  const inForce = (now: Version, agreement: Agreement): Content => {
    profile ??= profileTable(now, draw);
    return html`${facts([
      { label: 'Up to', value: money(now.ceilingPence), note: `version ${now.number}, from ${date(now.effectiveFrom)}` },
      { label: 'Period', value: period(agreement.startsOn, now.endsOn), note: 'first and last day' },
      { label: 'Paid on', value: paymentBasisNames[now.paymentBasis] },
    ])}
    ${details([['Productive ratio', `${now.productiveRatio} patrol hours for each paid hour`], ['Overheads', overheadWords(now)], ['Purpose', now.purpose || 'not entered'],
      ...now.schedules.map(({ title, says }) => [title, says] as const), ['Hotspots', hotspotWords(now, hotspots())]])}
    ${section('Budgets by head and period', profile.view(now.heads), { lead: `The budgets add up to ${money(now.ceilingPence)}. A head may be passed by its tolerance before a virement is needed.` })}
    ${section('Targets', now.targets.length > 0 ? targetTable.view(now.targets) : emptyView('No target is agreed'), { lead: 'Person-hours: minutes in hotspots times the persons there.' })}`;
  };
  const targetTable = createTable<Version['targets'][number]>({ caption: 'Targets in person-hours', rowId: (row) => row.startsOn, redraw: draw, tools: false, columns: [
    { key: 'period', label: 'Period', value: (row) => period(row.startsOn, row.endsOn) }, { key: 'hours', label: 'Person-hours', kind: 'minutes', value: (row) => row.personMinutes, sum: true },
  ] });
  const variationList = createTable<Variation>({ caption: 'Variations', rowId: (row) => row.id, redraw: draw, tools: false, columns: [
    { key: 'number', label: 'Variation', value: (row) => row.number, show: (row) => html`<a href="/variations/${row.id}">Variation ${row.number}</a>` },
    { key: 'state', label: 'State', value: (row) => row.state, show: (row) => variationTag(row.state) },
    { key: 'from', label: 'Effective from', kind: 'date', value: (row) => row.effectiveFrom },
    { key: 'reason', label: 'Why', value: (row) => row.reason },
    { key: 'fields', label: 'Differences', kind: 'count', value: (row) => row.difference.length },
  ] });
  const start = (): (() => void) => load(ask(id), (next) => {
    state = next;
    draw();
  });
  const stop = start();
  return () => {
    stop();
    conditions.stop();
  };
};

const underWay = ({ state }: Variation): boolean => !['effective', 'withdrawn'].includes(state);

async function ask(id: string): Promise<Answer> {
  const [agreement, terms, { variations }, { heads }] = await Promise.all([call(getAgreement, { id }), call(getTerms, { id }), call(listVariations, { id }), call(listBudgetHeads, {})]);
  return { agreement, terms, variations, heads };
}

/** Heads down, periods across, adding up both ways. */
function profileTable(version: Version, redraw: () => void): Table<HeadTerms> {
  const starts = [...new Set(version.heads.flatMap(({ profile }) => profile.map(({ startsOn }) => startsOn)))].sort();
  return createTable<HeadTerms>({ caption: 'Budgets by head and period', rowId: (row) => row.head, redraw, tools: false, narrow: 'scroll', columns: [
    { key: 'head', label: 'Head', value: (row) => row.head || 'Not under a head' },
    { key: 'budget', label: 'Budget', kind: 'money', value: (row) => row.budgetPence, sum: true },
    { key: 'tolerance', label: 'Tolerance', kind: 'money', value: (row) => row.tolerancePence },
    ...starts.map((startsOn) => ({ key: startsOn, label: `From ${shortDate(startsOn)}`, kind: 'money' as const, sum: true, value: (row: HeadTerms) => row.profile.find((each) => each.startsOn === startsOn)?.amountPence ?? null })),
  ] });
}

function versionView(version: Version, now: boolean, differencesOf: (version: Version) => Content): Content {
  const about = `effective from ${date(version.effectiveFrom)}: up to ${money(version.ceilingPence)} until ${date(version.endsOn)}`;
  return html`<details class="fold version" ?open=${now && version.number > 1}><summary>Version ${version.number}${now ? ', in force' : ''}, ${about}</summary>
    <p>${version.reason}. Made ${instant(version.createdAt)}${version.variationId ? html` by <a href="/variations/${version.variationId}">its variation</a>` : nothing}.</p>
    ${version.difference.length > 0 ? differencesOf(version) : html`<p>${version.number === 1 ? 'What was signed first.' : 'Nothing differs from the version before.'}</p>`}</details>`;
}

const overheadWords = ({ overheadsAgreed, overheadsPercent }: Version): string => (overheadsAgreed ? (overheadsPercent === null ? 'agreed, without a percentage' : `agreed, at most ${overheadsPercent} % of the other heads`) : 'not agreed');

const hotspotWords = ({ hotspotIds }: Version, hotspots: Terms['hotspots']): string =>
  hotspotIds.length === 0 ? 'every live hotspot of the council' : hotspotIds.map((id) => hotspots.find((each) => each.id === id)?.name ?? 'one of another council').join(', ');
