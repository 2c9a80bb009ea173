/** Amounts in a claim's sentences. Pure. */

/** Pence as pounds on screen: £1,234.50; below zero with a minus. */
export function pounds(pence: number): string {
  const size = BigInt(Math.abs(pence));
  return `${pence < 0 ? '−' : ''}£${(size / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ',')}.${String(size % 100n).padStart(2, '0')}`;
}
