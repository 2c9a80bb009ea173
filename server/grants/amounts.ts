/** An amount as it is sent, in whole pence or in pounds as text: one of the two. Pure. */
import { invalid } from '../errors.ts';
import { parsePounds } from './money.ts';

/** Whole pence of `<name>Pence` or of the text in `<name>`; throws in words when neither or both are given, or the text is no amount. */
export function penceOf(name: string, pence: number | undefined, text: string | undefined): number {
  if (pence !== undefined && text !== undefined) throw invalid([{ field: name, message: `Give ${name} in pounds or ${name}Pence in pence, not both.` }]);
  if (pence !== undefined) return pence;
  if (text === undefined) throw invalid([{ field: `${name}Pence`, message: 'Enter an amount in pounds, for example 1,234.56.' }]);
  const read = parsePounds(text);
  if (!read.ok) throw invalid([{ field: name, message: read.why }]);
  return read.pence;
}
