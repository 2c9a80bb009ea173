/*
 * An H3 cell of resolution 1 to 10 as one whole number below 2³⁷: its base cell (7 bits) and its path of three-bit digits, first step highest.
 * Numbers of one resolution sort as their ids do. The layout of ids is H3's (h3geo.org, "H3Index bit layout").
 */

/** Base cell × 2^(3·resolution) + digits. */
export function cellNumber(baseCell: number, digits: number, resolution: number): number {
  return baseCell * 2 ** (3 * resolution) + digits;
}

/** The 15-character id of a cell number. */
export function cellId(number: number, resolution: number): string {
  const size = 2 ** (3 * resolution);
  const baseCell = Math.floor(number / size);
  return idOf(baseCell, number - baseCell * size, resolution);
}

/** The 15-character id from base cell and digits (at most 10 of them, 30 bits). */
export function idOf(baseCell: number, digits: number, resolution: number): string {
  // After "8" and the resolution come 52 bits: 7 of base cell, 45 of digits, unused ones filled with ones. Cut here into 22 and 30 (base and five digits, ten digits).
  const digits30 = digits * 2 ** (30 - 3 * resolution) + (2 ** (30 - 3 * resolution) - 1);
  const high = baseCell * 32768 + (digits30 >>> 15);
  const low = (digits30 & 32767) * 32768 + 32767;
  return String.fromCharCode(56, hex(resolution), hex((high >>> 18) & 15), hex((high >>> 14) & 15), hex((high >>> 10) & 15), hex((high >>> 6) & 15), hex((high >>> 2) & 15), hex(((high & 3) << 2) | (low >>> 28)), hex((low >>> 24) & 15), hex((low >>> 20) & 15), hex((low >>> 16) & 15), hex((low >>> 12) & 15), hex((low >>> 8) & 15), hex((low >>> 4) & 15), hex(low & 15));
}

function hex(value: number): number {
  return value < 10 ? 48 + value : 87 + value;
}

/** The cell number of an id of resolution 1 to 10, or NaN when the text is not such an id. */
export function numberOfId(id: string): number {
  const resolution = unhex(id.charCodeAt(1));
  if (id.length !== 15 || id.charCodeAt(0) !== 56 || !(resolution >= 1 && resolution <= 10)) return NaN;
  let high = 0;
  let low = 0;
  for (let i = 2; i < 8; i++) high = high * 16 + unhex(id.charCodeAt(i));
  for (let i = 8; i < 15; i++) low = low * 16 + unhex(id.charCodeAt(i));
  const number = high * 2 ** 28 + low;
  return Math.floor(number / 2 ** (45 - 3 * resolution));
}

/** The resolution written in an id. */
export function resolutionOfId(id: string): number {
  return unhex(id.charCodeAt(1));
}

function unhex(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : NaN;
}
