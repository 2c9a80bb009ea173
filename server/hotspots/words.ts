/** Figures as they stand in sentences. */

/** 1234.4 -> "1,234". */
export function whole(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}
