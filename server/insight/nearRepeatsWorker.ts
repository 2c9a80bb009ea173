/** The thread's entry: Knox's test, made away from the thread that answers requests. */
import { decideNearRepeats, type NearRepeatBand, type NearRepeatTask } from './patterns.ts';

export default function runNearRepeats(task: NearRepeatTask): NearRepeatBand[] {
  return decideNearRepeats(task);
}
