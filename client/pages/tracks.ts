/** A GPX track: looked through first, then recorded. What was recorded before stands below. */
import { getMapHotspots } from '../../server/hotspots/contract.ts';
import { listWardens, staffCategories, staffCategoryNames, type Warden } from '../../server/patrols/contract.ts';
import { listTracks, previewTrack, recordTrack, type Track, type TrackPreview } from '../../server/recording/trackContract.ts';
import { ApiError, call, upload } from '../api.ts';
import { createForm, type Field, type Values } from '../form.ts';
import { clockTime, count, date, hoursMinutes, shortInstant } from '../format.ts';
import { button, details, frame, section } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { session } from '../session.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { trackMap, type TrackMap } from './trackMap.ts';

interface Known {
  wardens: readonly Warden[];
  tracks: readonly Track[];
  keepDays: number;
}
interface Looked {
  file: File;
  input: ReturnType<typeof inputOf>;
  preview: TrackPreview;
}

export const tracksPage: Page = (root) => {
  let state: Loadable<Known> = loading;
  let [looked, map]: [Looked | undefined, TrackMap | undefined] = [undefined, undefined];
  let [said, refused, asksShift, busy] = ['', '', false, false];

  const draw = (): void => render(frame({
    title: 'Send a GPX track', breadcrumbs: [{ label: 'Visits', href: '/visits' }],
    lead: 'A track shows where a patrol was and for how long. You see the visits it shows before anything is kept.',
  }, html`${said ? note('good', html`${said} <a href="/visits">See the visits</a>`, { live: true }) : nothing}${refused ? note('danger', refused, { live: true }) : nothing}
    ${shown(state, body, { what: 'tracks', retry: start })}`), root);
  const body = (known: Known): Content => html`${looked ? previewView(looked) : form.view()}${section('Tracks recorded', html`
    ${known.tracks.length > 0 ? table.view(known.tracks) : emptyView('No track is recorded yet', 'Choose a GPX file above.')}`,
    { lead: `Of a file its hash and its visits are kept, and for ${known.keepDays} days its points inside hotspots. Points outside hotspots are never kept.` })}`;
  const forget = (): void => {
    map?.remove();
    [looked, map] = [undefined, undefined];
  };
  const form = createForm({
    submit: 'Look for visits', redraw: () => draw(), fields: () => (state.at === 'ready' ? fieldsFor(state.value.wardens, asksShift) : []),
    action: async (values) => {
      [said, refused] = ['', ''];
      const file = values['file'];
      if (!(file instanceof File)) return;
      const input = inputOf(values);
      try {
        looked = { file, input, preview: await upload(previewTrack, input, file) };
      } catch (error) {
        asksShift ||= error instanceof ApiError && error.problem.errors?.some(({ field }) => field === 'shiftStartedAt') === true;
        throw error;
      }
      map = await trackMap(await call(getMapHotspots, { ...own(), on: looked.preview.startedAt.slice(0, 10) }), looked.preview);
    },
  });
  const previewView = ({ preview }: Looked): Content => section('What the track shows', html`
    ${details([['Track', `${shortInstant(preview.startedAt)} to ${clockTime(preview.endedAt)}`], ['Shift', `${preview.shift}, ${clockTime(preview.shiftStartedAt)} to ${clockTime(preview.shiftEndedAt)}`],
      ['Points', `${count(preview.points)}, of which ${count(preview.pointsUsed)} are good enough and ${count(preview.pointsInside)} lie in hotspots`]])}
    ${preview.alreadyRecorded ? note('info', 'This file was recorded already. Sending it again counts nothing twice.') : nothing}
    ${preview.visits.length > 0 ? (map?.view(preview) ?? nothing) : emptyView('No visit', 'The track shows no stay of five minutes or more in a hotspot that was live that day.')}
    <p class="form__end">${button('Record these visits', () => void keep(), { kind: 'main', disabled: busy || preview.alreadyRecorded || preview.visits.every(({ recordedBefore }) => recordedBefore !== null) })}
      ${button('Choose another file', () => {
        forget();
        draw();
      })}</p>`);
  const keep = async (): Promise<void> => {
    if (!looked || busy) return;
    [busy, refused] = [true, ''];
    draw();
    try {
      const answer = await upload(recordTrack, looked.input, looked.file);
      said = `${count(answer.recorded)} ${answer.recorded === 1 ? 'visit' : 'visits'} recorded, ${hoursMinutes(answer.personMinutes)} person-hours${answer.recordedBefore > 0 ? `; ${count(answer.recordedBefore)} were recorded before and are counted once` : ''}.`;
      forget();
      form.reset();
      state = { at: 'ready', value: await ask() };
    } catch (error) {
      refused = error instanceof ApiError ? [error.problem.detail, ...(error.problem.errors ?? []).map(({ message }) => message)].join(' ') : 'Something in this page went wrong. Reload it and try again.';
    }
    busy = false;
    draw();
  };
  const table = createTable<Track>({
    caption: 'Tracks', rowId: (row) => row.id, redraw: () => draw(), source: 'GPX files of patrols',
    columns: [
      { key: 'day', label: 'Track', value: (row) => shortInstant(row.startedAt) },
      { key: 'until', label: 'Until', value: (row) => clockTime(row.endedAt) },
      { key: 'visits', label: 'Visits', value: (row) => row.visits.map((visit) => `${visit.hotspot} ${visit.minutes} min`).join('; ') },
      { key: 'points', label: 'Points in hotspots', kind: 'count', value: (row) => row.pointsInside },
      { key: 'kept', label: 'Points', value: (row) => (row.pointsDeletedAt ? `deleted ${date(row.pointsDeletedAt.slice(0, 10))}` : 'kept for now') },
      { key: 'hash', label: 'SHA-256 of the file', value: (row) => row.sha256, show: (row) => html`<code title=${row.sha256}>${row.sha256.slice(0, 12)}…</code>` },
    ],
  });
  const start = (): (() => void) => load(ask(), (next) => {
    state = next;
    draw();
  });
  const stop = start();
  return () => {
    stop();
    forget();
  };
};

const own = (): { council?: string } => {
  const code = session().person?.councilCode;
  return code ? { council: code } : {};
};

async function ask(): Promise<Known> {
  const [{ wardens }, { tracks, keepDays }] = await Promise.all([call(listWardens, own()), call(listTracks, {})]);
  return { wardens, tracks, keepDays };
}

function fieldsFor(wardens: readonly Warden[], asksShift: boolean): Field[] {
  return [
    { kind: 'file', name: 'file', label: 'GPX file', hint: 'GPX 1.1 with times, one outing', accept: '.gpx,application/gpx+xml', required: true },
    { kind: 'checkboxes', name: 'wardens', label: 'Who was there', hint: 'Left open, you yourself', options: wardens.map(({ reference }) => ({ value: reference, label: reference })) },
    ...(asksShift ? [
      { kind: 'date' as const, name: 'shiftDay', label: 'Day the shift started', hint: 'No published rota has these wardens on a shift near the track', required: true },
      { kind: 'time' as const, name: 'shiftStart', label: 'Shift started', required: true }, { kind: 'time' as const, name: 'shiftEnd', label: 'Shift ended', hint: 'Earlier than its start is the next day', required: true },
    ] : []),
    { kind: 'checkbox', name: 'byVehicle', label: 'Not on foot' },
    { kind: 'checkbox', name: 'jointWithPolice', label: 'Joint with the police' },
    { kind: 'select', name: 'staffCategory', label: 'Staff', value: 'warden', required: true, options: staffCategories.map((value) => ({ value, label: staffCategoryNames[value] })) },
    { kind: 'text', name: 'patrolReference', label: 'Patrol reference', hint: 'The same for all visits of one outing; left open, one is made', size: 'medium' },
  ];
}

function inputOf(values: Values) {
  const text = (name: string): string => String(values[name] ?? '');
  const nextDay = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  const endDay = text('shiftEnd') <= text('shiftStart') ? nextDay : (day: string): string => day;
  return {
    wardens: Array.isArray(values['wardens']) ? values['wardens'].map(String) : [],
    onFoot: String(values['byVehicle'] !== true), jointWithPolice: String(values['jointWithPolice'] === true),
    staffCategory: staffCategories.find((one) => one === values['staffCategory']) ?? 'warden',
    ...(text('patrolReference') ? { patrolReference: text('patrolReference') } : {}),
    ...(text('shiftDay') ? { shiftStartedAt: `${text('shiftDay')} ${text('shiftStart')}`, shiftEndedAt: `${endDay(text('shiftDay'))} ${text('shiftEnd')}` } : {}),
  };
}
