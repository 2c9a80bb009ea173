/** One month's return: figures by hotspot and council, each a link to its rows; the workbook, the JSON, and the versions kept. */
import { z } from 'zod';
import { getReturn, getReturnVersion, getReturnWorkbook, keepReturnVersion, type Area, type MonthlyReturn, type ReportedHotspot } from '../../server/returns/contract.ts';
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
import { countedFields, figureColumn, figureText, findFigure, type Counted } from './returnFigures.ts';

const filters = z.object({ show: z.string().catch('') });
const headlines = ['person_minutes', 'patrols_once', 'long_visits', 'enforcement_actions', 'asb_incidents'];

interface Screen {
  made: MonthlyReturn;
  hotspots: Table<ReportedHotspot>;
  areas: Table<Area>;
}

export const monthlyReturnPage: Page = (root, { month = '' }) => {
  let state: Loadable<Screen> = loading;
  let crossings: readonly Crossing[] = [];
  let told: { kind: 'good' | 'danger'; words: string } | undefined;

  const draw = (): void => render(frame({
    title: `Monitoring return: ${sayMonth(month)}`, width: 'wide', breadcrumbs: [{ label: 'Returns', href: '/returns' }],
    actions: state.at === 'ready' ? actions(month, () => void keep()) : [],
  }, html`${crossingBanners(crossings)}${told ? note(told.kind, told.words, { live: true }) : nothing}
    ${shown(state, (screen) => view(screen, choose, signOff.view(screen.made)), { what: 'the return', retry: () => void start() })}`), root);

  const signOff = returnSignOff({ month, redraw: () => draw(), done: (words) => {
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
      const kept = await call(keepReturnVersion, { month });
      told = { kind: 'good', words: kept.isNew ? `Version ${kept.version} is kept and will not change.` : `Version ${kept.version} already holds exactly these figures; nothing new was kept.` };
      start();
    } catch (error) {
      told = { kind: 'danger', words: failureText(error) };
      draw();
    }
  };
  let leave = (): void => undefined;
  const start = (): void => {
    leave();
    leave = load(call(getReturn, { month }), (next) => {
      state = next.at === 'ready' ? { at: 'ready', value: build(next.value) } : next;
      draw();
    });
  };
  start();
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

function actions(month: string, keep: () => void): Content[] {
  const link = (label: string, href: string, name: string): Content => html`<a class="govuk-button govuk-button--secondary" href=${href} download=${name}>${label}</a>`;
  return [
    link('Download workbook', fileAddress(getReturnWorkbook, { month }), `monitoring-return-${month}.xlsx`),
    link('Download figures (JSON)', fileAddress(getReturn, { month }), `monitoring-return-${month}.json`),
    ...(mayDo('makeReturns') ? [button('Keep this version', keep, { kind: 'main' })] : []),
  ];
}

function tables(made: MonthlyReturn, show: string, redraw: () => void): Pick<Screen, 'hotspots' | 'areas'> {
  const { figures } = made;
  const council = (code: string): string => figures.councils.find((one) => one.code === code)?.name ?? code;
  const shared = { redraw, period: sayMonth(figures.month), source: `${figures.definition.name}, version ${figures.definition.version}`, narrow: 'scroll' as const };
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
    ${section('By hotspot', hotspots.view(figures.hotspots), { lead: 'Each figure leads to the rows it was counted from. Days on which a hotspot was not live are left out.' })}
    ${section('Totals', areas.view(figures.areas), { lead: 'Added up from the hotspots; percentages are worked from the totals.' })}
    ${leftOut(made)}${signOff}${about(made)}`;
}

function headline({ figures }: MonthlyReturn): Content {
  const all = figures.areas[0];
  if (!all) return nothing;
  return facts(headlines.flatMap((code) => {
    const field = figures.fields.find((one) => one.code === code);
    const figure = findFigure(all, code, null);
    return field && figure ? [{ label: field.name, value: figureText(field, figure), note: figure.why ?? sayMonth(figures.month) }] : [];
  }));
}

function warnings({ monthEnded, figures }: MonthlyReturn): Content {
  const idle = figures.councils.filter((council) => council.status === 'not started');
  const unread = figures.sources.filter((source) => !source.imported);
  return html`${when(!monthEnded, () => note('info', `${sayMonth(figures.month)} has not ended: these figures are provisional.`))}
    ${when(idle.length > 0, () => note('info', `Patrols not started: ${idle.map((council) => council.name).join(', ')}. Their figures say so, which is not the same as 0.`))}
    ${when(unread.length > 0, () => note('warning', html`${unread.map((source) => source.name).join(', ')}: ${sayMonth(figures.month)} has not been imported, so incidents are not available.`))}`;
}

function leftOut({ figures }: MonthlyReturn): Content {
  const reasons = figures.leftOut.filter((one) => one.n > 0);
  if (reasons.length === 0) return nothing;
  return section('Left out', html`<ul class="govuk-list govuk-list--bullet">${reasons.map((one) => html`<li>${one.says}: <a href=${one.rows.replace(/^\/api/, '')}>${one.n}</a></li>`)}</ul>`,
    { lead: 'Rows of the month that are in no figure.' });
}

function about({ figures, sha256, dueOn, versions }: MonthlyReturn): Content {
  const whole = session().person?.councilCode === null;
  const pairs: (readonly [string, Content])[] = [
    ['Definition', html`${figures.definition.name}, version ${figures.definition.version}. ${figures.definition.basis}`],
    ['Suggested deadline', dueOn === null ? 'as soon as it is known' : date(dueOn)],
    ['SHA-256 of the figures', html`<code>${sha256}</code>`],
    ...versions.map((kept) => [`Version ${kept.version}`, html`kept on ${instant(kept.madeAt)}${kept.madeBy ? ` by ${kept.madeBy}` : ''}${kept.sha256 === sha256 ? ', the same figures as now' : ', different from now'}
      ${whole ? html`<a href=${fileAddress(getReturnVersion, { month: figures.month, version: kept.version })} download="monitoring-return-${figures.month}-v${kept.version}.json">JSON of version ${kept.version}</a>` : nothing}`] as const),
  ];
  return section('About these figures', details(pairs));
}
