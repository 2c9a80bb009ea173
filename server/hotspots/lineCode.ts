/**
 * Lines as short texts, so that a surface of a hundred thousand corners is carried without being looked at corner by corner: the encoded polyline
 * of Google's Maps API (each coordinate's difference from the one before, in 10⁻⁵ of a degree, zigzag, five bits a letter), longitude first.
 */

export type Corner = readonly [lng: number, lat: number];

/** To a hundred-thousandth of a degree, about a metre. */
export const lineUnit = 1e5;

/** Corners in degrees as one text. */
export function encodeLine(corners: readonly Corner[]): string {
  const letters: number[] = [];
  let [lastX, lastY] = [0, 0];
  for (const [lng, lat] of corners) {
    const [x, y] = [Math.round(lng * lineUnit), Math.round(lat * lineUnit)];
    addNumber(letters, x - lastX);
    addNumber(letters, y - lastY);
    [lastX, lastY] = [x, y];
  }
  return new TextDecoder().decode(Uint8Array.from(letters));
}

function addNumber(letters: number[], value: number): void {
  let left = value < 0 ? -2 * value - 1 : 2 * value;
  for (; left >= 32; left = Math.floor(left / 32)) letters.push((left % 32) + 32 + 63);
  letters.push(left + 63);
}

/** The corners of a text that `encodeLine` made. */
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
    corners.push([x / lineUnit, y / lineUnit]);
  }
  return corners;
}
