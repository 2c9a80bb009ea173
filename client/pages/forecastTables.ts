/** The tables of an agreement's forecast: causes, the council's own forecasts, kept runs. */
import { knowledgeNames, type CouncilForecast, type ForecastOfAgreement, type ForecastRun, type UnderspendCause } from '../../server/forecast/contract.ts';
import { money, period } from '../format.ts';
import { html } from '../html.ts';
import { tag } from '../states.ts';
import { createTable } from '../table.ts';

type DataCause = ForecastOfAgreement['dataCauses'][number];
const dataCauseNames: Record<DataCause['cause'], string> = { 'late start': 'Late start', vacancy: 'Empty posts', vetting: 'Vetting and training', hours: 'Hours not delivered', rest: 'The rest' };

export function createForecastTables(redraw: () => void) {
  return {
    dataCauses: createTable<DataCause>({ caption: 'What the data says', rowId: (row) => row.cause, redraw, tools: false, columns: [
      { key: 'cause', label: 'Cause', value: (row) => dataCauseNames[row.cause] },
      { key: 'says', label: 'How it is worked out', value: (row) => row.says },
      { key: 'pence', label: 'Money', kind: 'money', value: (row) => row.pence, sum: true },
    ] }),
    causes: createTable<UnderspendCause>({ caption: 'What people say', rowId: (row) => row.id, redraw, tools: false, columns: [
      { key: 'cause', label: 'Cause', value: (row) => row.cause },
      { key: 'when', label: 'When', value: (row) => period(row.fromOn, row.toOn) },
      { key: 'reason', label: 'Reason', value: (row) => row.reason },
      { key: 'by', label: 'Entered by', value: (row) => row.madeBy, missing: 'another organisation' },
      { key: 'recorded', label: 'Entered', kind: 'instant', value: (row) => row.recordedAt },
      { key: 'pence', label: 'Money', kind: 'money', value: (row) => row.amountPence, sum: true },
    ] }),
    councilForecasts: createTable<CouncilForecast>({ caption: 'Theirs and ours', rowId: (row) => row.id, redraw, tools: false, columns: [
      { key: 'quarter', label: 'Quarter to', kind: 'date', value: (row) => row.quarterEndsOn },
      { key: 'version', label: 'Version', kind: 'count', value: (row) => row.version },
      { key: 'actual', label: 'Their actual', kind: 'money', value: (row) => row.actualPence },
      { key: 'ourActual', label: 'Ours', hint: 'Spent or committed as known when theirs was received', kind: 'money', value: (row) => row.ours.actualPence },
      { key: 'outturn', label: 'Their outturn', kind: 'money', value: (row) => row.outturnPence },
      { key: 'ours', label: 'Our outturn', hint: 'Central', kind: 'money', value: (row) => row.ours.outturn.central },
      { key: 'difference', label: 'Difference', kind: 'money', value: (row) => row.ours.differencePence },
      { key: 'within', label: 'Against our band', value: (row) => (row.ours.within ? 'within' : 'outside'), show: (row) => html`${tag(row.ours.within ? 'within' : 'outside', row.ours.within ? 'good' : 'warning')} <span class="small">${money(row.ours.outturn.low)} to ${money(row.ours.outturn.high)}</span>` },
      { key: 'signed', label: 'Signed by', value: (row) => row.signedBy },
      { key: 'received', label: 'Received', kind: 'date', value: (row) => row.receivedOn },
      { key: 'reason', label: 'Why it differs', value: (row) => row.reason || null, missing: 'no reason needed' },
    ] }),
    runs: createTable<ForecastRun>({ caption: 'Kept forecasts', rowId: (row) => row.id, redraw, limit: 12, columns: [
      { key: 'on', label: 'As known on', kind: 'date', value: (row) => row.knownOn },
      { key: 'low', label: 'Low', kind: 'money', value: (row) => row.lowPence },
      { key: 'central', label: 'Central', kind: 'money', value: (row) => row.centralPence },
      { key: 'high', label: 'High', kind: 'money', value: (row) => row.highPence },
      { key: 'underspend', label: 'Underspend', kind: 'money', value: (row) => row.ceilingPence - row.centralPence },
      { key: 'knowledge', label: 'Taking in', value: (row) => knowledgeNames[row.knowledge] },
      { key: 'by', label: 'Made by', value: (row) => row.madeBy, missing: 'the nightly run' },
      { key: 'made', label: 'Made', kind: 'instant', value: (row) => row.madeAt },
      { key: 'hash', label: 'Hash of inputs', value: (row) => row.sha256.slice(0, 12), show: (row) => html`<a href="/api/forecast/runs/${row.id}"><code class="hash">${row.sha256.slice(0, 12)}</code></a>` },
    ] }),
  };
}
