/** 95 % intervals of shares and means. Pure. */

const z = 1.959963984540054;

/** Wilson's interval of a share of n (Wilson 1927, J. American Statistical Association 22:209-212), 0 to 1; the whole range without a case. */
export function wilson(hits: number, n: number): { low: number; high: number } {
  if (!(n > 0)) return { low: 0, high: 1 };
  const share = hits / n;
  const middle = share + (z * z) / (2 * n);
  const reach = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const whole = 1 + (z * z) / n;
  return { low: Math.max(0, (middle - reach) / whole), high: Math.min(1, (middle + reach) / whole) };
}

/** Student's t at 97.5 % for 1 to 30 degrees of freedom; the normal's beyond. */
const students = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042];

/** The mean of values and its interval by Student's t (Student 1908, Biometrika 6:1-25); no interval from one value. */
export function meanInterval(values: readonly number[]): { mean: number; low: number | null; high: number | null } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { mean, low: null, high: null };
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) / n);
  const reach = (students[n - 2] ?? z) * spread;
  return { mean, low: mean - reach, high: mean + reach };
}
