/** Buttons on the map, so that nothing needs a drag: four ways to move, and the whole area. */
import L from 'leaflet';

interface Move {
  label: string;
  sign: string;
  act: (map: L.Map) => void;
}

const step = 160;
const moves: readonly Move[] = [
  { label: 'Move map west', sign: '◀', act: (map) => map.panBy([-step, 0]) },
  { label: 'Move map north', sign: '▲', act: (map) => map.panBy([0, -step]) },
  { label: 'Move map south', sign: '▼', act: (map) => map.panBy([0, step]) },
  { label: 'Move map east', sign: '▶', act: (map) => map.panBy([step, 0]) },
];

function mapButton({ label, sign, act }: Move, map: L.Map): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'map__button';
  button.setAttribute('aria-label', label);
  button.title = label;
  button.textContent = sign;
  button.addEventListener('click', () => act(map));
  return button;
}

/** A bar of buttons in the map's corner. */
export function moveControl(whole: () => void): L.Control {
  const control = new L.Control({ position: 'topleft' });
  control.onAdd = (map) => {
    const bar = document.createElement('div');
    bar.className = 'map__moves leaflet-bar';
    bar.append(...moves.map((move) => mapButton(move, map)), mapButton({ label: 'Show the whole area', sign: '⤢', act: whole }, map));
    L.DomEvent.disableClickPropagation(bar);
    return bar;
  };
  return control;
}
