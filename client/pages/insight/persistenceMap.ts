/** The map of persistence: each class by its own colour and, for those that need no colour, by the words of the table beside it. */
import type { z } from 'zod';
import type { EmergingName, getPersistence } from '../../../server/insight/patternsContract.ts';
import { listBoundaries } from '../../../server/places/contract.ts';
import { call } from '../../api.ts';
import { html, nothing, type Content } from '../../html.ts';
import { serviceInfo } from '../../info.ts';
import { cellsLayer } from '../../map/cells.ts';
import type { MapClass } from '../../map/classes.ts';
import { type Box, createMap, type MapHandle } from '../../map/create.ts';
import { legend, mapFrame } from '../../map/frame.ts';
import { drawBoundaries } from '../map/layers.ts';

type Answer = z.output<typeof getPersistence.output>;

/** From dark, hot all the time, to light; told apart in grey too. */
export const looks: Record<EmergingName, string> = {
  intensifying: '#4a1149', persistent: '#7a2a66', diminishing: '#b4406a', consecutive: '#d3615f', new: '#e57c58', sporadic: '#f0a15f', oscillating: '#f6b56d', historical: '#a9b7b2', none: '#dfe6e3',
};

export interface PersistenceMap {
  view(answer: Answer, table: Content): Content;
  select(id: string | null): void;
}

/** Made with the first answer, since a map needs to know its area. */
export function classMap(choose: (id: string) => void): PersistenceMap {
  let map: MapHandle | undefined;
  let drawn: Answer | undefined;
  const make = (answer: Answer): void => {
    void serviceInfo().then(({ tiles }) => {
      map = createMap({ label: 'classes of persistence', tiles, whole: boxOf(answer) });
      void call(listBoundaries, { kind: 'council', metres: 60 }).then((councils) => map && drawBoundaries(map, 'councils', councils));
      draw(answer);
      place.replaceChildren(map.element);
    });
  };
  const place = document.createElement('div');
  const draw = (answer: Answer): void => {
    drawn = answer;
    const order = answer.classes.map((one) => one.class);
    map?.set('cells', cellsLayer(answer.hot.map((cell) => ({
      id: cell.cell, value: order.indexOf(cell.class), geometry: { type: 'Polygon', coordinates: [cell.ring] },
      label: `${cell.place || cell.cell}: ${answer.classes.find((one) => one.class === cell.class)?.name ?? ''}, hot in ${cell.hotMonths} of ${answer.months.length} months, ${cell.n} incidents`,
    })), { classes: classesOf(answer), onSelect: choose }));
  };
  return {
    view(answer, table) {
      if (!drawn) {
        drawn = answer;
        make(answer);
      } else if (drawn !== answer) draw(answer);
      const used = classesOf(answer).filter((_, at) => (answer.classes[at]?.cells ?? 0) > 0);
      return mapFrame({ map: { element: place }, legend: used.length > 0 ? legend('Class', used, [{ kind: 'council', label: 'Council' }]) : html`${nothing}`, table });
    },
    select: (id) => map?.select(id),
  };
}

function classesOf({ classes }: Answer): readonly MapClass[] {
  return classes.map((one, at) => ({ from: at, below: at + 1, colour: looks[one.class], range: `${one.name} (${one.cells})`, words: one.about }));
}

function boxOf({ hot }: Answer): Box {
  const points = hot.flatMap((cell) => cell.ring);
  if (points.length === 0) return [-1.46, 54.44, -0.76, 54.74];
  const [lngs, lats] = [points.map(([lng]) => lng), points.map(([, lat]) => lat)];
  return [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)];
}
