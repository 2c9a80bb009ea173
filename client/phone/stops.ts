/** Where the warden's own round goes next. Pure. */
import type { PackHotspot, PackStop, PhonePack } from '../../server/recording/contract.ts';

/** The next stops of the warden's own round first, in its order; then the rest by name. */
export function byRound(pack: Pick<PhonePack, 'hotspots' | 'stops'>, now: Date): PackHotspot[] {
  const next = (hotspot: PackHotspot): string => nextStop(pack, hotspot.id, now)?.arrivesAt ?? '9';
  return pack.hotspots.toSorted((a, b) => (next(a) < next(b) ? -1 : next(a) > next(b) ? 1 : 0));
}

/** The stop at a hotspot that is not over yet. */
export const nextStop = ({ stops }: Pick<PhonePack, 'stops'>, hotspotId: string, now: Date): PackStop | undefined => stops.find((stop) => stop.hotspotId === hotspotId && Date.parse(stop.leavesAt) > now.getTime());
