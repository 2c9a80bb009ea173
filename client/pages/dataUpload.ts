/** Sending files to import, one after the other, and following each to its end. */
import { type ImportReport, startImport } from '../../server/incidents/contract.ts';
import { getJob, type Job } from '../../server/work/contract.ts';
import { call, upload } from '../api.ts';
import { createForm, type Field, type Form, type Values } from '../form.ts';
import { count } from '../format.ts';
import { html, nothing, type Content } from '../html.ts';
import { failureText, note, progressBar } from '../states.ts';

/** What became of one file. */
export interface Sent {
  readonly name: string;
  /** A share from 0 to 1; undefined while it waits its turn. */
  progress: number | undefined;
  step: string;
  report?: Partial<ImportReport>;
  failure?: string;
}

export interface Uploading {
  readonly form: Form;
  readonly sent: readonly Sent[];
  leave(): void;
}

const pause = 800;

/** The form and what it sent; `ended` is called when a file has been imported or refused. */
export function createUpload(options: { mappings: readonly string[]; redraw(): void; ended(): void }): Uploading {
  const sent: Sent[] = [];
  let left = false;

  async function follow(jobId: string, one: Sent): Promise<Job> {
    for (;;) {
      const job = await call(getJob, { id: jobId });
      one.progress = job.state === 'queued' ? undefined : job.progress;
      one.step = job.step || 'Waiting for its turn';
      if (!left) options.redraw();
      if (left || (job.state !== 'queued' && job.state !== 'running')) return job;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  async function sendOne(file: File, asked: Values): Promise<void> {
    const one: Sent = { name: file.name, progress: 0, step: 'Sending' };
    sent.unshift(one);
    options.redraw();
    try {
      const { jobId } = await upload(startImport, asked, file, { onProgress: (share) => {
        one.progress = share;
        options.redraw();
      } });
      const job = await follow(jobId, one);
      if (job.state === 'done') one.report = job.result as Partial<ImportReport>;
      else one.failure = job.problem?.detail ?? 'The import was stopped.';
    } catch (error) {
      one.failure = failureText(error);
    }
    if (!left) options.ended();
  }

  const form = createForm({
    submit: 'Import', redraw: options.redraw, layout: 'grid', fields: fieldsFor(options.mappings),
    action: async ({ files, ...asked }) => {
      const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
      for (const file of files as File[]) await sendOne(file, given);
      form.reset();
    },
  });
  return { form, sent, leave: () => void (left = true) };
}

function fieldsFor(mappings: readonly string[]): readonly Field[] {
  return [
    { kind: 'file', name: 'files', label: 'Files', many: true, required: true, accept: '.csv,.gz,.zip,.geojson,.json', hint: 'police.uk street files, boundaries (GeoJSON), population, deprivation, or incidents with a saved mapping; a zip may hold many. At most 200 MB each. A file with a fault is refused whole.' },
    { kind: 'select', name: 'mapping', label: 'Column mapping', blank: 'Found by the columns', options: mappings.map((name) => ({ value: name, label: name })), hint: 'Only for other incident files' },
    { kind: 'date', name: 'validFrom', label: 'Boundaries in force from', hint: 'Left out: the year in the property’s name' },
    { kind: 'date', name: 'validTo', label: 'Boundaries in force until', hint: 'The first day no longer; left out: until newer ones come' },
    { kind: 'text', name: 'council', label: 'Only these councils', hint: 'Codes with commas, to take a few areas of a national file' },
  ];
}

/** One line for each file sent. */
export function sentView(sent: readonly Sent[]): Content {
  if (sent.length === 0) return nothing;
  return html`<div class="sent" aria-live="polite">${sent.map(oneView)}</div>`;
}

function oneView(one: Sent): Content {
  if (one.failure !== undefined) return note('danger', html`<b>${one.name}</b> was not imported. ${one.failure}`);
  if (!one.report) return html`<div class="doing"><span>${one.name}: ${one.step}</span>${progressBar(one.progress, `Progress of ${one.name}`)}</div>`;
  const { filesRefused = 0, faults = [] } = one.report;
  if (filesRefused === 0) return note('good', html`<b>${one.name}</b>: ${figuresOf(one.report)}`);
  return note('danger', html`<b>${one.name}</b>: ${count(filesRefused)} ${filesRefused === 1 ? 'file was' : 'files were'} refused, nothing of ${filesRefused === 1 ? 'it' : 'them'} was imported.
    ${figuresOf(one.report)}
    <ul>${faults.slice(0, 5).map((fault) => html`<li>${fault.file}${fault.row === null ? '' : `, row ${count(fault.row)}`}${fault.column ? `, column ${fault.column}` : ''}${fault.value ? html`, <q>${fault.value}</q>` : nothing}: ${fault.rule} ${fault.cure}</li>`)}</ul>`);
}

/** What an import brought, in one sentence. */
export function figuresOf(report: Partial<ImportReport>): string {
  const parts: string[] = [];
  if (report.accepted) parts.push(`${count(report.accepted)} incidents of ${count(report.months ?? 0)} ${report.months === 1 ? 'month' : 'months'}, ${count(report.asb ?? 0)} of them anti-social behaviour; ${count(report.outside ?? 0)} outside the area, ${count(report.withoutPlace ?? 0)} without a place; ${count(report.monthsReplaced ?? 0)} months replaced`);
  for (const [what, one, many] of [['boundaries', 'boundary', 'boundaries'], ['population', 'population figure', 'population figures'], ['deprivation', 'deprivation figure', 'deprivation figures'], ['lookups', 'lookup pair', 'lookup pairs']] as const) {
    if (report[what]) parts.push(`${count(report[what])} ${report[what] === 1 ? one : many}`);
  }
  return parts.length ? `${parts.join('; ')}.` : '';
}
