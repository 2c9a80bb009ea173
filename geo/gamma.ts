/** ln Γ(x) for x > 0, to 14 digits: Stirling's series (Abramowitz & Stegun 6.1.41) after moving up to x ≥ 12. */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`ln Γ(${x}) is not defined here: give a number above 0.`);
  let product = 1;
  let y = x;
  while (y < 12) product *= y++;
  const inverse2 = 1 / (y * y);
  const series = (1 / 12 - inverse2 * (1 / 360 - inverse2 * (1 / 1260 - inverse2 * (1 / 1680 - inverse2 * (1 / 1188 - (inverse2 * 691) / 360360))))) / y;
  return (y - 0.5) * Math.log(y) - y + Math.log(2 * Math.PI) / 2 + series - Math.log(product);
}

/** P(a, x): the chance that a gamma variable of shape a lies below x (series below a + 1, continued fraction above; A&S 6.5.29, 6.5.31). */
export function gammaBelow(a: number, x: number): number {
  if (!(x > 0)) return 0;
  if (x === Infinity) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) return front * lowerSeries(a, x);
  return 1 - front * upperFraction(a, x);
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; term > sum * 1e-17 && k < 100_000; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k < 100_000; k++) {
    b += 2;
    const step = -k * (k - a);
    d = 1 / (step * d + b);
    c = b + step / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return fraction;
}

/** The x that a gamma variable of shape a lies below with this chance: Wilson-Hilferty start, then Newton's rule held between bounds. */
export function gammaQuantile(a: number, chance: number, normalZ: number): number {
  const cube = 1 - 1 / (9 * a) + normalZ / (3 * Math.sqrt(a));
  let x = cube > 0.1 ? a * cube ** 3 : Math.exp((Math.log(chance * a) + logGamma(a)) / a);
  let low = 0;
  let high = Infinity;
  for (let step = 0; step < 100; step++) {
    const miss = gammaBelow(a, x) - chance;
    if (miss > 0) high = x;
    else low = x;
    const slope = Math.exp((a - 1) * Math.log(x) - x - logGamma(a));
    let next = x - miss / slope;
    if (!(next > low && next < high)) next = high === Infinity ? 2 * x : (low + high) / 2;
    if (Math.abs(next - x) <= 1e-14 * x) return next;
    x = next;
  }
  return x;
}
