/** The background map: a raster source from the settings, or none. */
import L from 'leaflet';

export interface TileSource {
  url: string;
  attribution: string;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** OpenStreetMap asks that its name leads to its copyright page. */
function attributionHtml(text: string): string {
  return escaped(text).replace('OpenStreetMap', '<a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a>');
}

/** A quiet raster layer; `onMissing` is called once when no tile can be had, so that the map can say so. */
export function tilesLayer(source: TileSource, onMissing: () => void): L.TileLayer {
  const layer = L.tileLayer(source.url, { attribution: attributionHtml(source.attribution), maxZoom: 19, className: 'map__tiles', keepBuffer: 1 });
  let loaded = false;
  let told = false;
  layer.on('tileload', () => {
    loaded = true;
  });
  layer.on('tileerror', () => {
    if (loaded || told) return;
    told = true;
    onMissing();
  });
  return layer;
}
