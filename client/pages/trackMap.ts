/** The map and table of what a track shows: hotspots, the fixes inside them, and the visits made of these. */
import type { FoundVisit, TrackPreview } from '../../server/recording/trackContract.ts';
import { clockTime } from '../format.ts';
import { html, type Content } from '../html.ts';
import { serviceInfo } from '../info.ts';
import { type Box, createMap } from '../map/create.ts';
import { legend, mapFrame } from '../map/frame.ts';
import { fixesLayer } from '../map/route.ts';
import { createTable } from '../table.ts';
import { boxOf } from './hotspots.ts';
import { drawHotspots, type Hotspots } from './map/layers.ts';

export interface TrackMap {
  view(preview: TrackPreview): Content;
  remove(): void;
}

export async function trackMap(hotspots: Hotspots, preview: TrackPreview): Promise<TrackMap> {
  const seen = new Set(preview.visits.map(({ hotspotId }) => hotspotId));
  const whole: Box = boxOf({ features: hotspots.features.filter(({ id }) => seen.has(id)) }) ?? boxOf(hotspots) ?? [-1.46, 54.44, -0.76, 54.74];
  const map = createMap({ label: 'points of the track inside hotspots', tiles: (await serviceInfo()).tiles, whole });
  drawHotspots(map, hotspots, () => undefined);
  map.set('marks', fixesLayer(preview.visits.flatMap(({ points }) => points)));
  const table = createTable<FoundVisit>({
    caption: 'Visits found', rowId: (row) => row.startedAt, tools: false, redraw: () => undefined,
    columns: [
      { key: 'hotspot', label: 'Hotspot', value: (row) => row.hotspot },
      { key: 'from', label: 'Arrived', value: (row) => clockTime(row.startedAt) },
      { key: 'to', label: 'Left', value: (row) => clockTime(row.endedAt) },
      { key: 'minutes', label: 'Minutes', kind: 'count', value: (row) => row.minutes, sum: true },
      { key: 'before', label: 'Recorded', value: (row) => (row.recordedBefore ? 'recorded before, counts once' : 'new') },
    ],
  });
  return {
    view: ({ visits }) => mapFrame({
      map, legend: legend('Lines', [], [{ kind: 'hotspot', label: 'Agreed hotspot' }]),
      table: html`${table.view(visits)}<p class="fact__note">Dots are points of the track inside hotspots.</p>`,
    }),
    remove: () => map.remove(),
  };
}
