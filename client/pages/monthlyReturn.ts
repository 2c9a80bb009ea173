/** One month's return, or another return of a period: figures by hotspot and council, each a link to its rows; every form it leaves in, and the versions kept. */
import { z } from 'zod';
import { getReturn, getReturnWorkbook, keepReturnVersion, monthlyDefinition, type Area, type MonthlyReturn, type ReportedHotspot } from '../../server/returns/contract.ts';
import { returnForms } from '../../server/returns/exportContract.ts';
import { crossedNotes, type Crossing } from '../../server/incidents/qualityContract.ts';
import { call, fileAddress } from '../api.ts';
import { fieldView } from '../fieldView.ts';
import { date, instant, month as sayMonth } from '../format.ts';
import { button, details, facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { onAddress, readAddress, writeAddress, type Page } from '../router.ts';
import { mayDo, session } from '../session.ts';
import { failureText, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable, type Column, type Table } from '../table.ts';
import { crossingBanners } from './map/words.ts';
import { returnSignOff } from './returnSignOff.ts';
import { downloads, type Forms } from './returnDownloads.ts';
import { countedFields, figureColumn, figureText, findFigure, periodWords, type Counted } from './returnFigures.ts';

const filters = z.object({ show: z.string().catch(''), definition: z.string().optional().catch(undefined) });
const headlines = ['person_minutes', 'patrols_once', 'long_visits', 'enforcement_actions', 'asb_incidents', 'awarded', 'actual', 'paid', 'forecast', 'underspend', 'unspent'];

interface Screen {
  made: MonthlyReturn;
  hotspots: Table<ReportedHotspot>;
  areas: Table<Area>;
}

export const monthlyReturnPage: Page = (root, { month = '' }) => {
  let state: Loadable<Screen> = loading;
  let crossings: readonly Crossing[] = [];
  let forms: Forms | undefined;
  const { definition } = readAddress(filters);
  const which = { month, ...(definition ? { definition } : {}) };
  let told: { kind: 'good' | 'danger'; words: string } | undefined;

  const draw = (): void => render(frame({
    title: state.at === 'ready' ? titleOf(state.value.made) : `Return: ${sayMonth(month)}`, width: 'wide', breadcrumbs: [{ label: 'Returns', href: definition ? `/returns?definition=${definition}` : '/returns' }],
    actions: state.at === 'ready' ? actions(which, () => void keep()) : [],
  }, html`${crossingBanners(crossings)}${told ? note(told.kind, told.words, { live: true }) : nothing}
    ${shown(state, (screen) => view(screen, choose, html`${signOff.view(screen.made)}${downloads(screen.made, which, forms)}`), { what: 'the return', retry: () => void start() })}`), root);

  const signOff = returnSignOff({ month, definition, redraw: () => draw(), done: (words) => {
    told = { kind: 'good', words };
    start();
  } });
  /** Columns depend on what is shown, so the tables are made anew when that changes. */
  const build = (made: MonthlyReturn): Screen => ({ made, ...tables(made, readAddress(filters).show, () => draw()) });
  const rebuild = (): void => {
    if (state.at === 'ready') state = { at: 'ready', value: build(state.value.made) };
    draw();
  };
  const choose = (show: string): void => {
    writeAddress({ show });
    rebuild();
  };
  const keep = async (): Promise<void> => {
    try {
      const kept = await call(keepReturnVersion, which);
      told = { kind: 'good', words: kept.isNew ? `Version ${kept.version} is kept and will not change. Next, ask for its sign-off below.` : `Version ${kept.version} already holds exactly these figures; nothing new was kept.` };
      start();
    } catch (error) {
      told = { kind: 'danger', words: failureText(error) };
      draw();
    }
  };
  let leave = (): void => undefined;
  const start = (): void => {
    leave();
    leave = load(call(getReturn, which), (next) => {
      state = next.at === 'ready' ? { at: 'ready', value: build(next.value) } : next;
      draw();
    });
  };
  start();
  void call(returnForms, which).then((found) => {
    forms = found;
    draw();
  }, () => undefined);
  // The figures stand beside those of the same month a year before.
  void call(crossedNotes, { months: [month, `${Number(month.slice(0, 4)) - 1}${month.slice(4)}`] }).then((found) => {
    crossings = found.crossings;
    draw();
  }, () => undefined);
  const stopListening = onAddress(rebuild);
  return () => {
    leave();
    stopListening();
  };
};

/** The monthly one has a name of its own; others are called by their definition. */
const titleOf = ({ figures, frequency }: MonthlyReturn): string => `${frequency === 'monthly' ? 'Monitoring return' : figures.definition.name}: ${periodWords(figures)}`;

function actions(which: { month: string; definition?: string }, keep: () => void): Content[] {
  return [
    html`<a class="govuk-button govuk-button--secondary" href=${fileAddress(getReturnWorkbook, which)} download>Download workbook</a>`,
    ...(mayDo('makeReturns') ? [button('Keep this version', keep, { kind: 'main' })] : []),
  ];
}

function tables(made: MonthlyReturn, show: string, redraw: () => void): Pick<Screen, 'hotspots' | 'areas'> {
  const { figures } = made;
  const council = (code: string): string => figures.councils.find((one) => one.code === code)?.name ?? code;
  const shared = { redraw, period: periodWords(figures), source: `${figures.definition.name}, version ${figures.definition.version}`, narrow: 'scroll' as const };
  const place: readonly Column<ReportedHotspot>[] = [
    { key: 'name', label: 'Hotspot', value: (row) => row.name },
    { key: 'council', label: 'Council', value: (row) => council(row.councilCode) },
  ];
  return {
    hotspots: createTable({ ...shared, caption: `Hotspots: ${shownName(made, show)}`, rowId: (row) => row.id, columns: [...place, ...figureColumns<ReportedHotspot>(made, show, figures.hotspots)] }),
    areas: createTable({
      ...shared, caption: `Totals: ${shownName(made, show)}`, rowId: (row) => row.councilCode ?? 'all', tools: false,
      columns: [{ key: 'name', label: 'Area', value: (row) => row.name }, { key: 'hotspots', label: 'Live hotspots', kind: 'count', value: (row) => row.hotspots },
        { key: 'notStarted', label: 'of them not started', kind: 'count', value: (row) => row.hotspotsNotStarted }, ...figureColumns<Area>(made, show, figures.areas)],
    }),
  };
}

/** Every figure at once, or one figure with the parts it is broken down by. */
function figureColumns<Row extends Counted>({ figures }: MonthlyReturn, show: string, rows: readonly Counted[]): readonly Column<Row>[] {
  const fields = countedFields(figures, rows);
  const one = fields.find((field) => field.code === show);
  if (!one) return fields.map((field) => figureColumn<Row>(field, null, field.name));
  return [figureColumn<Row>(one, null, 'All'), ...one.parts.map((part) => figureColumn<Row>(one, part.code, part.name))];
}

function shownName({ figures }: MonthlyReturn, show: string): string {
  const field = figures.fields.find((one) => one.code === show);
  return field ? `${field.name} by ${field.breakdown}` : 'every figure';
}

function view({ made, hotspots, areas }: Screen, choose: (show: string) => void, signOff: Content): Content {
  const { figures } = made;
  const split = figures.fields.filter((field) => field.parts.length > 0);
  return html`${headline(made)}${warnings(made)}
    ${fieldView({
      kind: 'select', name: 'show', label: 'Show', required: true, value: readAddress(filters).show,
      options: [{ value: '', label: 'Every figure' }, ...split.map((field) => ({ value: field.code, label: `${field.name}, by ${field.breakdown}` }))],
    }, { formId: 'return', onChange: choose })}
    ${figures.hotspots.length === 0 ? nothing : section('By hotspot', hotspots.view(figures.hotspots), { lead: 'Each figure leads to the rows it was counted from. Days on which a hotspot was not live are left out.' })}
    ${section('Totals', areas.view(figures.areas), { lead: 'Added up from the hotspots; percentages are worked from the totals.' })}
    ${leftOut(made)}${signOff}${about(made)}`;
}

function headline({ figures }: MonthlyReturn): Content {
  const all = figures.areas[0];
  if (!all) return nothing;
  return facts(headlines.flatMap((code) => {
    const field = figures.fields.find((one) => one.code === code);
    const figure = findFigure(all, code, null);
    return field && figure ? [{ label: field.name, value: figureText(field, figure), note: figure.why ?? periodWords(figures) }] : [];
  }));
}

function warnings({ monthEnded, figures }: MonthlyReturn): Content {
  const idle = figures.councils.filter((council) => council.status === 'not started');
  const ofIncidents = figures.fields.some(({ measure }) => measure?.startsWith('incidents'));
  const unread = figures.sources.filter((source) => ofIncidents && !source.imported);
  return html`${when(!monthEnded, () => note('info', `${periodWords(figures)} has not ended: these figures are provisional.`))}
    ${when(idle.length > 0, () => note('info', `Patrols not started: ${idle.map((council) => council.name).join(', ')}. Their figures say so, which is not the same as 0.`))}
    ${when(unread.length > 0, () => note('warning', html`${unread.map((source) => source.name).join(', ')}: ${periodWords(figures)} has not been imported whole, so incidents are not available.`))}`;
}

function leftOut({ figures }: MonthlyReturn): Content {
  const reasons = figures.leftOut.filter((one) => one.n > 0);
  if (reasons.length === 0) return nothing;
  return section('Left out', html`<ul class="govuk-list govuk-list--bullet">${reasons.map((one) => html`<li>${one.says}: <a href=${one.rows.replace(/^\/api/, '')}>${one.n}</a></li>`)}</ul>`,
    { lead: 'Rows of the month that are in no figure.' });
}

/** What stands in an address for another return than the monthly one. */
const definitionQuery = ({ definition }: MonthlyReturn['figures']): string => (definition.code === monthlyDefinition ? '' : `&definition=${definition.code}`);

function about({ figures, sha256, dueOn, versions, signatories }: MonthlyReturn): Content {
  const whole = session().person?.councilCode === null;
  const query = definitionQuery(figures);
  const pairs: (readonly [string, Content])[] = [
    ['Definition', html`<a href="/return-definitions/${figures.definition.code}?version=${figures.definition.version}">${figures.definition.name}, version ${figures.definition.version}</a>. ${figures.definition.basis}`],
    ...(signatories.length > 0 ? [['Signed by', signatories.map(({ title }) => title).join(', ')] as const] : []),
    ['Suggested deadline', dueOn === null ? 'as soon as it is known' : date(dueOn)],
    ['SHA-256 of the figures', html`<code>${sha256}</code>`],
    ...versions.map((kept) => [`Version ${kept.version}`, html`kept on ${instant(kept.madeAt)}${kept.madeBy ? ` by ${kept.madeBy}` : ''}${kept.sha256 === sha256 ? ', the same figures as now' : ', different from now'}
      ${whole ? html`<a href="/returns/${figures.month}/versions?from=${kept.version}${query}">Compare and check version ${kept.version}</a>` : nothing}`] as const),
  ];
  return section('About these figures', details(pairs));
}
