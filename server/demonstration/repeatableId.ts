import type { RandomStream } from '../../geo/random.ts';

/** A version 4 UUID drawn from the stream, so that the same visit written twice is one visit. */
export function repeatableId(random: RandomStream): string {
  const digits = Array.from({ length: 32 }, () => random.integer(0, 15).toString(16));
  digits[12] = '4';
  digits[16] = (8 + random.integer(0, 3)).toString(16);
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].map((part) => part.join('')).join('-');
}
