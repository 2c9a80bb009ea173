/** Figures as they are printed, read exactly: whole numbers of the last shown place, never binary fractions. Pure. */

/** A number with the places it was shown with: 31.3 is 313 at 1 place. */
export interface Shown {
  readonly units: bigint;
  readonly places: number;
}

export type Printed = { readonly is: 'number'; readonly value: Shown } | { readonly is: 'hidden'; readonly below: number | null } | { readonly is: 'blank' } | { readonly is: 'unread' };

/**
 * Reads one printed cell: `1,187`, `−204`, `+22 %`, `£2,548,650.10`; `<10`, `*` and `[c]` are hidden; nothing, a dash, `n/a`, `[x]` and `[z]` are blank,
 * which is not zero. Commas part thousands; anything else is unread.
 */
export function readPrinted(text: string): Printed {
  const bare = text.replace(/[\s\u00a0\u202f]/g, '');
  if (/^(?:|[-–—]|n\/?a|\.\.|\[[xz]\])$/i.test(bare)) return { is: 'blank' };
  const below = /^[<＜](\d{1,4})$/.exec(bare);
  if (below) return { is: 'hidden', below: Number(below[1]) };
  if (/^(?:\*|\[c\])$/i.test(bare)) return { is: 'hidden', below: null };
  const parts = /^([-−+]?)£?([-−]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?%?$/.exec(bare);
  if (!parts) return { is: 'unread' };
  const [, sign = '', inner = '', whole = '', fraction = ''] = parts;
  const units = BigInt(`${whole.replaceAll(',', '')}${fraction}`);
  return { is: 'number', value: { units: (sign && sign !== '+') || inner ? -units : units, places: fraction.length } };
}

const power = (places: number): bigint => 10n ** BigInt(places);

/** The same number at more places. */
const at = ({ units, places }: Shown, wanted: number): bigint => units * power(wanted - places);

/** a + b, exact. */
export function add(a: Shown, b: Shown): Shown {
  const places = Math.max(a.places, b.places);
  return { units: at(a, places) + at(b, places), places };
}

export const less = (a: Shown, b: Shown): Shown => add(a, { units: -b.units, places: b.places });
export const same = (a: Shown, b: Shown): boolean => less(a, b).units === 0n;
export const sum = (numbers: readonly Shown[]): Shown => numbers.reduce(add, { units: 0n, places: 0 });

/** Divides and rounds half away from zero; the divisor is not 0. */
function halfAway(number: bigint, by: bigint): bigint {
  const negative = number < 0n !== by < 0n;
  const [size, part] = [number < 0n ? -number : number, by < 0n ? -by : by];
  const rounded = (2n * size + part) / (2n * part);
  return negative ? -rounded : rounded;
}

/** a × times ÷ b at some places, rounded half away from zero; undefined where b is 0. */
export function ratio(a: Shown, b: Shown, times: number, places: number): Shown | undefined {
  if (b.units === 0n) return undefined;
  return { units: halfAway(a.units * BigInt(times) * power(places + b.places), b.units * power(a.places)), places };
}

/** The number at no more than some places, rounded half away from zero. */
export const rounded = (a: Shown, places: number): Shown => (a.places <= places ? a : { units: halfAway(a.units, power(a.places - places)), places });

/** As it is written in a sentence: −1,234.5. */
export function write({ units, places }: Shown): string {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${units < 0n ? '−' : ''}${whole}${places > 0 ? `.${digits.slice(-places)}` : ''}`;
}

/** With its sign: +6, −22. */
export const signed = (a: Shown): string => `${a.units > 0n ? '+' : ''}${write(a)}`;
