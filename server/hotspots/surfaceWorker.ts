/** The thread's entry: a study area made, or a surface traced on one. */
import { makeStudyArea, type StudyArea, type StudyAreaTask } from './studyArea.ts';
import { type SurfaceContours, type SurfaceTask, traceSurface } from './surface.ts';

export type SurfaceWork = { readonly area: StudyAreaTask } | { readonly trace: SurfaceTask };

export default function runSurface(work: SurfaceWork): StudyArea | SurfaceContours | undefined {
  return 'area' in work ? makeStudyArea(work.area) : traceSurface(work.trace);
}
