/** The thread's entry: one surface traced. */
import { type SurfaceContours, type SurfaceTask, traceSurface } from './surface.ts';

export default function runSurface(task: SurfaceTask): SurfaceContours {
  return traceSurface(task);
}
