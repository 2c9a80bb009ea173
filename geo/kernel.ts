/** A hill of mass 1 set on every incident; the quartic ends at its bandwidth, the Gaussian is cut at 8 standard deviations (10⁻¹⁴). */
export type KernelName = 'quartic' | 'gaussian';

/** Which kernel and how wide: h of the quartic, or the standard deviation of the Gaussian, in metres. */
export interface Kernel {
  name: KernelName;
  bandwidthMetres: number;
}

/** The Gaussian with the same variance as a quartic of bandwidth h: σ = h/√8. */
export function equalVarianceGaussian(quarticBandwidthMetres: number): Kernel {
  return { name: 'gaussian', bandwidthMetres: quarticBandwidthMetres / Math.sqrt(8) };
}

/** How far from an incident its hill reaches, in metres. */
export function kernelReach(kernel: Kernel): number {
  if (!(kernel.bandwidthMetres > 0 && kernel.bandwidthMetres < Infinity)) throw new RangeError(`A bandwidth of ${kernel.bandwidthMetres} m cannot be used: give a length above 0, usually 150 to 500 m.`);
  return kernel.name === 'quartic' ? kernel.bandwidthMetres : 8 * kernel.bandwidthMetres;
}

/** The hill's height per m² at a squared distance in m²: quartic 3/(πh²)·(1−d²/h²)² (Silverman 1986, 4.5), Gaussian exp(−d²/2σ²)/(2πσ²). */
export function kernelAt(kernel: Kernel, squaredMetres: number): number {
  const h2 = kernel.bandwidthMetres * kernel.bandwidthMetres;
  if (kernel.name === 'gaussian') return Math.exp(-squaredMetres / (2 * h2)) / (2 * Math.PI * h2);
  const left = 1 - squaredMetres / h2;
  return left > 0 ? (3 / (Math.PI * h2)) * left * left : 0;
}
