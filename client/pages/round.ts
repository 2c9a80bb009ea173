/** The rounds of one shift: a map and a list for each leg of each crew, what was left out, drawing again, and for the auditor the draw repeated. */
import { getMapHotspots } from '../../server/hotspots/contract.ts';
import { getRounds, planRoundsOfShift, repeatRoundDraw, travelNames, type RepeatedDraw, type RoundLeg, type RoundsOut, type RoundStopOut } from '../../server/rounds/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { clockTime, count, date, instant, percent } from '../format.ts';
import { button, details, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { serviceInfo } from '../info.ts';
import { type Box, createMap, type MapHandle } from '../map/create.ts';
import { legend, mapFrame } from '../map/frame.ts';
import { routeLayer } from '../map/route.ts';
import { navigate, type Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, note, shown } from '../states.ts';
import { createTable, type Table } from '../table.ts';
import { bandNames, mondayOf } from '../weeks.ts';
import { drawHotspots, type Hotspots } from './map/layers.ts';

export const roundPage: Page = (root, { id = '' }) => {
  let [leave, leaveMaps] = [(): void => undefined, (): void => undefined];
  const start = (): void => {
    leave();
    leave = load(ask(id), (next) => {
      if (next.at === 'ready') leaveMaps = open(root, next.value);
      else render(frame({ title: 'Rounds', breadcrumbs }, shown(next, () => nothing, { what: 'the rounds', retry: start })), root);
    });
  };
  start();
  return () => {
    leave();
    leaveMaps();
  };
};

const breadcrumbs = [{ label: 'Rounds', href: '/rounds' }];

interface Answer {
  rounds: RoundsOut;
  hotspots: Hotspots;
  tiles: Awaited<ReturnType<typeof serviceInfo>>['tiles'];
}

async function ask(id: string): Promise<Answer> {
  const rounds = await call(getRounds, { id });
  const [hotspots, { tiles }] = await Promise.all([call(getMapHotspots, { council: rounds.councilCode, on: rounds.startsAt.slice(0, 10) }), serviceInfo()]);
  return { rounds, hotspots, tiles };
}

interface LegView {
  leg: RoundLeg;
  map: MapHandle;
  table: Table<RoundStopOut>;
}

function open(root: HTMLElement, { rounds, hotspots, tiles }: Answer): () => void {
  let repeated: RepeatedDraw | undefined;
  const draw = (): void => render(frame({
    title: `Rounds of ${rounds.name}, ${date(rounds.startsAt.slice(0, 10))}`, caption: rounds.council, width: 'wide', lead: leadWords(rounds), breadcrumbs: [{ label: 'Rounds', href: `/rounds?week=${mondayOf(rounds.startsAt.slice(0, 10))}` }],
    actions: [button('Print', () => window.print())],
  }, html`
    ${rounds.withdrawnAt ? note('warning', `These rounds were withdrawn on ${instant(rounds.withdrawnAt)} and drawn again.`) : nothing}
    ${rounds.notes.length > 0 && mayDo('planPatrols') ? note('warning', html`${rounds.notes.map((each) => html`<span class="round__draw">${each}</span>`)}`) : nothing}
    ${rounds.legs.length > 0 ? views.map(legSection) : emptyView('No stop fits into this shift', 'See below why each visit was left out.')}
    ${when(rounds.leftOut.length > 0, () => section('Visits left out', leftOut.view(rounds.leftOut), { lead: 'Visits of the plan in force that no round has, and why.' }))}
    ${when(mayDo('planPatrols') && rounds.withdrawnAt === null && Date.parse(rounds.startsAt) > Date.now(), () => section('Draw again', form.view(), { lead: 'Until the shift begins. Every draw is kept with its reason, and the auditor sees them all.' }))}
    ${when(mayDo('checkAudit'), () => section('The draw', repeated ? drawView(repeated) : button('Repeat the draw', () => void repeat()), { lead: 'From the seed of this draw, which is shown to auditors alone, the same rounds come out again.' }))}`), root);
  const form = createForm({
    submit: 'Draw again', redraw: draw, fields: [{ kind: 'text', name: 'reason', label: 'Why', required: true }],
    action: async ({ reason }) => {
      const { id } = await call(planRoundsOfShift, { shift: rounds.shift, base: rounds.base.id, reason: String(reason) });
      await navigate(`/rounds/${id}`);
    },
  });
  const repeat = async (): Promise<void> => {
    repeated = await call(repeatRoundDraw, { id: rounds.id });
    draw();
  };
  const leftOut = createTable<RoundsOut['leftOut'][number]>({
    caption: 'Left out', rowId: (row) => `${row.hotspotId} ${row.bandOn} ${row.band} ${row.nth}`, redraw: draw, columns: [
      { key: 'hotspot', label: 'Hotspot', value: (row) => row.hotspot }, { key: 'day', label: 'Day', kind: 'date', value: (row) => row.bandOn },
      { key: 'band', label: 'Hours', value: (row) => bandNames[row.band] ?? '' }, { key: 'nth', label: 'Visit', kind: 'count', value: (row) => row.nth }, { key: 'why', label: 'Why', value: (row) => row.why },
    ],
  });
  const views = rounds.legs.map((leg): LegView => legView(leg, rounds, { hotspots, tiles, draw }));
  draw();
  return () => views.forEach(({ map }) => map.remove());
}

function leadWords({ base, ways, waysEstimated, number, plannedAt, startsAt, endsAt }: RoundsOut): string {
  const roads = waysEstimated === 0 ? 'times from the road matrix' : waysEstimated === ways ? 'times by the straight line and a third more' : `${count(waysEstimated)} of ${count(ways)} ways by the straight line, the rest from the road matrix`;
  return `${clockTime(startsAt)} to ${clockTime(endsAt)}, from ${base.name}. ${travelNames[base.travel]}, ${roads}. Draw ${number}, ${instant(plannedAt)}.`;
}

function legView(leg: RoundLeg, { base }: RoundsOut, { hotspots, tiles, draw }: { hotspots: Hotspots; tiles: Answer['tiles']; draw: () => void }): LegView {
  const points = [base, ...leg.stops];
  const [lngs, lats] = [points.map(({ lng }) => lng), points.map(({ lat }) => lat)];
  const whole: Box = [Math.min(...lngs) - 0.003, Math.min(...lats) - 0.002, Math.max(...lngs) + 0.003, Math.max(...lats) + 0.002];
  const map = createMap({ label: `round of crew ${leg.crew}, leg ${leg.leg}: base, then ${leg.stops.map(({ hotspot }) => hotspot).join(', ')}`, tiles, whole });
  drawHotspots(map, hotspots, () => undefined);
  const at = { lng: base.lng, lat: base.lat, mark: 'B', label: `Base: ${base.name}` };
  map.set('marks', routeLayer([at, ...markedOnce(leg.stops), at]));
  const table = createTable<RoundStopOut>({
    caption: `Stops of crew ${leg.crew}, leg ${leg.leg}`, rowId: (row) => String(row.position), redraw: draw, tools: false, sort: { key: 'position', down: false }, columns: [
      { key: 'position', label: 'Stop', kind: 'count', value: (row) => row.position }, { key: 'hotspot', label: 'Hotspot', value: (row) => row.hotspot, show: (row) => html`<a href="/hotspots/${row.hotspotId}">${row.hotspot}</a>` },
      { key: 'arrives', label: 'Arrive', value: (row) => clockTime(row.arrivesAt) }, { key: 'leaves', label: 'Leave', value: (row) => clockTime(row.leavesAt) },
      { key: 'way', label: 'Way, minutes', kind: 'count', value: (row) => row.travelMinutes, sum: true }, { key: 'band', label: 'Planned for', value: (row) => bandNames[row.band] ?? '' },
    ],
  });
  return { leg, map, table };
}

/** A hotspot that is visited twice bears both numbers. */
function markedOnce(stops: readonly RoundStopOut[]) {
  return stops.map(({ lng, lat, hotspot, hotspotId }) => ({ lng, lat, label: hotspot, mark: stops.filter((other) => other.hotspotId === hotspotId).map(({ position }) => position).join('·') }));
}

function legSection({ leg, map, table }: LegView): Content {
  const title = `Crew ${leg.crew}${leg.wardens.length > 0 ? ` (${leg.wardens.join(', ')})` : ''}, leg ${leg.leg}: ${clockTime(leg.leavesAt)} to ${clockTime(leg.backAt)}`;
  return html`<div class="round">${section(title, mapFrame({
    map, table: table.view(leg.stops), legend: legend('Lines', [], [{ kind: 'hotspot', label: 'Agreed hotspot' }]),
    note: html`<p>Leave the base at ${clockTime(leg.leavesAt)}, back at ${clockTime(leg.backAt)}. Numbers are stops in their order, B the base.${mayDo('planPatrols') ? ` Drawn among ${count(leg.among)} rounds, worth ${percent(leg.shareOfBest, 0)} of the best.` : ''}</p>`,
  }))}</div>`;
}

function drawView(draw: RepeatedDraw): Content {
  const same = draw.sameSeed && draw.sameInputs && draw.samePlan && draw.sameStops;
  const word = (holds: boolean): string => (holds ? 'the same' : 'not the same');
  const other = draw.drawnBy !== draw.repeatedBy;
  const differs = other
    ? `What is stored is not what the draw gives. It was drawn by version ${draw.drawnBy} of the planner and repeated by version ${draw.repeatedBy}, which may be why: repeat it with the release that had version ${draw.drawnBy} to know whether somebody changed it.`
    : 'What is stored is not what the draw gives. Somebody changed it.';
  return html`${same ? note('good', 'The draw was repeated and gives exactly these rounds.', { live: true }) : note(other ? 'warning' : 'danger', differs, { live: true })}
    ${details([['Seed', html`<code class="round__seed">${draw.seed}</code> (${word(draw.sameSeed)})`], ['Inputs', html`<code class="round__seed">${draw.inputsSha256}</code> (${word(draw.sameInputs)})`],
      ['Rounds', html`<code class="round__seed">${draw.planSha256}</code> (${word(draw.samePlan)})`], ['Stops as stored', word(draw.sameStops)], ['Planner', other ? `drawn by version ${draw.drawnBy}, repeated by version ${draw.repeatedBy}` : `version ${draw.drawnBy}, then and now`],
      ['Draws of this shift', draw.draws.map((one): Content => html`<span class="round__draw">${one.number}: ${instant(one.plannedAt)}${one.reason ? `, ${one.reason}` : ''}${one.withdrawnAt ? ', withdrawn' : ''}</span>`)]])}`;
}
