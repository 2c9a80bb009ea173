/** Amounts as people type them, turned into whole pence without ever multiplying a fraction. */

export type Amount = { ok: true; pence: number } | { ok: false; why: string };

const refused = (why: string): Amount => ({ ok: false, why });

/**
 * Pounds as typed -> whole pence. "£1,234.56", " 1 234.5 " and "-12" are read; "1,23", "12.", "4.567", "1e3" are refused
 * with the reason in words.
 */
export function parsePounds(text: string): Amount {
  const bare = text.replace(/[\s\u00a0]/g, '').replace(/^([-\u2212]?)£/, '$1').replace('\u2212', '-');
  if (bare === '' || bare === '-') return refused('Enter an amount in pounds, for example 1,234.56');
  if (!/^-?[0-9,]+(\.[0-9]*)?$/.test(bare)) return refused(`"${text.trim()}" is not an amount: use digits and one point, for example 1,234.56`);
  if (bare.endsWith('.')) return refused(`"${text.trim()}" ends with a point: write the pence after it or leave it out`);
  const [pounds = '', pence = ''] = bare.replace('-', '').split('.');
  if (pence.length > 2) return refused(`"${text.trim()}" has more than two decimals: amounts stop at whole pence`);
  if (pounds.includes(',') && !/^[0-9]{1,3}(,[0-9]{3})+$/.test(pounds)) {
    return refused(`"${text.trim()}" has a comma in an unusual place: write 1,234 or 1234`);
  }
  const total = Number(`${pounds.replaceAll(',', '')}${pence.padEnd(2, '0')}`);
  if (!Number.isSafeInteger(total)) return refused(`"${text.trim()}" is too large an amount`);
  return { ok: true, pence: bare.startsWith('-') && total !== 0 ? -total : total };
}

/** Whole pence as they stand in a field a person can change: 123456 -> "1234.56". */
export function poundsText(pence: number): string {
  const size = Math.abs(pence);
  return `${pence < 0 ? '-' : ''}${Math.trunc(size / 100)}.${String(size % 100).padStart(2, '0')}`;
}
