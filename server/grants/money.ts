/** Pounds as people write them -> whole pence, by their digits: never multiplied, since 4.35 × 100 is 434.99… in binary fractions. */

export type ReadMoney = { readonly ok: true; readonly pence: number } | { readonly ok: false; readonly why: string };

/**
 * Whole pence of an amount such as `£1,234.56`, ` 1 234.5 `, `-12` or `−£12`.
 * Refused, saying which: more than two decimals, a comma in the wrong place (`1,23`), a point with nothing after it (`12.`), powers (`1e3`),
 * digits of other scripts, several signs, and what is too large to be exact.
 */
export function parsePounds(text: string): ReadMoney {
  const given = `"${text.trim()}"`;
  const bare = text.replace(/\s/g, '').replace(/^£([-−])/, '$1£').replace(/^−/, '-').replace(/^(-?)£/, '$1');
  if (bare === '' || bare === '-') return refuse('Enter an amount in pounds, for example 1,234.56.');
  if (/\p{Nd}/u.test(bare.replace(/[0-9]/g, ''))) return refuse(`${given} has digits of another script. Use 0 to 9.`);
  if (/^-?[0-9.,]+e[-+]?[0-9]+$/i.test(bare)) return refuse(`${given} is written with a power of ten. Write the amount out, for example 1,000.`);
  if (!/^-?[0-9,]*(\.[0-9,]*)?$/.test(bare)) return refuse(`${given} is not an amount. Use digits and one point, for example 1,234.56.`);
  const [pounds = '', pence] = bare.replace('-', '').split('.');
  if (pence === '') return refuse(`${given} ends with a point. Write the pence after it or leave it out.`);
  if (pounds === '') return refuse(`${given} begins with a point. Write 0 before it.`);
  if (pence?.includes(',') || (pounds.includes(',') && !/^[0-9]{1,3}(,[0-9]{3})+$/.test(pounds))) {
    return refuse(`${given} has a comma in an unusual place. Commas part thousands: write 1,234 or 1234.`);
  }
  if (pence && pence.length > 2) return refuse(`${given} has more than two decimals. Amounts stop at whole pence.`);
  const size = Number(`${pounds.replaceAll(',', '')}${(pence ?? '').padEnd(2, '0')}`);
  if (!Number.isSafeInteger(size)) return refuse(`${given} is too large an amount.`);
  return { ok: true, pence: bare.startsWith('-') && size !== 0 ? -size : size };
}

const refuse = (why: string): ReadMoney => ({ ok: false, why });
