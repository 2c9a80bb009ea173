/** Outlines that come as short texts (encoded polylines, longitude first, 10⁻⁵ of a degree) as corners. */
export function decodeLine(text: string): [number, number][] {
  const corners: [number, number][] = [];
  let [x, y, at] = [0, 0, 0];
  const next = (): number => {
    let [value, place] = [0, 1];
    for (;;) {
      const bits = text.charCodeAt(at++) - 63;
      value += (bits % 32) * place;
      place *= 32;
      if (!(bits >= 32)) return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
    }
  };
  while (at < text.length) {
    x += next();
    y += next();
    corners.push([x / 1e5, y / 1e5]);
  }
  return corners;
}
