/** The thread's entry: a set tried away from the thread that answers requests. */
import { decideTrial, type TrialAnswer, type TrialTask } from './trial.ts';

export default function runTrial(task: TrialTask): TrialAnswer {
  return decideTrial(task);
}
