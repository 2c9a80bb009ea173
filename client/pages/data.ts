/** Data: import files, see what is held by source and month, and what was refused. */
import { getQuality, type ImportRun, listImports, listMappings, listSources, type QualityMonth, type SourceSummary } from '../../server/incidents/contract.ts';
import { listPlaceSets, type PlaceSet } from '../../server/places/contract.ts';
import { call } from '../api.ts';
import { count } from '../format.ts';
import { facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { importColumns, monthColumns, placeColumns, sourceColumns } from './dataTables.ts';
import { createUpload, sentView, type Uploading } from './dataUpload.ts';

interface Held {
  readonly months: readonly QualityMonth[];
  readonly total: { readonly rows: number; readonly mapped: number; readonly outside: number; readonly withoutPlace: number; readonly excluded: number; readonly notShown: number; readonly asb: number };
  readonly sources: readonly SourceSummary[];
  readonly sets: readonly PlaceSet[];
  readonly imports: readonly ImportRun[];
}

async function ask(): Promise<Held> {
  const [{ months, total }, { sources }, { sets }, { imports }] = await Promise.all([call(getQuality, {}), call(listSources, {}), call(listPlaceSets, {}), call(listImports, {})]);
  return { months, total, sources, sets, imports };
}

export const dataPage: Page = (root) => {
  let held: Loadable<Held> = loading;
  let uploading: Uploading | undefined;
  let leave = (): void => undefined;
  const tables = makeTables(() => draw());
  const draw = (): void => render(frame({
    title: 'Data', width: 'wide', lead: 'What the figures rest on: incidents by source and month, boundaries, population, and every import.',
  }, html`
    ${when(uploading && mayDo('importData'), () => section('Import', html`${uploading?.form.view() ?? nothing}${sentView(uploading?.sent ?? [])}`))}
    ${shown(held, (value) => view(value, tables), { what: 'the data held', retry: () => start() })}`), root);
  const start = (): void => {
    leave();
    leave = load(ask(), (next) => {
      held = next;
      draw();
    });
  };
  /** Asks again without taking away what is shown. */
  const refresh = (): void => void ask().then((value) => {
    held = { at: 'ready', value };
    draw();
  }, () => undefined);
  if (mayDo('importData')) {
    void call(listMappings, {}).then(({ mappings }) => mappings.map(({ name }) => name), () => []).then((mappings) => {
      uploading = createUpload({ mappings, redraw: draw, ended: refresh });
      draw();
    });
  }
  start();
  return () => {
    leave();
    uploading?.leave();
  };
};

function makeTables(redraw: () => void) {
  return {
    months: createTable<QualityMonth>({ caption: 'Incidents by source and month', rowId: (row) => `${row.source} ${row.month}`, redraw, columns: monthColumns, sort: { key: 'month', down: true }, narrow: 'scroll' }),
    sources: createTable<SourceSummary>({ caption: 'Sources of incidents', rowId: (row) => row.code, redraw, columns: sourceColumns, tools: false }),
    places: createTable<PlaceSet>({ caption: 'Boundaries and figures of places', rowId: (row) => `${row.what} ${row.kind} ${row.from} ${row.source}`, redraw, columns: placeColumns, tools: false }),
    imports: createTable<ImportRun>({ caption: 'Latest imports', rowId: (row) => row.id, redraw, columns: importColumns, tools: false }),
  };
}

function view(held: Held, tables: ReturnType<typeof makeTables>): Content {
  if (held.months.length === 0 && held.sets.length === 0) {
    return emptyView('Nothing has been imported yet', mayDo('importData') ? 'Begin with council boundaries, then street files: incidents find their council by them.' : 'An analyst or the grant manager imports it.');
  }
  return html`
    ${section('Incidents', html`${totals(held)}${cautions(held)}${tables.months.view(held.months)}`)}
    ${section('Sources', tables.sources.view(held.sources.filter(({ rows }) => rows > 0)), { lead: html`Weights and subtypes stand on <a href="/data/sources">Sources and subtypes</a>; precision, changes and gaps on <a href="/data/quality">Data quality</a>.` })}
    ${section('Places', tables.places.view(held.sets))}
    ${held.imports.length ? section('Imports', tables.imports.view(held.imports)) : nothing}`;
}

/** The counts that must add up, shown adding up. */
function totals({ total, months }: Held): Content {
  const parts = [`${count(total.mapped)} in councils`, `${count(total.outside)} outside`, `${count(total.withoutPlace)} without a place`, ...(total.excluded ? [`${count(total.excluded)} at excluded geocodes`] : []), ...(total.notShown ? [`${count(total.notShown)} not shown to you`] : [])];
  return facts([
    { label: 'Rows imported', value: count(total.rows), note: `= ${parts.join(' + ')}` },
    { label: 'Anti-social behaviour', value: count(total.asb) },
    { label: 'Sources and months', value: count(months.length) },
  ]);
}

function cautions({ sources, months }: Held): Content {
  const monthOnly = sources.filter((source) => source.timePrecision === 'month' && source.rows > 0);
  const due = months.filter((month) => month.recountDue).length;
  return html`
    ${monthOnly.length ? note('info', `${monthOnly.map((source) => source.name).join('; ')}: the time is a month and nothing finer, so no hour or weekday is drawn from it.`) : nothing}
    ${due ? note('warning', `${count(due)} months wait to be counted again, since council boundaries or excluded geocodes changed. Start any import to have it done.`) : nothing}`;
}
